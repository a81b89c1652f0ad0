/** The lines of a file that a collector shows, with their units in the row. */
import type { RecordedObject } from "../counter/recorded.ts";
import type { InstanceIdentity, SampleRow, Unit } from "../counter/sample-row.ts";

/** A device or interface as its file's parser keeps it: the same object for as long as it is there. */
export interface Line {
  readonly name: string;
  readonly reading: Float64Array;
}

export class ShownLines<L extends Line> {
  private readonly object: RecordedObject;
  private readonly units = new Map<L, Unit>();

  /** @param object its only group has the first fields of a line's reading */
  constructor(object: RecordedObject) {
    this.object = object;
  }

  /** Adds units for lines that are new and removes those of lines that are not shown any more. */
  show(row: SampleRow, lines: readonly L[], identity: (line: L) => InstanceIdentity): void {
    const wanted = new Set(lines);
    for (const [line, unit] of this.units) {
      if (wanted.has(line)) continue;
      row.remove(unit);
      this.units.delete(line);
    }
    for (const line of lines) {
      if (!this.units.has(line)) this.units.set(line, row.add(this.object, 0, identity(line)));
    }
  }

  write(row: SampleRow): void {
    for (const [line, unit] of this.units) writeUnit(row, unit, line.reading);
  }
}

/** Writes the first values into a unit and marks it as read. */
export function writeUnit(row: SampleRow, unit: Unit, values: Float64Array): void {
  const { slot, width } = unit;
  for (let i = 0; i < width; i++) row.values[slot + i] = values[i]!;
  row.read(unit);
}
