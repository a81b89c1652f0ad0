/** `Perfmon Agent`: what recording itself costs, and whether it kept up. */
import type { Counter, CounterObject } from "../counter/declaration.ts";
import { counterFields, gaugeFields } from "../counter/declaration.ts";
import { recordedObject, type RecordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { PID_STAT_COLUMNS, PidStat } from "../procfs/pid-stat.ts";
import { PID_STATUS_COLUMNS, PidStatus } from "../procfs/pid-status.ts";
import { ByteScanner } from "../util/byte-scanner.ts";
import { RereadFile } from "../util/reread-file.ts";
import type { AgentFacts, Collector, HostContext, OpenCollector } from "./collector.ts";

const MICROSECOND = 1e-6;
const PROC_STAT = "https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html";
const PROC_STATUS = "https://man7.org/linux/man-pages/man5/proc_pid_status.5.html";

type Rest = Omit<Counter, "resource" | "better" | "source"> &
  Partial<Pick<Counter, "better" | "source">>;

function agent(counter: Rest): Counter {
  return {
    resource: "agent",
    better: "lower",
    source: {
      file: "perfmon agent",
      field: [...counter.value, ...(counter.base ?? [])].join(", "),
    },
    ...counter,
  };
}

const COUNTERS: readonly Counter[] = [
  agent({
    name: "% Processor Time",
    help:
      "CPU time of the agent's whole process, 100 for one processor. It is what recording takes from " +
      "the job: at one sample a second a fraction of a percent. Where it is large, record fewer " +
      "objects or less often, and subtract it before you judge.",
    unit: "%",
    type: "percent-time",
    group: "process",
    value: ["utime_us", "stime_us"],
    scale: MICROSECOND,
    use: "utilization",
    source: { file: "/proc/self/stat, getrusage", field: "utime, stime", doc: PROC_STAT },
    equivalents: ["pidstat %CPU"],
  }),
  agent({
    name: "Working Set",
    help:
      "Memory of the agent in RAM. Most of it is the Node program itself, mapped from its file, which " +
      "the kernel can drop: Anonymous Bytes is what it truly takes.",
    unit: "bytes",
    type: "gauge",
    group: "memory",
    value: ["rss_bytes"],
    use: "information",
    defaultScale: -6,
    source: { file: "/proc/self/stat", field: "rss", doc: PROC_STAT },
    equivalents: ["top RES"],
  }),
  agent({
    name: "Anonymous Bytes",
    help: "Memory that the agent allocated and that cannot be dropped. It must not grow over time.",
    unit: "bytes",
    type: "gauge",
    group: "memory",
    value: ["anonymous_kib"],
    scale: 1024,
    use: "information",
    defaultScale: -6,
    source: { file: "/proc/self/status", field: "RssAnon", doc: PROC_STATUS },
  }),
  agent({
    name: "Collect Time per Sample",
    help:
      "Wall time to read one counter object (instances) or all of them (_Total) once. Long times on a " +
      "busy host mean that the agent waited for a processor, not that it worked.",
    unit: "seconds",
    type: "average",
    group: "collect",
    value: ["collect_us"],
    base: ["samples"],
    scale: MICROSECOND,
    use: "latency",
    defaultScale: 6,
  }),
  agent({
    name: "Collect Errors/sec",
    help:
      "How often per second an object could not be read. It has no values in those samples; the " +
      "others are not affected.",
    unit: "count/s",
    type: "rate",
    group: "collect",
    value: ["errors"],
    use: "errors",
  }),
  agent({
    name: "Late Samples",
    help:
      "Samples in the interval that were taken noticeably after their time. They carry their real " +
      "time, so their values are right; many of them mean a host starved of CPU.",
    unit: "count",
    type: "delta",
    group: "schedule",
    value: ["late_samples"],
    use: "saturation",
  }),
  agent({
    name: "Late Time",
    help:
      "Seconds by which the samples of the interval were late, added up. A host where even a sleeping " +
      "process with nothing to do wakes late is short of CPU, or its hypervisor is.",
    unit: "seconds",
    type: "delta",
    group: "schedule",
    value: ["late_us"],
    scale: MICROSECOND,
    use: "saturation",
  }),
  agent({
    name: "Dropped Samples",
    help:
      "Samples in the interval that were lost because the disk took the log too slowly for too long. " +
      "Each leaves a gap: no value is made up for it.",
    unit: "count",
    type: "delta",
    group: "schedule",
    value: ["dropped_samples"],
    use: "errors",
  }),
  agent({
    name: "Write Stall Time",
    help:
      "Seconds in the interval in which a write of the log had not come back though the next sample " +
      "was due. The log's disk cannot take a few hundred bytes a second: the disk may be the patient.",
    unit: "seconds",
    type: "delta",
    group: "schedule",
    value: ["write_stall_us"],
    scale: MICROSECOND,
    use: "saturation",
  }),
  agent({
    name: "Bytes Written/sec",
    help: "Bytes per second that the agent wrote to its log.",
    unit: "bytes/s",
    type: "rate",
    group: "schedule",
    value: ["written_bytes"],
    use: "throughput",
    better: "neutral",
  }),
];

const OBJECT: CounterObject = {
  name: "Perfmon Agent",
  help:
    "The recorder itself: its cost, and whether it kept up. The _Total instance is the agent as a " +
    "whole, the others are its collectors, one per counter object. Look here first when a " +
    "recording has gaps or a comparison hangs on small differences.",
  instances: { what: "the agent and one per collector", total: true },
  cadence: "every-sample",
  groups: [
    { id: "process", fields: counterFields(["utime_us", "stime_us"]) },
    { id: "memory", fields: gaugeFields(["rss_bytes", "anonymous_kib"]) },
    { id: "collect", fields: counterFields(["collect_us", "samples", "errors"]) },
    {
      id: "schedule",
      fields: counterFields([
        "late_samples",
        "late_us",
        "dropped_samples",
        "write_stall_us",
        "written_bytes",
      ]),
    },
  ],
  counters: COUNTERS,
};

const PROCESS = 0;
const MEMORY = 1;
const COLLECT = 2;
const SCHEDULE = 3;

/**
 * Its memory, and the times of its collectors, which are never twice the same and would take a tenth
 * of the log: read in the first two samples, so that a short recording has a value, then this often.
 */
const SELDOM_SECONDS = 10;

const UTIME = PID_STAT_COLUMNS.indexOf("utime");
const STIME = PID_STAT_COLUMNS.indexOf("stime");
const RSS = PID_STAT_COLUMNS.indexOf("rss");
const RSS_ANON = PID_STATUS_COLUMNS.indexOf("RssAnon");

export const perfmonAgent: Collector = {
  object: OBJECT,
  open(host) {
    const stat = RereadFile.openIfPresent(`${host.procRoot}/self/stat`, "whole");
    const status = RereadFile.openIfPresent(`${host.procRoot}/self/status`, "whole");
    if (stat && status) return new OpenPerfmonAgent(host, stat, status);
    stat?.close();
    status?.close();
    return undefined;
  },
};

class OpenPerfmonAgent implements OpenCollector {
  readonly object: RecordedObject;
  private readonly host: HostContext;
  private readonly statFile: RereadFile;
  private readonly statusFile: RereadFile;
  private readonly scanner = new ByteScanner();
  private readonly stat = new PidStat();
  private readonly status = new PidStatus();
  private processUnit: Unit | undefined;
  private memoryUnit: Unit | undefined;
  private scheduleUnit: Unit | undefined;
  private totalUnit: Unit | undefined;
  private readonly units = new Map<string, Unit>();
  private seldomReadings = 0;
  private seldomDueSeconds = 0;

  constructor(host: HostContext, statFile: RereadFile, statusFile: RereadFile) {
    this.host = host;
    this.statFile = statFile;
    this.statusFile = statusFile;
    this.object = recordedObject(
      OBJECT,
      (_, group) => group === "process" || group === "memory" || host.agent !== undefined,
    );
  }

  collect(row: SampleRow): void {
    const { agent: facts } = this.host;
    const seldom = this.seldomIsDue();
    if (seldom || !facts) this.readStat();
    this.collectProcess(row);
    if (seldom) this.collectMemory(row);
    if (!facts) return;
    this.collectSchedule(row, facts);
    if (seldom) this.collectCollectors(row, facts);
  }

  close(): void {
    this.statFile.close();
    this.statusFile.close();
  }

  private seldomIsDue(): boolean {
    const now = this.host.monotonicSeconds();
    if (this.seldomReadings >= 2 && now < this.seldomDueSeconds) return false;
    this.seldomReadings++;
    // A sample may come some milliseconds early.
    this.seldomDueSeconds = now + SELDOM_SECONDS - 0.005;
    return true;
  }

  private readStat(): void {
    this.statFile.scan(this.scanner);
    if (!this.stat.parse(this.scanner.bytes, this.scanner.end)) {
      throw new Error(`${this.statFile.path}: not a process`);
    }
  }

  private collectProcess(row: SampleRow): void {
    const { host, stat } = this;
    const unit = (this.processUnit ??= row.add(this.object, PROCESS, { name: "_Total" }));
    const { slot } = unit;
    if (host.agent) {
      // Within the agent there is something finer than the ticks of /proc.
      const used = process.cpuUsage();
      row.values[slot] = used.user;
      row.values[slot + 1] = used.system;
    } else {
      const tickUs = 1e6 / host.clockTicksPerSecond;
      row.values[slot] = Math.round(stat.values[UTIME]! * tickUs);
      row.values[slot + 1] = Math.round(stat.values[STIME]! * tickUs);
    }
    row.read(unit);
  }

  private collectMemory(row: SampleRow): void {
    const { scanner, status } = this;
    this.statusFile.scan(scanner);
    status.parse(scanner.bytes, scanner.end);
    const unit = (this.memoryUnit ??= row.add(this.object, MEMORY, { name: "_Total" }));
    const { slot } = unit;
    row.values[slot] = this.stat.values[RSS]! * this.host.pageSizeBytes;
    row.values[slot + 1] = status.values[RSS_ANON]!;
    row.read(unit);
  }

  private collectSchedule(row: SampleRow, facts: AgentFacts): void {
    const unit = (this.scheduleUnit ??= row.add(this.object, SCHEDULE, { name: "_Total" }));
    const { slot } = unit;
    row.values[slot] = facts.lateSamples;
    row.values[slot + 1] = Math.round(facts.lateUs);
    row.values[slot + 2] = facts.droppedSamples;
    row.values[slot + 3] = Math.round(facts.writeStallUs);
    row.values[slot + 4] = facts.writtenBytes;
    row.read(unit);
  }

  private collectCollectors(row: SampleRow, facts: AgentFacts): void {
    this.totalUnit ??= row.add(this.object, COLLECT, { name: "_Total" });
    let collectUs = 0;
    let errors = 0;
    for (const [name, collector] of facts.collectors) {
      let unit = this.units.get(name);
      if (!unit) {
        unit = row.add(this.object, COLLECT, { name });
        this.units.set(name, unit);
      }
      const us = Math.round(collector.collectUs);
      writeCollect(row, unit, us, collector.samples, collector.errors);
      collectUs += us;
      errors += collector.errors;
    }
    writeCollect(row, this.totalUnit, collectUs, facts.samples, errors);
  }
}

function writeCollect(
  row: SampleRow,
  unit: Unit,
  us: number,
  samples: number,
  errors: number,
): void {
  const { slot } = unit;
  row.values[slot] = us;
  row.values[slot + 1] = samples;
  row.values[slot + 2] = errors;
  row.read(unit);
}
