/** The two objects that processes are recorded as, cut down to what this kernel has. */
import type { CounterObject } from "../counter/declaration.ts";
import { recordedObject, type RecordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { PID_IO_COLUMNS } from "../procfs/pid-io.ts";
import { PID_STAT_COLUMNS } from "../procfs/pid-stat.ts";
import { PID_STATUS_COLUMNS } from "../procfs/pid-status.ts";
import type { HostContext } from "./collector.ts";
import { ENDED_CHILDREN, GROUP, kernelThreadObject, processObject } from "./process-counters.ts";
import { probeProcessFields, readMemoryBytes } from "./process-probe.ts";

/** What the parsers give, by field group. */
const PARSED: readonly (readonly string[] | undefined)[] = [
  PID_STAT_COLUMNS,
  PID_STATUS_COLUMNS,
  PID_IO_COLUMNS,
];

export class ProcessKind {
  readonly object: RecordedObject;
  /** Positions in the parsers' values of the fields that are recorded; -1 for those made here. */
  private readonly positions: readonly Int32Array[];

  constructor(declared: CounterObject, has: (field: string) => boolean, hasMemory: boolean) {
    const recorded = recordedObject(declared, has);
    this.object = {
      ...recorded,
      counters: recorded.counters.filter(({ name }) => hasMemory || name !== "% Memory"),
    };
    this.positions = this.object.groups.map(({ fields }, g) =>
      Int32Array.from(fields, ({ id }, i) => PARSED[g]?.indexOf(id) ?? i),
    );
  }

  width(group: number): number {
    return this.positions[group]!.length;
  }

  /** The unit of a further group of a process. */
  unit(row: SampleRow, units: (Unit | undefined)[], group: number): Unit {
    return (units[group] ??= row.add(this.object, group, units[GROUP.stat]!.instance));
  }

  /** @param values as the group's parser gives them */
  write(row: SampleRow, unit: Unit, values: Float64Array): void {
    const positions = this.positions[unit.group]!;
    const { slot } = unit;
    for (let i = 0; i < positions.length; i++) {
      const position = positions[i]!;
      if (position >= 0) row.values[slot + i] = values[position]!;
    }
    row.read(unit);
  }
}

/** Which of the two are wanted; a kind that is not is not read. */
export class ProcessObjects {
  user: ProcessKind | undefined;
  kernel: ProcessKind | undefined;
  private readonly make: (declared: CounterObject) => ProcessKind;
  private readonly units: Parameters<typeof processObject>[0];

  constructor(host: HostContext) {
    const present = probeProcessFields(host.procRoot, host.options.pss === true);
    const memoryBytes = readMemoryBytes(host.procRoot);
    this.units = { ...host, memoryBytes };
    const has = (field: string): boolean => present.has(field) || field === ENDED_CHILDREN;
    this.make = (declared) => new ProcessKind(declared, has, memoryBytes > 0);
  }

  want(kind: "user" | "kernel"): RecordedObject {
    if (kind === "user") return (this.user ??= this.make(processObject(this.units))).object;
    return (this.kernel ??= this.make(kernelThreadObject(this.units))).object;
  }

  of(kernelThread: boolean): ProcessKind | undefined {
    return kernelThread ? this.kernel : this.user;
  }
}
