/** Counters of `Process` about CPU time, waiting and scheduling. */
import type { Counter } from "../counter/declaration.ts";
import { PROCESS_STATES } from "../procfs/pid-stat.ts";
import { processCounter, type ProcessUnits } from "./process-declare.ts";

export function timeCounters({ clockTicksPerSecond }: ProcessUnits): Counter[] {
  const scale = 1 / clockTicksPerSecond;
  const time = (name: string, value: string[], help: string, equivalents: string[]): Counter =>
    processCounter("stat", {
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
    processCounter("stat", {
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
    processCounter("stat", {
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

export const SCHEDULING: readonly Counter[] = [
  processCounter("stat", {
    name: "Thread Count",
    help: "Threads of the process. Thousands cost memory and switching; growth without end is a leak.",
    unit: "count",
    type: "gauge",
    value: ["num_threads"],
    resource: "cpu",
    use: "information",
    equivalents: ["top nTH"],
  }),
  processCounter("stat", {
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
  processCounter("stat", {
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
  processCounter("stat", {
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
  processCounter("status", {
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
  processCounter("status", {
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
