/** Counters of `Control Group` about memory. */
import type { Counter } from "../counter/declaration.ts";
import { BYTES_GAUGE, CGROUP_DOC, CGROUP_FOLDER } from "./control-group-declare.ts";
import { type CounterParts, declareFor } from "./declare.ts";

const declare = declareFor({
  file: `${CGROUP_FOLDER}/memory.stat`,
  doc: CGROUP_DOC,
  resource: "memory",
});

const stat: CounterParts = { group: "memory_stat" };
const size: CounterParts = { ...BYTES_GAUGE, ...stat };
const event: CounterParts = {
  group: "memory_events",
  use: "saturation",
  better: "lower",
  file: `${CGROUP_FOLDER}/memory.events`,
};

export const CGROUP_MEMORY: readonly Counter[] = [
  declare(
    "Memory Bytes",
    "memory_current",
    "Memory charged to the group and those below it: that of its processes, the page cache of files " +
      "that it used first, and the kernel's on its behalf. It grows to the limit with files that " +
      "are read, which is no shortage: page cache goes when memory is wanted.",
    {
      ...BYTES_GAUGE,
      group: "memory",
      file: `${CGROUP_FOLDER}/memory.current`,
      field: "the number (version 1: memory.usage_in_bytes)",
      equivalents: ["systemctl status: Memory", "systemd-cgtop Memory"],
    },
  ),
  declare(
    "Working Set",
    ["memory_current", "-inactive_file"],
    "Memory Bytes without page cache that was not used lately: what the group would miss. Kubernetes " +
      "evicts pods by it.",
    {
      ...BYTES_GAUGE,
      group: "memory",
      file: `${CGROUP_FOLDER}/memory.current`,
      field: "memory.current - inactive_file of memory.stat",
      equivalents: ["kubectl top pod MEMORY", "docker stats MEM USAGE"],
    },
  ),
  declare(
    "Memory Limit Bytes",
    "memory_max",
    "Most memory that the group may have. At the limit its processes must first free some, page " +
      "cache or by swapping, and are killed if that fails. Without a value there is no limit here, " +
      "but groups above may have one.",
    {
      ...BYTES_GAUGE,
      use: "capacity",
      better: "higher",
      group: "memory_limit",
      file: `${CGROUP_FOLDER}/memory.max`,
      field: "the number (version 1: memory.limit_in_bytes)",
    },
  ),
  declare(
    "% Memory Limit",
    ["limited_current"],
    "Memory Bytes as a share of the limit, page cache included: near 100 is usual for a group that " +
      "reads files. Whether it hurts, Limit Events/sec, refaults and memory pressure tell.",
    {
      type: "fraction",
      unit: "%",
      base: ["memory_max"],
      use: "utilization",
      group: "memory_limit",
      file: `${CGROUP_FOLDER}/memory.max`,
      field: "memory.current / memory.max",
    },
  ),
  declare(
    "Memory High Bytes",
    "memory_high",
    "Above this size the group's processes are slowed down and made to free memory, but not killed " +
      "(memory.high; version 2 only). Without a value it is not set.",
    {
      ...BYTES_GAUGE,
      use: "capacity",
      better: "higher",
      group: "memory_high",
      level: "advanced",
      file: `${CGROUP_FOLDER}/memory.high`,
      field: "the number",
    },
  ),
  declare(
    "Swap Bytes",
    "swap_current",
    "Memory of the group that was moved to swap. A JVM whose heap is partly there stalls at each " +
      "full garbage collection.",
    {
      ...BYTES_GAUGE,
      group: "swap",
      better: "lower",
      file: `${CGROUP_FOLDER}/memory.swap.current`,
      field: "the number (version 1: total_swap of memory.stat)",
    },
  ),
  declare(
    "Anonymous Bytes",
    "anon",
    "Heaps and stacks: memory that can only be freed by swapping or by ending programs. If this comes " +
      "near the limit, the group will be killed for want of memory.",
    { ...size, field: "anon (version 1: total_rss)" },
  ),
  declare(
    "File Cache Bytes",
    "file",
    "Page cache charged to the group, shared memory and tmpfs included. The group that touches a page " +
      "first pays for it.",
    { ...size, field: "file (version 1: total_cache)" },
  ),
  declare(
    "Slab Bytes",
    "slab",
    "Objects of the kernel on the group's behalf, inodes and directory entries above all. Version 2 " +
      "only.",
    { ...size, level: "advanced" },
  ),
  declare(
    "Shared Memory Bytes",
    "shmem",
    "Shared memory and files in tmpfs: it looks like page cache, but can only be swapped, not dropped.",
    { ...size, level: "advanced", field: "shmem (version 1: total_shmem)" },
  ),
  declare(
    "Dirty Bytes",
    "file_dirty",
    "Page cache of the group that has not been written to disk yet.",
    { ...size, level: "advanced", field: "file_dirty (version 1: total_dirty)" },
  ),
  declare(
    "Writeback Bytes",
    "file_writeback",
    "Page cache of the group that is being written to disk at this instant.",
    { ...size, level: "advanced", field: "file_writeback (version 1: total_writeback)" },
  ),
  declare(
    "File Refaults/sec",
    "workingset_refault_file",
    "Pages of files per second that were read again shortly after they had been dropped: the page " +
      "cache is too small for what the group works on, and its limit turns into disk reads.",
    {
      ...stat,
      use: "saturation",
      better: "lower",
      field: "workingset_refault_file (before 5.9: workingset_refault)",
    },
  ),
  declare(
    "Anonymous Refaults/sec",
    "workingset_refault_anon",
    "Pages per second that were brought back shortly after they had been swapped out: thrashing.",
    { ...stat, use: "saturation", better: "lower", level: "advanced" },
  ),
  declare(
    "Page Faults/sec",
    "pgfault",
    "Page faults per second of the group's processes, minor and major, those that ended included.",
    { ...stat, level: "advanced" },
  ),
  declare(
    "Major Page Faults/sec",
    "pgmajfault",
    "Page faults per second that had to read from disk or swap: threads wait for them.",
    { ...stat, use: "saturation", better: "lower" },
  ),
  declare(
    "Low Events/sec",
    "low",
    "How often per second memory was taken from the group although it was below its protected size " +
      "(memory.low): the host is short of memory. Version 2 only.",
    { ...event, level: "advanced" },
  ),
  declare(
    "High Events/sec",
    "high",
    "How often per second processes of the group were slowed down because it was above memory.high. " +
      "Version 2 only.",
    event,
  ),
  declare(
    "Limit Events/sec",
    "max",
    "How often per second the group was about to exceed its limit and had to free memory first. Each " +
      "is a delay of the thread that wanted memory; with much page cache a short one.",
    { ...event, field: "max (version 1: memory.failcnt)" },
  ),
  declare(
    "OOM Events/sec",
    "oom",
    "How often per second an allocation failed at the limit because nothing could be freed. Version 2 " +
      "only.",
    { ...event, use: "errors" },
  ),
  declare(
    "OOM Kills/sec",
    "oom_kill",
    "Processes per second that were killed for want of memory. Any is an error: the limit is too " +
      "small, or something leaks. Version 1 tells it since Linux 4.13 only.",
    { ...event, use: "errors", field: "oom_kill (version 1: in memory.oom_control)" },
  ),
];
