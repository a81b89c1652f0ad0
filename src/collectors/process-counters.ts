/** The declaration of `Process`: counters of /proc/PID/stat, status and io. */
import type { Counter, CounterObject, Field, FieldGroup } from "../counter/declaration.ts";
import { PID_IO_COLUMNS } from "../procfs/pid-io.ts";
import { PID_STAT_COLUMNS, PROCESS_STATES } from "../procfs/pid-stat.ts";
import { PID_STATUS_COLUMNS } from "../procfs/pid-status.ts";

/** What the host adds to the declaration: its units of time and memory. */
export interface ProcessUnits {
  readonly clockTicksPerSecond: number;
  readonly pageSizeBytes: number;
  /** For the share of memory; 0 where it is not known. */
  readonly memoryBytes: number;
}

const COUNTERS_OF_STAT = new Set(
  "minflt majflt utime stime delayacct_blkio_ticks guest_time".split(" "),
);

function fields(columns: readonly string[], isCounter: (id: string) => boolean): Field[] {
  return columns.map((id) => ({ id, kind: isCounter(id) ? "counter" : "gauge" }));
}

const GROUPS: readonly FieldGroup[] = [
  { id: "stat", fields: fields(PID_STAT_COLUMNS, (id) => COUNTERS_OF_STAT.has(id)) },
  { id: "status", fields: fields(PID_STATUS_COLUMNS, (id) => id.endsWith("_switches")) },
  { id: "io", fields: fields(PID_IO_COLUMNS, () => true) },
];

const KIB = 1024;

type Rest = Omit<Counter, "source" | "better"> & Partial<Pick<Counter, "better">>;

function from(group: "stat" | "status" | "io", counter: Rest): Counter {
  return {
    better: "neutral",
    ...counter,
    group,
    source: {
      file: `/proc/<pid>/${group}`,
      field: [...counter.value, ...(counter.base ?? [])].join(", "),
      doc: `https://man7.org/linux/man-pages/man5/proc_pid_${group}.5.html`,
    },
  };
}

function timeCounters({ clockTicksPerSecond }: ProcessUnits): Counter[] {
  const scale = 1 / clockTicksPerSecond;
  const time = (name: string, value: string[], help: string, equivalents: string[]): Counter =>
    from("stat", {
      name,
      help,
      unit: "%",
      type: "percent-time",
      value,
      scale,
      resource: "cpu",
      use: "utilization",
      equivalents,
    });
  return [
    time(
      "% Processor Time",
      ["utime", "stime"],
      "CPU time of all threads of the process, 100 for one processor fully used: a process with many " +
        "threads goes beyond 100. A process at a flat 100 with idle processors beside it has one " +
        "busy thread and cannot go faster however many processors there are. Measured in ticks of " +
        "1/100 s. What a process does in its first interval does not show.",
      ["top %CPU", "pidstat %CPU"],
    ),
    time(
      "% User Time",
      ["utime"],
      "CPU time in the program itself and its libraries, garbage collection and decompression " +
        "included; 100 for one processor.",
      ["pidstat %usr (which leaves guests out)"],
    ),
    time(
      "% Privileged Time",
      ["stime"],
      "CPU time that the kernel spent on behalf of the process: system calls, page faults, copying. " +
        "A large share means much I/O in small pieces, many faults, or many threads that wake each " +
        "other.",
      ["pidstat %system"],
    ),
    {
      ...time(
        "% Guest Time",
        ["guest_time"],
        "CPU time of virtual machines that the process runs (QEMU); it is part of % User Time.",
        ["pidstat %guest"],
      ),
      level: "advanced",
      resource: "virtualization",
    },
    {
      ...time(
        "% Block IO Delay Time",
        ["delayacct_blkio_ticks"],
        "Time that the main thread of the process was blocked waiting for block I/O it started, page " +
          "faults from disk included. Other threads are not in it. Since Linux 5.14 the kernel " +
          "counts it only with kernel.task_delayacct=1, otherwise this counter is not recorded. " +
          "System-wide I/O wait says how long processors had nothing else to do; this says how " +
          "long a process had to wait, busy processors or not.",
        ["iotop IO>", "pidstat -d iodelay (ticks)"],
      ),
      resource: "disk",
      use: "saturation",
      better: "lower",
    },
    from("stat", {
      name: "CPU Time",
      help: "Seconds of CPU time that the process used since it began, user and kernel together.",
      unit: "seconds",
      type: "gauge",
      value: ["utime", "stime"],
      scale,
      resource: "cpu",
      use: "information",
      level: "advanced",
      equivalents: ["top TIME+"],
    }),
    from("stat", {
      name: "Elapsed Time",
      help: "Seconds since the process began.",
      unit: "seconds",
      type: "elapsed",
      value: ["starttime"],
      scale,
      resource: "system",
      use: "information",
      level: "advanced",
      equivalents: ["ps etimes"],
    }),
  ];
}

function memoryCounters({ pageSizeBytes, memoryBytes }: ProcessUnits): Counter[] {
  const size = (
    name: string,
    group: "stat" | "status",
    value: string[],
    scale: number,
    help: string,
    equivalents: string[] = [],
    level: "standard" | "advanced" = "standard",
  ): Counter =>
    from(group, {
      name,
      help,
      unit: "bytes",
      type: "gauge",
      value,
      scale,
      resource: "memory",
      use: "information",
      defaultScale: -6,
      level,
      ...(equivalents.length > 0 ? { equivalents } : {}),
    });
  return [
    size(
      "Working Set",
      "stat",
      ["rss"],
      pageSizeBytes,
      "Memory of the process that is in RAM (resident set). Pages shared with other processes " +
        "(libraries, shared memory) are counted in each of them, so working sets do not add up to " +
        "the memory used; Private Bytes do.",
      ["top RES", "pidstat RSS (KiB)"],
    ),
    from("stat", {
      name: "% Memory",
      help: "Working Set as a share of the host's memory.",
      unit: "%",
      type: "gauge",
      value: ["rss"],
      // Of one page; the host's memory is known when recording begins.
      scale: (100 * pageSizeBytes) / (memoryBytes || 1),
      resource: "memory",
      use: "utilization",
      equivalents: ["top %MEM", "pidstat %MEM"],
    }),
    size(
      "Virtual Bytes",
      "stat",
      ["vsize"],
      1,
      "Address space that the process reserved. Mostly never touched (a JVM reserves many times its " +
        "heap), so it says little about memory use.",
      ["top VIRT", "pidstat VSZ (KiB)"],
    ),
    size(
      "Private Bytes",
      "status",
      ["RssAnon", "VmSwap"],
      KIB,
      "Memory that only this process has: heap and stacks, in RAM or swapped out. Growth that never " +
        "stops is a leak.",
    ),
    size(
      "Shared Bytes",
      "status",
      ["RssFile", "RssShmem"],
      KIB,
      "Resident memory that may be shared with others: mapped files, libraries and shared memory. " +
        "Pages of files can be dropped when memory is short and read again later.",
      ["top SHR"],
    ),
    size(
      "Swap Bytes",
      "status",
      ["VmSwap"],
      KIB,
      "Private memory of the process that was moved to swap. A JVM whose heap is partly swapped out " +
        "stalls at every full garbage collection.",
      ["top SWAP"],
    ),
    size(
      "Working Set Peak",
      "status",
      ["VmHWM"],
      KIB,
      "Largest Working Set since the process began.",
      [],
      "advanced",
    ),
  ];
}

const FAULTS: readonly Counter[] = [
  from("stat", {
    name: "Page Faults/sec",
    help:
      "Pages per second that the process touched and that had to be mapped first, minor and major. " +
      "Minor faults cost about a microsecond: a new process or a growing heap makes many.",
    unit: "count/s",
    type: "rate",
    value: ["minflt", "majflt"],
    resource: "memory",
    use: "information",
    equivalents: ["pidstat -r minflt/s + majflt/s"],
  }),
  from("stat", {
    name: "Minor Page Faults/sec",
    help: "Page faults per second that needed no I/O.",
    unit: "count/s",
    type: "rate",
    value: ["minflt"],
    resource: "memory",
    use: "information",
    level: "advanced",
    equivalents: ["pidstat -r minflt/s"],
  }),
  from("stat", {
    name: "Major Page Faults/sec",
    help:
      "Page faults per second for which a page had to be read from disk or swap: the thread waits " +
      "as long as the disk takes. Normal while programs start; a steady rate means that memory " +
      "is too small for what runs.",
    unit: "count/s",
    type: "rate",
    value: ["majflt"],
    resource: "memory",
    use: "saturation",
    better: "lower",
    equivalents: ["pidstat -r majflt/s"],
  }),
];

const SCHEDULING: readonly Counter[] = [
  from("stat", {
    name: "Thread Count",
    help: "Threads of the process. Thousands cost memory and switching; growth without end is a leak.",
    unit: "count",
    type: "gauge",
    value: ["num_threads"],
    resource: "cpu",
    use: "information",
    equivalents: ["top nTH"],
  }),
  from("stat", {
    name: "Priority",
    help:
      "Scheduling priority as top shows it: 20 is usual, 0 to 39 for ordinary processes (lower is " +
      "served first), below 0 for real-time ones.",
    unit: "none",
    type: "gauge",
    value: ["priority"],
    resource: "cpu",
    use: "information",
    level: "advanced",
    equivalents: ["top PR"],
  }),
  from("stat", {
    name: "Nice",
    help: "Nice value, -20 (most favored) to 19 (gives way to all others).",
    unit: "none",
    type: "gauge",
    value: ["nice"],
    resource: "cpu",
    use: "information",
    level: "advanced",
    equivalents: ["top NI"],
  }),
  from("stat", {
    name: "State",
    help:
      "State of the main thread at the moment of the sample, as its place in the letters " +
      `${PROCESS_STATES} that top shows: 0 running, 1 sleeping, 2 waiting for the disk, 3 zombie, ` +
      "4 stopped, 5 traced, 6 idle kernel thread. Look at single samples: an average means nothing.",
    unit: "none",
    type: "gauge",
    value: ["state"],
    resource: "system",
    use: "information",
    level: "advanced",
    equivalents: ["top S"],
  }),
  from("status", {
    name: "Voluntary Context Switches/sec",
    help:
      "How often per second the main thread gave the processor up, to wait for data, a lock or a " +
      "timer. Only of the main thread, which in a JVM does nothing: for those look at " +
      "System\\Context Switches/sec.",
    unit: "count/s",
    type: "rate",
    value: ["voluntary_ctxt_switches"],
    resource: "cpu",
    use: "information",
    equivalents: ["pidstat -w cswch/s"],
  }),
  from("status", {
    name: "Involuntary Context Switches/sec",
    help:
      "How often per second the processor was taken from the main thread although it had work: too " +
      "many threads compete for the processors, or its cgroup's quota is used up.",
    unit: "count/s",
    type: "rate",
    value: ["nonvoluntary_ctxt_switches"],
    resource: "cpu",
    use: "saturation",
    better: "lower",
    equivalents: ["pidstat -w nvcswch/s"],
  }),
];

function io(
  name: string,
  value: string[],
  help: string,
  level: "standard" | "advanced",
  equivalents: string[] = [],
): Counter {
  const isBytes = name.includes("Bytes");
  return from("io", {
    name,
    help,
    unit: isBytes ? "bytes/s" : "count/s",
    type: "rate",
    value,
    resource: "disk",
    use: "throughput",
    ...(isBytes ? { defaultScale: -4 } : {}),
    level,
    ...(equivalents.length > 0 ? { equivalents } : {}),
  });
}

const IO: readonly Counter[] = [
  io(
    "IO Read Bytes/sec",
    ["read_bytes"],
    "Bytes per second that were fetched from block devices for the process. What the page cache " +
      "had is not in it; network file systems count when they read. Other users' processes can be " +
      "read by root only.",
    "standard",
    ["pidstat -d kB_rd/s", "iotop DISK READ"],
  ),
  io(
    "IO Write Bytes/sec",
    ["write_bytes"],
    "Bytes per second that the process made dirty and that will be written to block devices, counted " +
      "when it writes into the cache, not when they reach the disk some seconds later.",
    "standard",
    ["pidstat -d kB_wr/s", "iotop DISK WRITE"],
  ),
  io(
    "IO Cancelled Write Bytes/sec",
    ["cancelled_write_bytes"],
    "Bytes per second that were counted as written but never will be, because the file was truncated " +
      "or deleted before (temporary files).",
    "advanced",
    ["pidstat -d kB_ccwr/s"],
  ),
  io(
    "IO Read Requested Bytes/sec",
    ["rchar"],
    "Bytes per second that the process got from read calls of any kind: files (cached or not), pipes, " +
      "terminals. Nearest to what Windows calls IO Read Bytes/sec. Compare with IO Read Bytes/sec " +
      "for what the cache saves. Memory-mapped reading is not in it.",
    "advanced",
  ),
  io(
    "IO Write Requested Bytes/sec",
    ["wchar"],
    "Bytes per second that the process passed to write calls of any kind.",
    "advanced",
  ),
  io(
    "IO Read Operations/sec",
    ["syscr"],
    "Read calls per second, answered from the cache or not.",
    "advanced",
  ),
  io("IO Write Operations/sec", ["syscw"], "Write calls per second.", "advanced"),
];

/** The declaration for hosts with these units. */
export function processObject(units: ProcessUnits): CounterObject {
  return {
    name: "Process",
    help:
      "Processes and kernel threads, one instance each, named name:pid, with role, user, control " +
      "group and start time as attributes, so that processes of many hosts compare by role. " +
      "Numbers of /proc/PID/stat are read in every sample; those of status and io only when the " +
      "process did something (and of all every 10 seconds), so their intervals differ. Ranking " +
      "happens when reading: all processes are recorded. Processes that live shorter than an " +
      "interval leave no trace here, but System\\Process Creations/sec counts them.",
    instances: { what: "one per process, named name:pid", total: false },
    cadence: "every-sample",
    groups: GROUPS,
    counters: [...timeCounters(units), ...memoryCounters(units), ...FAULTS, ...SCHEDULING, ...IO],
  };
}
