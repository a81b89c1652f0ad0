/** Units of one field group, an instance per CPU; CPUs come and go. */
import type { RecordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";

export class CpuUnits {
  private readonly units = new Map<number, Unit>();
  private readonly object: RecordedObject;
  private readonly group: number;

  constructor(object: RecordedObject, group: number) {
    this.object = object;
    this.group = group;
  }

  unit(row: SampleRow, cpu: number): Unit {
    let unit = this.units.get(cpu);
    if (!unit) {
      unit = row.add(this.object, this.group, { name: String(cpu) });
      this.units.set(cpu, unit);
    }
    return unit;
  }

  /** @param count how many were read in this sample; the others have gone */
  keep(row: SampleRow, count: number): void {
    if (this.units.size === count) return;
    for (const [cpu, unit] of this.units) {
      if (row.isRead(unit)) continue;
      row.remove(unit);
      this.units.delete(cpu);
    }
  }
}
