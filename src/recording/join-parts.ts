/** Joins what blocks hold of a unit into the columns of a chunk. */
import type { RecordedObject } from "../counter/recorded.ts";
import type { InstanceIdentity } from "../counter/sample-row.ts";
import type { LogUnit } from "../log/block.ts";
import type { UnitColumns } from "./chunk.ts";

export interface LastReading {
  readonly monotonicMs: number;
  readonly timeMs: number;
  readonly epoch: number;
  readonly values: Float64Array;
}

export interface UnitParts {
  readonly object: RecordedObject;
  readonly group: number;
  readonly instance: InstanceIdentity;
  readonly parts: { readonly unit: LogUnit; readonly firstSample: number }[];
  readings: number;
}

/** Room for the columns of one unit after the other. */
export class UnitRoom {
  private at = new Uint32Array(0);
  private numbers = new Float64Array(0);

  take(rows: number, width: number): { at: Uint32Array; columns: Float64Array[] } {
    if (rows > this.at.length) this.at = new Uint32Array(rows);
    if (rows * width > this.numbers.length) this.numbers = new Float64Array(rows * width);
    const columns = Array.from({ length: width }, (_, i) =>
      this.numbers.subarray(i * rows, (i + 1) * rows),
    );
    return { at: this.at.subarray(0, rows), columns };
  }
}

/** Joins the parts of a unit, with its last reading before them if there was one. */
export function joinParts(
  { object, group, instance, parts, readings }: UnitParts,
  last: LastReading | undefined,
  lastPosition: number,
  carried: number,
  room: UnitRoom,
): UnitColumns {
  const lead = last ? 1 : 0;
  const width = object.groups[group]?.fields.length ?? 0;
  const { at, columns } = room.take(readings + lead, width);
  if (last) {
    at[0] = lastPosition;
    for (let field = 0; field < width; field++) columns[field]![0] = last.values[field]!;
  }
  let next = lead;
  for (const { unit, firstSample } of parts) {
    const shift = carried + firstSample;
    for (let i = 0; i < unit.at.length; i++) at[next + i] = unit.at[i]! + shift;
    for (let field = 0; field < width; field++) columns[field]!.set(unit.columns[field]!, next);
    next += unit.at.length;
  }
  return { object, group, instance, at, columns };
}
