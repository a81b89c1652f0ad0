/** The part of `Processor` that counts deferred interrupts per CPU. */
import type { RecordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { softirqsTable } from "../procfs/softirqs.ts";
import { SOFTIRQS } from "../procfs/stat.ts";
import type { NumberTable } from "../util/number-table.ts";
import type { HostContext } from "./collector.ts";
import { type SharedSource, openShared } from "./shared-source.ts";

/** Position of the field group in the object. */
const GROUP = 1;

export class ProcessorSoftirqs {
  private readonly object: RecordedObject;
  private readonly source: SharedSource<NumberTable>;
  /** For these CPUs and names `units` and `positions` were made. */
  private cpus: readonly number[] = [];
  private names: NumberTable["names"] = [];
  private units: Unit[] = [];
  /** Per unit and kind the number's position in the table; -1 where this kernel has none. */
  private positions = new Int32Array(0);

  private constructor(object: RecordedObject, source: SharedSource<NumberTable>) {
    this.object = object;
    this.source = source;
  }

  static open(host: HostContext, object: RecordedObject): ProcessorSoftirqs | undefined {
    const source = openShared(host, "softirqs", "whole", softirqsTable);
    return source && new ProcessorSoftirqs(object, source);
  }

  /** @param cpus online CPUs; another array whenever they have changed */
  collect(row: SampleRow, cpus: readonly number[]): void {
    const table = this.source.refresh(row);
    if (table.names.length === 0)
      throw new Error(`${this.source.path}: there are no numbers in it`);
    if (cpus !== this.cpus || table.names !== this.names) this.adopt(row, cpus, table.names);
    const { positions, units } = this;
    const { values } = row;
    let k = 0;
    for (let u = 0; u < units.length; u++) {
      const unit = units[u]!;
      for (let kind = 0; kind < SOFTIRQS.length; kind++) {
        const position = positions[k++]!;
        values[unit.slot + kind] = position < 0 ? 0 : table.values[position]!;
      }
      row.read(unit);
    }
  }

  close(): void {
    this.source.release();
  }

  private adopt(row: SampleRow, cpus: readonly number[], names: NumberTable["names"]): void {
    const known = new Map(this.units.map((unit) => [unit.instance.name, unit]));
    this.units = cpus.map((cpu) => {
      const name = String(cpu);
      const unit = known.get(name) ?? row.add(this.object, GROUP, { name });
      known.delete(name);
      return unit;
    });
    for (const unit of known.values()) row.remove(unit);
    const positionOf = new Map(names.map((name, i) => [name, i]));
    this.positions = Int32Array.from(
      cpus.flatMap((cpu) => SOFTIRQS.map((kind) => positionOf.get(`${kind}.${cpu}`) ?? -1)),
    );
    this.cpus = cpus;
    this.names = names;
  }
}
