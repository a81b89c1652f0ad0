/** Counters of `Process` about memory and page faults. */
import type { Counter } from "../counter/declaration.ts";
import { processCounter, type ProcessUnits } from "./process-declare.ts";

const KIB = 1024;

export function memoryCounters({ pageSizeBytes, memoryBytes }: ProcessUnits): Counter[] {
  const size = (
    name: string,
    group: "stat" | "status",
    value: string[],
    scale: number,
    help: string,
    equivalents: string[] = [],
    level: "standard" | "advanced" = "standard",
  ): Counter =>
    processCounter(group, {
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
      ["pidstat RSS (KiB)", "ps rss (KiB)", "top RES (about)"],
    ),
    processCounter("stat", {
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
      "Resident Bytes",
      "status",
      ["VmRSS"],
      KIB,
      "Working Set as /proc/PID/status has it. Since Linux 6.2 the kernel keeps it per processor: " +
        "recent kernels add it up exactly here, while Working Set, read in every sample, is their " +
        "cheap estimate, off by up to some megabytes on hosts with many processors.",
      ["top RES"],
      "advanced",
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

export const FAULTS: readonly Counter[] = [
  processCounter("stat", {
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
  processCounter("stat", {
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
  processCounter("stat", {
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

/** Recorded with `record --pss` only: the kernel walks all page tables of a process for it. */
export const PSS: readonly Counter[] = [
  processCounter("smaps_rollup", {
    name: "Proportional Set Bytes",
    help:
      "Memory of the process in RAM, with pages shared by n processes counted as one n-th of them (PSS): " +
      "the sum over processes is the memory in use. Recorded with record --pss only, every 10 " +
      "seconds, because it costs a millisecond and more for a large process, which it holds up " +
      "meanwhile.",
    unit: "bytes",
    type: "gauge",
    value: ["Pss"],
    scale: 1024,
    resource: "memory",
    use: "information",
    defaultScale: -6,
    level: "advanced",
    equivalents: ["smem PSS (KiB)"],
  }),
  processCounter("smaps_rollup", {
    name: "Proportional Swap Bytes",
    help: "Swap of the process, with what is shared by n processes counted as one n-th. With --pss only.",
    unit: "bytes",
    type: "gauge",
    value: ["SwapPss"],
    scale: 1024,
    resource: "memory",
    use: "information",
    defaultScale: -6,
    level: "advanced",
  }),
];
