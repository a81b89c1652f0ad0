/** The part of `Processor` that tells how long tasks waited to run. */
import { type Counter, counterFields } from "../counter/declaration.ts";
import type { RecordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { SCHEDSTAT_WIDTH, Schedstat } from "../procfs/schedstat.ts";
import type { HostContext } from "./collector.ts";
import { CpuUnits } from "./cpu-units.ts";
import { type CounterParts, declareFor } from "./declare.ts";
import { ReadPace } from "./read-pace.ts";
import { RunningTotal, type TotalMember, totalMember } from "./running-total.ts";
import { type SharedSource, openShared } from "./shared-source.ts";

const declare = declareFor({
  file: "/proc/schedstat",
  doc: "https://docs.kernel.org/scheduler/sched-stats.html",
  resource: "cpu",
});

/** Of the file, then the time that passed: of one CPU, in the total of all. */
const FIELDS = counterFields(["run_ns", "run_delay_ns", "timeslices", "sched_elapsed_ns"]);

export const SCHEDSTAT_GROUP = { id: "schedstat", fields: FIELDS };

const saturation: CounterParts = {
  group: SCHEDSTAT_GROUP.id,
  use: "saturation",
  better: "lower",
};
const average: CounterParts = {
  ...saturation,
  type: "average",
  unit: "seconds",
  scale: 1e-9,
  base: ["timeslices"],
  defaultScale: 3,
};

export const SCHEDSTAT_COUNTERS: readonly Counter[] = [
  declare(
    "% Run Queue Wait Time",
    "run_delay_ns",
    "Time that runnable tasks waited for this CPU, all of them added up, against the time that passed: " +
      "the mean number of tasks that waited, in percent. 100 means one task waiting all the time. " +
      "_Total is the mean of the CPUs. Unlike the Processor Queue Length it misses nothing between " +
      "samples. Kernels with CONFIG_SCHEDSTATS.",
    {
      ...saturation,
      type: "percent-time",
      unit: "%",
      base: ["sched_elapsed_ns"],
      field: "cpu<N>, last number but one, nanoseconds",
    },
  ),
  declare(
    "Avg. Run Queue Wait sec",
    "run_delay_ns",
    "How long a task waited, each time that it was runnable, before it got the CPU. Some milliseconds " +
      "under load are the scheduler's share; tens of them add up to every request's latency.",
    { ...average, field: "last number but one by the last" },
  ),
  declare(
    "Avg. Timeslice sec",
    "run_ns",
    "How long a task stayed on the CPU each time. Very short ones at high load mean that tasks hand " +
      "work to each other or wait for locks.",
    {
      ...average,
      level: "advanced",
      use: "information",
      better: "neutral",
      field: "last number but two by the last",
    },
  ),
  declare("Timeslices/sec", "timeslices", "How often a task was put on the CPU.", {
    ...saturation,
    level: "advanced",
    use: "throughput",
    better: "neutral",
    defaultScale: -3,
    field: "cpu<N>, last number",
  }),
];

/** Some 40 CPUs: beyond, the file is read every 10 s or less often. */
const LONG_BYTES = 32 * 1024;

export class ProcessorSchedstat {
  private readonly object: RecordedObject;
  private readonly group: number;
  private readonly host: HostContext;
  private readonly source: SharedSource<Schedstat>;
  private readonly pace: ReadPace;
  private readonly units: CpuUnits;
  private readonly members = new Map<number, TotalMember>();
  private readonly total = new RunningTotal(FIELDS);
  private readonly reading = new Float64Array(FIELDS.length);
  private readonly startedSeconds: number;
  private totalUnit: Unit | undefined;

  /** @param source see `openSchedstat` */
  constructor(host: HostContext, object: RecordedObject, source: SharedSource<Schedstat>) {
    this.host = host;
    this.object = object;
    this.group = object.groups.findIndex(({ id }) => id === SCHEDSTAT_GROUP.id);
    this.source = source;
    this.pace = new ReadPace(host, 0, LONG_BYTES);
    this.units = new CpuUnits(object, this.group);
    this.startedSeconds = host.monotonicSeconds();
  }

  collect(row: SampleRow): void {
    if (!this.pace.isDue) return;
    const { reading, total } = this;
    reading[SCHEDSTAT_WIDTH] = Math.round(
      (this.host.monotonicSeconds() - this.startedSeconds) * 1e9,
    );
    const { count, cpus, values, sizeBytes } = this.source.refresh(row);
    this.pace.hasRead(sizeBytes);
    total.begin();
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < SCHEDSTAT_WIDTH; k++) reading[k] = values[i * SCHEDSTAT_WIDTH + k]!;
      const unit = this.units.unit(row, cpus[i]!);
      row.values.set(reading, unit.slot);
      row.read(unit);
      total.add(this.member(cpus[i]!), reading);
    }
    total.end();
    this.units.keep(row, count);
    // One that is back later has a past that must not count, nor the time without it.
    if (this.members.size > count) {
      for (const cpu of this.members.keys()) {
        if (cpus.indexOf(cpu) < 0 || cpus.indexOf(cpu) >= count) this.members.delete(cpu);
      }
    }
    const unit = (this.totalUnit ??= row.add(this.object, this.group, { name: "_Total" }));
    row.values.set(total.values, unit.slot);
    row.read(unit);
  }

  close(): void {
    this.source.release();
  }

  private member(cpu: number): TotalMember {
    let member = this.members.get(cpu);
    if (!member) this.members.set(cpu, (member = totalMember(FIELDS.length)));
    return member;
  }
}

/** @returns `undefined` on kernels without CONFIG_SCHEDSTATS */
export function openSchedstat(host: HostContext): SharedSource<Schedstat> | undefined {
  const source = openShared(host, "schedstat", "pieces", () => new Schedstat());
  if (!source || source.parser.count > 0) return source;
  source.release();
  return undefined;
}
