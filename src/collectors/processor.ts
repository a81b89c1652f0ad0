import { type CounterObject, counterFields } from "../counter/declaration.ts";
import { type RecordedObject, recordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { CPU_TIMES, SOFTIRQS, Stat } from "../procfs/stat.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { type Declare, declareFor } from "./declare.ts";
import {
  ProcessorSchedstat,
  SCHEDSTAT_COUNTERS,
  SCHEDSTAT_GROUP,
  openSchedstat,
} from "./processor-schedstat.ts";
import { ProcessorSoftirqs } from "./processor-softirqs.ts";
import { type SharedSource, openShared } from "./shared-source.ts";
import { softirqCounters } from "./softirq-counters.ts";

/** Guest time is not listed: the kernel counts it in user and nice time already. */
const ALL_TIMES = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"] as const;
const MAY_DECREASE: ReadonlySet<string> = new Set(["idle", "iowait", "steal"]);

/** `elapsed` is kept in thousandths of a tick, so that it is a whole number. */
const ELAPSED_PER_TICK = 1000;

const declare = declareFor({
  file: "/proc/stat",
  doc: "https://docs.kernel.org/filesystems/proc.html#miscellaneous-kernel-statistics-in-proc-stat",
  resource: "cpu",
});

/** A share of all CPU time of the interval. */
const share: Declare = (name, value, help, parts) =>
  declare(name, value, help, {
    type: "percent-time",
    unit: "%",
    base: ALL_TIMES,
    use: "utilization",
    better: "lower",
    ...parts,
  });

const softirqs: Declare = (name, value, help, parts) =>
  declare(name, value, help, {
    group: "softirqs",
    file: "/proc/softirqs",
    level: "advanced",
    defaultScale: -3,
    ...parts,
  });

const object: CounterObject = {
  name: "Processor",
  help:
    "Where CPU time goes, per logical CPU and for all of them together. The shares of an interval " +
    "sum to 100 %. _Total is the mean of the CPUs: one busy CPU of 16 shows as 6 % there, so look " +
    "at the single CPUs before you call a host idle.",
  instances: { what: "one per online logical CPU", total: true },
  cadence: "every-sample",
  groups: [
    {
      id: "times",
      fields: [
        ...CPU_TIMES.map((id) =>
          MAY_DECREASE.has(id)
            ? ({ id, kind: "counter", mayDecrease: true } as const)
            : ({ id, kind: "counter" } as const),
        ),
        ...counterFields(["elapsed"]),
      ],
    },
    // Of single CPUs only, in the order of SOFTIRQS; their sums are in the object System.
    { id: "softirqs", fields: SOFTIRQS.map((kind) => ({ id: kind, kind: "counter", bits: 32 })) },
    SCHEDSTAT_GROUP,
  ],
  counters: [
    share(
      "% Processor Time",
      ["user", "nice", "system", "irq", "softirq"],
      "Share of time in which the CPU worked: everything but idle, I/O wait and stolen time. High " +
        "alone is not a fault; together with a Processor Queue Length above the number of CPUs or " +
        "with CPU pressure it means that work waits for CPU.",
      { equivalents: ["100 - mpstat %idle - %iowait - %steal", "top 100 - id - wa - st"] },
    ),
    share(
      "% User Time",
      ["user", "-guest"],
      "Share of time in programs' own code at normal priority. Time in which the CPU ran virtual " +
        "machines is not in it (see % Guest Time), as in mpstat.",
      { equivalents: ["mpstat %usr", "sar -u ALL %usr", "top us", "vmstat us"] },
    ),
    share(
      "% Nice Time",
      ["nice", "-guest_nice"],
      "Share of time in programs that lowered their priority (nice above 0): background work that " +
        "gives way to everything else.",
      { equivalents: ["mpstat %nice", "top ni"] },
    ),
    share(
      "% Privileged Time",
      ["system"],
      "Share of time in the kernel on behalf of programs: system calls, page faults, copying of " +
        "data. Interrupts are apart. A high share beside little user time points at very many small " +
        "I/Os, memory reclaim or lock contention in the kernel.",
      { equivalents: ["mpstat %sys", "sar -u ALL %sys", "top sy"] },
    ),
    share(
      "% Idle Time",
      ["idle"],
      "Share of time in which the CPU had nothing to run and no disk I/O was awaited on it. An idle " +
        "CPU does not mean a fast host: programs that wait for the network, a lock or a throttled " +
        "volume leave it idle too.",
      { better: "higher", equivalents: ["mpstat %idle", "top id", "vmstat id"] },
    ),
    share(
      "% IO Wait Time",
      ["iowait"],
      "Share of idle time in which at least one task that last ran on this CPU waited for disk I/O. " +
        "It is idle time: other work could have used it, and as soon as such work comes the share " +
        "falls though the disk is as slow as before. So high means disk-bound, but low does not " +
        "mean that nobody waits; pressure (io) tells better.",
      {
        use: "saturation",
        resource: "disk",
        equivalents: ["mpstat %iowait", "top wa", "vmstat wa"],
      },
    ),
    share(
      "% Interrupt Time",
      ["irq"],
      "Share of time in handlers of hardware interrupts. Many kernels do not account for it apart; " +
        "it is 0 there.",
      { equivalents: ["mpstat %irq", "top hi"] },
    ),
    share(
      "% Softirq Time",
      ["softirq"],
      "Share of time in deferred interrupt work, most of it network packets, block I/O completions " +
        "and timers. One CPU near 100 % while the others are idle: all packets arrive on one queue.",
      { equivalents: ["mpstat %soft", "top si"] },
    ),
    share(
      "% Steal Time",
      ["steal"],
      "Share of time in which this virtual CPU had work but the hypervisor ran somebody else. More " +
        "than a few percent means that the physical host is overcommitted or an instance's CPU " +
        "credit is used up. Not every hypervisor reports it: see % Accounted Time.",
      {
        use: "saturation",
        resource: "virtualization",
        equivalents: ["mpstat %steal", "top st", "vmstat st"],
      },
    ),
    share(
      "% Guest Time",
      ["guest"],
      "Share of time in which the CPU ran virtual machines of this host at normal priority. The " +
        "kernel counts it in its user time too; here and in mpstat it is taken out of that.",
      { equivalents: ["mpstat %guest"] },
    ),
    share(
      "% Guest Nice Time",
      ["guest_nice"],
      "Share of time in which the CPU ran virtual machines at lowered priority.",
      { level: "advanced", equivalents: ["mpstat %gnice"] },
    ),
    share(
      "% Accounted Time",
      ALL_TIMES,
      "Share of the time that passed for which the kernel can say what the CPU did. It is about 100 " +
        "(one tick more or less per interval is rounding). Clearly less, over many intervals, means " +
        "that the hypervisor did not run this machine at all and did not say so in % Steal Time: a " +
        "starved guest.",
      {
        base: ["elapsed"],
        scale: ELAPSED_PER_TICK,
        better: "higher",
        use: "saturation",
        resource: "virtualization",
        field: "sum of all times but guest and guest_nice, against the monotonic clock",
      },
    ),
    softirqs(
      "Softirqs/sec",
      SOFTIRQS,
      "Pieces of deferred interrupt work that this CPU did, of all kinds. Single CPUs only; the " +
        "object System has the sum.",
      { equivalents: ["mpstat -I SCPU"] },
    ),
    softirqs(
      "Network Receive Softirqs/sec",
      ["net_rx"],
      "Rounds of processing received packets on this CPU. One CPU far above the others: all packets " +
        "arrive on one queue.",
      { resource: "network", equivalents: ["mpstat -I SCPU NET_RX/s"] },
    ),
    softirqs("Block Softirqs/sec", ["block"], "Rounds of completing disk requests on this CPU.", {
      resource: "disk",
      equivalents: ["mpstat -I SCPU BLOCK/s"],
    }),
    ...softirqCounters(softirqs, (kind) => kind),
    ...SCHEDSTAT_COUNTERS,
  ],
};

const WIDTH = CPU_TIMES.length;

class OpenProcessor implements OpenCollector {
  readonly object: RecordedObject;
  private readonly host: HostContext;
  private readonly source: SharedSource<Stat>;
  private readonly softirqs: ProcessorSoftirqs | undefined;
  private readonly schedstat: ProcessorSchedstat | undefined;
  private readonly startedSeconds: number;
  private total: Unit | undefined;
  /** Per CPU in the file's order: its number, its unit, its ticks of the sample before. */
  private cpus: number[] = [];
  private units: Unit[] = [];
  private before = new Float64Array(0);
  /** Sums over CPUs; a CPU that comes or goes leaves no step in them. */
  private readonly sums = new Float64Array(WIDTH);
  private elapsedOfAll = 0;
  private elapsedBefore = 0;

  constructor(host: HostContext, source: SharedSource<Stat>) {
    this.host = host;
    this.source = source;
    const schedstat = openSchedstat(host);
    this.object = recordedObject(
      object,
      (_, group) => group !== SCHEDSTAT_GROUP.id || schedstat !== undefined,
    );
    this.schedstat = schedstat && new ProcessorSchedstat(host, this.object, schedstat);
    this.softirqs = ProcessorSoftirqs.open(host, this.object);
    this.startedSeconds = host.monotonicSeconds();
  }

  collect(row: SampleRow): void {
    const seconds = this.host.monotonicSeconds() - this.startedSeconds;
    const elapsed = Math.round(seconds * this.host.clockTicksPerSecond * ELAPSED_PER_TICK);
    const stat = this.source.refresh(row);
    if (!this.isSameCpus(stat)) this.adopt(stat, row);
    const total = this.total!;
    const { values } = row;
    const { before, sums, units } = this;
    const { ticks, cpuCount } = stat;
    this.elapsedOfAll += (elapsed - this.elapsedBefore) * cpuCount;
    this.elapsedBefore = elapsed;
    for (let cpu = 0; cpu < cpuCount; cpu++) {
      const unit = units[cpu]!;
      const first = cpu * WIDTH;
      for (let i = 0; i < WIDTH; i++) {
        const now = ticks[first + i]!;
        // A step back (idle, iowait, steal do that) counts as nothing, as in sysstat.
        if (now > before[first + i]!) sums[i] = sums[i]! + now - before[first + i]!;
        before[first + i] = now;
        values[unit.slot + i] = now;
      }
      values[unit.slot + WIDTH] = elapsed;
      row.read(unit);
    }
    for (let i = 0; i < WIDTH; i++) values[total.slot + i] = sums[i]!;
    values[total.slot + WIDTH] = this.elapsedOfAll;
    row.read(total);
    this.softirqs?.collect(row, this.cpus);
    this.schedstat?.collect(row);
  }

  close(): void {
    this.source.release();
    this.softirqs?.close();
    this.schedstat?.close();
  }

  private isSameCpus(stat: Stat): boolean {
    if (stat.cpuCount !== this.cpus.length || !this.total) return false;
    for (let i = 0; i < stat.cpuCount; i++) if (stat.cpus[i] !== this.cpus[i]) return false;
    return true;
  }

  /** CPUs came or went: keeps the units of those that stayed. */
  private adopt(stat: Stat, row: SampleRow): void {
    const before = new Float64Array(stat.cpuCount * WIDTH);
    const cpus = Array.from(stat.cpus.subarray(0, stat.cpuCount));
    const units: Unit[] = [];
    for (let i = 0; i < cpus.length; i++) {
      const known = this.cpus.indexOf(cpus[i]!);
      const ticks = stat.ticks.subarray(i * WIDTH, (i + 1) * WIDTH);
      // A CPU that was not there before has no past: nothing of it goes into the sums yet.
      before.set(
        known < 0 ? ticks : this.before.subarray(known * WIDTH, (known + 1) * WIDTH),
        i * WIDTH,
      );
      units.push(this.units[known] ?? row.add(this.object, 0, { name: String(cpus[i]) }));
    }
    for (const unit of this.units) if (!units.includes(unit)) row.remove(unit);
    if (!this.total) {
      this.total = row.add(this.object, 0, { name: "_Total" });
      for (let i = 0; i < before.length; i++)
        this.sums[i % WIDTH] = this.sums[i % WIDTH]! + before[i]!;
    }
    this.cpus = cpus;
    this.units = units;
    this.before = before;
  }
}

/** CPU time by kind, deferred interrupts, waiting to run: /proc/stat, softirqs, schedstat. */
export const processor: Collector = {
  object,
  open(host) {
    const source = openShared(host, "stat", "whole", () => new Stat());
    return source && new OpenProcessor(host, source);
  },
};
