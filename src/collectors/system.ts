import { closeSync, fstatSync, openSync, readdirSync, readlinkSync } from "../util/host-files.ts";
import { join } from "node:path";
import { type CounterObject, counterFields, gaugeFields } from "../counter/declaration.ts";
import { type RecordedObject, recordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { LoadAvg } from "../procfs/loadavg.ts";
import { SOFTIRQS, Stat } from "../procfs/stat.ts";
import { hundredths } from "../procfs/uptime.ts";
import { ByteScanner } from "../util/byte-scanner.ts";
import { RereadFile } from "../util/reread-file.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { COUNT_GAUGE, type CounterParts, type Declare, declareFor } from "./declare.ts";
import { type SharedSource, openShared } from "./shared-source.ts";
import { softirqCounters } from "./softirq-counters.ts";

const declare = declareFor({
  file: "/proc/stat",
  doc: "https://docs.kernel.org/filesystems/proc.html#miscellaneous-kernel-statistics-in-proc-stat",
  resource: "cpu",
});

const softirqs: Declare = (name, value, help, parts) =>
  declare(name, value, help, { level: "advanced", defaultScale: -3, ...parts });

const SOFTIRQ_FIELDS = ["softirqs", ...SOFTIRQS.map((kind) => `softirq_${kind}`)];

const loadAverage: CounterParts = {
  type: "gauge",
  unit: "none",
  scale: 0.01,
  use: "saturation",
  better: "lower",
  file: "/proc/loadavg",
};

const object: CounterObject = {
  name: "System",
  help:
    "The host as a whole: how many tasks want CPU or wait for disk, how often the kernel switches " +
    "and is interrupted, how long it has been up.",
  instances: "none",
  cadence: "every-sample",
  groups: [
    {
      id: "system",
      fields: [
        ...gaugeFields(["procs_running", "procs_blocked", "cpus"]),
        ...counterFields(["ctxt", "intr", "processes", ...SOFTIRQ_FIELDS]),
        ...gaugeFields([
          "load1",
          "load5",
          "load15",
          "runnable",
          "threads",
          "uptime",
          "idle",
          "tasks",
        ]),
        // Made of two files that are not read at the same instant.
        { id: "ended_tasks", kind: "counter", mayDecrease: true },
      ],
    },
  ],
  counters: [
    declare(
      "Processor Queue Length",
      "procs_running",
      "Tasks that run or could run at this instant, the reader itself included. Unlike Windows, " +
        "Linux counts those on a CPU too: saturated is what stays above the number of CPUs. It is a " +
        "snapshot, so judge many samples, not one.",
      {
        ...COUNT_GAUGE,
        use: "saturation",
        better: "lower",
        defaultScale: 1,
        equivalents: ["vmstat r"],
      },
    ),
    declare(
      "Processes Blocked",
      "procs_blocked",
      "Tasks that wait for disk I/O at this instant (state D, uninterruptible). Network waits are " +
        "not in it, nor is waiting for NFS in all cases.",
      {
        ...COUNT_GAUGE,
        resource: "disk",
        use: "saturation",
        better: "lower",
        defaultScale: 1,
        equivalents: ["vmstat b", "sar -q blocked"],
      },
    ),
    declare(
      "Load Average 1 min",
      "load1",
      "Tasks that run, want to run, or sit in uninterruptible sleep (state D: disk, NFS), smoothed " +
        "over about a minute. On Linux a high load with idle CPUs therefore means waiting for disk. " +
        "Compare it with the number of CPUs.",
      {
        ...loadAverage,
        field: "first number",
        equivalents: ["uptime", "top load average", "sar -q ldavg-1"],
      },
    ),
    declare(
      "Load Average 5 min",
      "load5",
      "As the load average of 1 minute, smoothed over about 5 minutes; against that one it shows " +
        "whether load rises or falls.",
      { ...loadAverage, field: "second number", equivalents: ["uptime", "sar -q ldavg-5"] },
    ),
    declare(
      "Load Average 15 min",
      "load15",
      "As the load average of 1 minute, smoothed over about 15 minutes.",
      { ...loadAverage, field: "third number", equivalents: ["uptime", "sar -q ldavg-15"] },
    ),
    declare(
      "Context Switches/sec",
      "ctxt",
      "How often CPUs switched from one task to another. There is no absolute limit; many times more " +
        "than usual at the same work means contention for locks, or many tiny I/Os.",
      { better: "lower", defaultScale: -3, equivalents: ["vmstat cs", "sar -w cswch/s"] },
    ),
    declare(
      "Interrupts/sec",
      "intr",
      "Hardware interrupts served, timers included. Rises with network packets and disk requests.",
      { defaultScale: -3, equivalents: ["vmstat in", "sar -I SUM"] },
    ),
    declare(
      "Soft Interrupts/sec",
      "softirqs",
      "Pieces of deferred interrupt work that were run, of all kinds.",
      {
        level: "advanced",
        defaultScale: -3,
        field: "softirq, first number",
        equivalents: ["mpstat -I SCPU"],
      },
    ),
    declare(
      "Network Receive Softirqs/sec",
      "softirq_net_rx",
      "Rounds of processing received packets. Far fewer rounds than packets is good: packets are " +
        "taken in batches.",
      { level: "advanced", resource: "network", field: "softirq, 5th number", defaultScale: -3 },
    ),
    declare("Block Softirqs/sec", "softirq_block", "Rounds of completing disk requests.", {
      level: "advanced",
      resource: "disk",
      field: "softirq, 6th number",
      defaultScale: -3,
    }),
    ...softirqCounters(softirqs, (kind) => `softirq_${kind}`),
    declare(
      "Process Creations/sec",
      "processes",
      "Processes and threads started (fork, clone). Thousands per second cost real CPU time: shell " +
        "scripts in loops, or a server that starts a process per request.",
      { better: "lower", equivalents: ["sar -w proc/s", "vmstat -f"] },
    ),
    declare(
      "Process Ends/sec",
      "ended_tasks",
      "Processes and threads that ended, those included that began and ended between two samples. As " +
        "many as Process Creations/sec where programs come and go; Process\\Processes Ended/sec counts " +
        "those that had an instance.",
      {
        level: "advanced",
        file: "/proc/stat, /proc/loadavg",
        field: "processes of stat, less the tasks that exist of loadavg",
      },
    ),
    declare(
      "System Up Time",
      "uptime",
      "Seconds since the kernel booted. Hosts of one cluster with very different values were not " +
        "set up or patched together.",
      {
        type: "gauge",
        unit: "seconds",
        scale: 0.01,
        resource: "system",
        use: "information",
        defaultScale: -5,
        file: "/proc/uptime",
        field: "first number",
        equivalents: ["uptime", "top up"],
      },
    ),
    declare(
      "Processes",
      "tasks",
      "Processes that exist, zombies and kernel threads included. Growth without end is a leak.",
      {
        ...COUNT_GAUGE,
        resource: "system",
        use: "information",
        file: "/proc",
        field: "numeric entries",
        equivalents: ["top Tasks total", "ps -e | wc -l"],
      },
    ),
    declare(
      "Threads",
      "threads",
      "Threads that exist (the kernel's scheduling entities). Each costs memory for its stack; a " +
        "count that climbs under constant load is a leak.",
      {
        ...COUNT_GAUGE,
        resource: "system",
        use: "information",
        file: "/proc/loadavg",
        field: "4th, after the slash",
        equivalents: ["sar -q plist-sz"],
      },
    ),
    declare(
      "Threads Runnable",
      "runnable",
      "Threads that are runnable now, from another file than Processor Queue Length and read at " +
        "another instant.",
      {
        ...COUNT_GAUGE,
        level: "advanced",
        use: "saturation",
        better: "lower",
        file: "/proc/loadavg",
        field: "4th, before the slash",
        equivalents: ["sar -q runq-sz + 1"],
      },
    ),
    declare(
      "Processors Online",
      "cpus",
      "Logical CPUs that are online. Capacity: what Processor Queue Length is measured against. A " +
        "change while running is hotplug or a resized virtual machine.",
      {
        ...COUNT_GAUGE,
        use: "capacity",
        better: "higher",
        field: "number of cpuN lines",
        equivalents: ["nproc --all", "mpstat (CPUs)"],
      },
    ),
  ],
};

class OpenSystem implements OpenCollector {
  readonly object: RecordedObject;
  private readonly stat: SharedSource<Stat>;
  private readonly loadFile: RereadFile;
  private readonly uptimeFile: RereadFile;
  private readonly load = new LoadAvg();
  private readonly scanner = new ByteScanner();
  /** Absent where no process is to be seen: text that was recorded without them. */
  private readonly processes: ProcessCount | undefined;
  private unit: Unit | undefined;

  constructor(host: HostContext, stat: SharedSource<Stat>) {
    this.stat = stat;
    this.loadFile = new RereadFile(join(host.procRoot, "loadavg"), "whole");
    this.uptimeFile = new RereadFile(join(host.procRoot, "uptime"), "whole");
    const processes = new ProcessCount(host.procRoot);
    if (processes.read() > 0) this.processes = processes;
    else processes.close();
    this.object = recordedObject(object, (id) => id !== "tasks" || this.processes !== undefined);
  }

  collect(row: SampleRow): void {
    const stat = this.stat.refresh(row);
    const { load, scanner } = this;
    load.read(scanFilled(this.loadFile, scanner));
    const uptime = hundredths(scanFilled(this.uptimeFile, scanner));
    const idle = hundredths(scanner);
    const unit = (this.unit ??= row.add(this.object, 0, { name: "" }));
    const { values } = row;
    let slot = unit.slot;
    // In the order of the declared fields.
    values[slot++] = stat.running;
    values[slot++] = stat.blocked;
    values[slot++] = stat.cpuCount;
    values[slot++] = stat.contextSwitches;
    values[slot++] = stat.interrupts;
    values[slot++] = stat.forks;
    for (let i = 0; i < stat.softirqs.length; i++) values[slot++] = stat.softirqs[i]!;
    values[slot++] = load.load1;
    values[slot++] = load.load5;
    values[slot++] = load.load15;
    values[slot++] = load.runnable;
    values[slot++] = load.threads;
    values[slot++] = uptime;
    values[slot++] = idle;
    if (this.processes) values[slot++] = this.processes.read();
    values[slot] = Math.max(0, stat.forks - load.threads);
    row.read(unit);
  }

  close(): void {
    this.stat.release();
    this.loadFile.close();
    this.uptimeFile.close();
    this.processes?.close();
  }
}

/** @throws when the file is empty, as a container may mask it, or begins with no number */
function scanFilled(file: RereadFile, scanner: ByteScanner): ByteScanner {
  if (file.scan(scanner).atEnd) throw new Error(`${file.path} is empty`);
  const digit = scanner.bytes[0]! - 48;
  if (digit < 0 || digit > 9) throw new Error(`${file.path} does not begin with a number`);
  return scanner;
}

/** Samples between two real countings of processes. */
const RECOUNT_EVERY = 60;
/** Inode of the first pid namespace (PROC_PID_INIT_INO): what its link in /proc says. */
const FIRST_PID_NAMESPACE = "pid:[4026531836]";

/**
 * Counts processes. Listing /proc costs 100 us and more; the kernel adds the number of processes to
 * the link count of /proc, so between countings the change of that is enough. In a container the
 * link count speaks of the whole machine, so there, and in fixtures, they are always counted.
 */
class ProcessCount {
  private readonly procRoot: string;
  /** /proc itself, where its link count can be used. */
  private readonly folder: number | undefined;
  private otherLinks = 0;
  private reads = 0;

  constructor(procRoot: string) {
    this.procRoot = procRoot;
    this.folder = isFirstPidNamespace(procRoot) ? openSync(procRoot, "r") : undefined;
  }

  read(): number {
    if (this.folder === undefined) return this.count();
    const links = fstatSync(this.folder).nlink;
    if (this.reads++ % RECOUNT_EVERY === 0) this.otherLinks = links - this.count();
    return links - this.otherLinks;
  }

  close(): void {
    if (this.folder !== undefined) closeSync(this.folder);
  }

  private count(): number {
    let count = 0;
    for (const name of readdirSync(this.procRoot)) {
      const first = name.charCodeAt(0);
      if (first >= 48 && first <= 57) count++;
    }
    return count;
  }
}

function isFirstPidNamespace(procRoot: string): boolean {
  try {
    return readlinkSync(join(procRoot, "self/ns/pid")) === FIRST_PID_NAMESPACE;
  } catch {
    return false;
  }
}

/** Run queue, load, switches, interrupts, forks, uptime: /proc/stat, loadavg, uptime. */
export const system: Collector = {
  object,
  open(host) {
    const stat = openShared(host, "stat", "whole", () => new Stat());
    return stat && new OpenSystem(host, stat);
  },
};
