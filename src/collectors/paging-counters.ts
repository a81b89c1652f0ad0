import { type Counter, type Field, counterFields, gaugeFields } from "../counter/declaration.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";

const declare = declareFor({
  file: "/proc/vmstat",
  doc: "https://docs.kernel.org/admin-guide/mm/concepts.html",
  resource: "memory",
});

/** Fields that counters below are made of; all others of the file are recorded beside them. */
export const PAGING_FIELDS: readonly Field[] = [
  ...counterFields(
    (
      "pgpgin pgpgout pswpin pswpout pgfault pgmajfault pgfree pgalloc pgactivate pgdeactivate " +
      "pgrefill pgrotated pginodesteal kswapd_inodesteal pgscan_kswapd pgscan_direct pgsteal_kswapd " +
      "pgsteal_direct pgscan_direct_throttle allocstall slabs_scanned pageoutrun oom_kill " +
      "kswapd_low_wmark_hit_quickly kswapd_high_wmark_hit_quickly " +
      "workingset_refault workingset_refault_file workingset_refault_anon workingset_activate_file " +
      "workingset_activate_anon nr_dirtied nr_written nr_vmscan_write nr_vmscan_immediate_reclaim " +
      "nr_throttled_written compact_stall compact_fail compact_success compact_daemon_wake " +
      "compact_migrate_scanned thp_fault_alloc thp_fault_fallback thp_collapse_alloc " +
      "thp_collapse_alloc_failed thp_split_page thp_swpout thp_swpout_fallback numa_hit numa_miss " +
      "numa_foreign numa_local numa_other numa_pte_updates numa_hint_faults numa_pages_migrated " +
      "pgmigrate_success pgmigrate_fail swap_ra swap_ra_hit zswpin zswpout drop_pagecache drop_slab " +
      "balloon_inflate balloon_deflate pglazyfree unevictable_pgs_culled"
    ).split(" "),
  ),
  ...gaugeFields([
    "nr_dirty",
    "nr_writeback",
    "nr_dirty_threshold",
    "nr_dirty_background_threshold",
  ]),
];

const bad: CounterParts = { use: "saturation", better: "lower" };
const advanced: CounterParts = { level: "advanced", better: "neutral" };
const advancedBad: CounterParts = { level: "advanced", ...bad };

export const PAGING_COUNTERS: readonly Counter[] = [
  declare(
    "Bytes Paged In/sec",
    "pgpgin",
    "Bytes read from block devices into memory. The name misleads: it is all block input, file reads " +
      "included, and says nothing about a shortage of memory.",
    // The kernel counts in KiB here, not in pages.
    {
      resource: "disk",
      unit: "bytes/s",
      scale: 1024,
      defaultScale: -6,
      equivalents: ["sar -B pgpgin/s", "vmstat bi"],
    },
  ),
  declare(
    "Bytes Paged Out/sec",
    "pgpgout",
    "Bytes written from memory to block devices: all block output, files as well as swap.",
    {
      resource: "disk",
      unit: "bytes/s",
      scale: 1024,
      defaultScale: -6,
      equivalents: ["sar -B pgpgout/s", "vmstat bo"],
    },
  ),
  declare(
    "Page Faults/sec",
    "pgfault",
    "Accesses to memory that was not mapped, minor and major. Minor ones cost a microsecond or less " +
      "and are part of starting programs and growing heaps.",
    { defaultScale: -3, equivalents: ["sar -B fault/s"] },
  ),
  declare(
    "Major Page Faults/sec",
    "pgmajfault",
    "Page faults that had to wait for the disk: a mapped file or swapped-out memory was read. Steady " +
      "major faults after the start of a job mean that its code or data does not stay in memory.",
    { ...bad, equivalents: ["sar -B majflt/s"] },
  ),
  declare(
    "Pages Swapped In/sec",
    "pswpin",
    "Pages read back from swap. Each is a program that waited for its own memory: the surest sign of " +
      "too little memory while it lasts.",
    { ...bad, equivalents: ["sar -W pswpin/s", "vmstat si (in KiB)"] },
  ),
  declare(
    "Pages Swapped Out/sec",
    "pswpout",
    "Pages written to swap to make room. A little of it is good housekeeping; much of it, with " +
      "swapping in beside it, is thrashing.",
    { ...bad, equivalents: ["sar -W pswpout/s", "vmstat so (in KiB)"] },
  ),
  declare(
    "Pages Scanned by kswapd/sec",
    "pgscan_kswapd",
    "Pages looked at by the kernel's background reclaimer, which runs when free memory falls below a " +
      "mark. Normal on a host whose cache is full; compare with Pages Stolen/sec.",
    { ...bad, defaultScale: -3, equivalents: ["sar -B pgscank/s"] },
  ),
  declare(
    "Pages Scanned Directly/sec",
    "pgscan_direct",
    "Pages that programs had to look at themselves before their allocation could go on, because the " +
      "background reclaimer did not keep up (direct reclaim). The program waits meanwhile: should be 0.",
    { ...bad, defaultScale: -3, equivalents: ["sar -B pgscand/s"] },
  ),
  declare(
    "Pages Stolen by kswapd/sec",
    "pgsteal_kswapd",
    "Pages that the background reclaimer freed.",
    { ...advancedBad, defaultScale: -3 },
  ),
  declare(
    "Pages Stolen Directly/sec",
    "pgsteal_direct",
    "Pages that programs freed themselves in direct reclaim.",
    { ...advancedBad, defaultScale: -3 },
  ),
  declare(
    "Pages Stolen/sec",
    ["pgsteal_kswapd", "pgsteal_direct"],
    "Pages taken back from the cache or from programs, by the background reclaimer and by programs " +
      "themselves. Far fewer stolen than scanned means that reclaim finds nothing it may take. sar " +
      "adds up every pgsteal entry, so that since kernel 5.9 its pgsteal/s counts each page twice.",
    { ...bad, defaultScale: -3, equivalents: ["sar -B pgsteal/s (twice that since kernel 5.9)"] },
  ),
  declare(
    "Allocation Stalls/sec",
    "allocstall",
    "How often an allocation had to go into direct reclaim: programs waited for memory that many " +
      "times. Should be 0; the sum over all memory zones.",
    { ...bad, field: "allocstall, or the sum of allocstall_*" },
  ),
  declare(
    "Direct Reclaim Throttles/sec",
    "pgscan_direct_throttle",
    "How often a program was put to sleep in direct reclaim because so little memory was left.",
    { ...bad, level: "advanced" },
  ),
  declare(
    "OOM Kills",
    "oom_kill",
    "Processes the kernel killed in the interval because memory had run out, in the whole system or " +
      "in a cgroup. Never harmless: find out who in the kernel log.",
    { since: "4.13", type: "delta", unit: "count", use: "errors", better: "lower" },
  ),
  declare(
    "Refaults/sec",
    "workingset_refault",
    "Pages that were read again soon after they had been evicted, of files and of programs: memory is " +
      "smaller than what the work touches again and again.",
    { ...bad, defaultScale: -3, field: "workingset_refault, or the sum of workingset_refault_*" },
  ),
  declare(
    "Refaults of File Pages/sec",
    "workingset_refault_file",
    "File pages that were read from disk again soon after eviction: the cache is too small for the " +
      "working set. Reads of files that do not fit in memory anyway cause it too.",
    { ...bad, since: "5.9", defaultScale: -3 },
  ),
  declare(
    "Refaults of Anonymous Pages/sec",
    "workingset_refault_anon",
    "Programs' own pages that came back from swap soon after they were swapped out: thrashing.",
    { ...bad, since: "5.9", defaultScale: -3 },
  ),
  declare(
    "Activations of Refaulted File Pages/sec",
    "workingset_activate_file",
    "Refaulted file pages that the kernel took for part of the working set and kept.",
    { ...advancedBad },
  ),
  declare(
    "Activations of Refaulted Anonymous Pages/sec",
    "workingset_activate_anon",
    "Pages back from swap that the kernel took for part of the working set and kept.",
    { ...advancedBad },
  ),
  declare(
    "Pages Freed/sec",
    "pgfree",
    "Pages given back to the allocator by programs that end, by reclaim and by the kernel.",
    { ...advanced, defaultScale: -3, equivalents: ["sar -B pgfree/s"] },
  ),
  declare(
    "Pages Allocated/sec",
    "pgalloc",
    "Pages taken from the allocator, of all memory zones.",
    { ...advanced, defaultScale: -3, field: "sum of pgalloc_*" },
  ),
  declare("Pages Activated/sec", "pgactivate", "Pages moved to the list of those in active use.", {
    ...advanced,
    defaultScale: -3,
  }),
  declare(
    "Pages Deactivated/sec",
    "pgdeactivate",
    "Pages moved to the list that reclaim takes from: a first sign that memory gets short.",
    { ...advanced, better: "lower", defaultScale: -3 },
  ),
  declare(
    "Slab Objects Scanned/sec",
    "slabs_scanned",
    "Kernel objects (cached inodes, directory entries) looked at by reclaim.",
    { ...advancedBad, defaultScale: -3 },
  ),
  declare("kswapd Runs/sec", "pageoutrun", "Rounds of the background reclaimer.", {
    ...advancedBad,
  }),
  declare(
    "kswapd Hit Low Watermark Quickly/sec",
    "kswapd_low_wmark_hit_quickly",
    "How often memory fell below the low mark again just after the background reclaimer had gone to sleep.",
    { ...advancedBad },
  ),
  declare("Pages Dirtied/sec", "nr_dirtied", "Pages of files that programs wrote to.", {
    ...advanced,
    resource: "disk",
    defaultScale: -3,
  }),
  declare(
    "Pages Written Back/sec",
    "nr_written",
    "Dirty pages of files that were written to disk. Below Pages Dirtied/sec for long: the disk does " +
      "not keep up and writers will be made to wait.",
    { ...advanced, resource: "disk", defaultScale: -3 },
  ),
  declare(
    "Pages Written by Reclaim/sec",
    "nr_vmscan_write",
    "Pages that reclaim itself had to write out, to swap most of all.",
    { ...advancedBad },
  ),
  declare(
    "Dirty Pages",
    "nr_dirty",
    "Pages of files that wait to be written. Compare with Dirty Threshold Pages.",
    {
      ...COUNT_GAUGE,
      ...advanced,
      resource: "disk",
      use: "saturation",
      better: "lower",
      defaultScale: -3,
    },
  ),
  declare("Writeback Pages", "nr_writeback", "Pages of files that are being written right now.", {
    ...COUNT_GAUGE,
    ...advanced,
    resource: "disk",
    use: "information",
    defaultScale: -3,
  }),
  declare(
    "Dirty Threshold Pages",
    "nr_dirty_threshold",
    "Dirty pages at which programs that write are made to wait (vm.dirty_ratio of available memory).",
    { ...COUNT_GAUGE, ...advanced, resource: "disk", use: "capacity", defaultScale: -6 },
  ),
  declare(
    "Dirty Background Threshold Pages",
    "nr_dirty_background_threshold",
    "Dirty pages at which the kernel begins to write them in the background (vm.dirty_background_ratio).",
    { ...COUNT_GAUGE, ...advanced, resource: "disk", use: "capacity", defaultScale: -6 },
  ),
  declare(
    "Compaction Stalls/sec",
    "compact_stall",
    "How often a program waited while the kernel moved pages to make room for a huge page. Steady " +
      "stalls cost latency: set transparent huge pages to madvise.",
    { ...bad },
  ),
  declare(
    "Compaction Failures/sec",
    "compact_fail",
    "Compactions that made no room: memory is fragmented.",
    { ...advancedBad },
  ),
  declare(
    "Compaction Pages Scanned/sec",
    "compact_migrate_scanned",
    "Pages looked at by compaction: what its CPU time goes into.",
    { ...advancedBad, defaultScale: -3 },
  ),
  declare(
    "THP Faults/sec",
    "thp_fault_alloc",
    "Page faults that got a transparent huge page at once.",
    { better: "neutral" },
  ),
  declare(
    "THP Fault Fallbacks/sec",
    "thp_fault_fallback",
    "Page faults that wanted a huge page and got small ones, because none could be made.",
    { ...advancedBad },
  ),
  declare(
    "THP Collapses/sec",
    "thp_collapse_alloc",
    "Huge pages that khugepaged put together from small ones in the background.",
    { ...advanced },
  ),
  declare(
    "THP Splits/sec",
    "thp_split_page",
    "Huge pages split into small ones, for reclaim or for partial unmapping.",
    { ...advancedBad },
  ),
  declare("THP Swapped Out/sec", "thp_swpout", "Huge pages swapped out in one piece.", {
    ...advancedBad,
  }),
  declare("NUMA Hits/sec", "numa_hit", "Pages allocated on the memory node that was wanted.", {
    ...advanced,
    better: "higher",
    defaultScale: -3,
  }),
  declare(
    "NUMA Misses/sec",
    "numa_miss",
    "Pages allocated on a node because the wanted one was full.",
    { ...advancedBad, defaultScale: -3 },
  ),
  declare(
    "NUMA Other Node Allocations/sec",
    "numa_other",
    "Pages allocated on another node than that of the CPU: each access to them goes over the link " +
      "between the sockets.",
    { ...advancedBad, defaultScale: -3 },
  ),
  declare(
    "NUMA Pages Migrated/sec",
    "numa_pages_migrated",
    "Pages moved between nodes by automatic NUMA balancing.",
    { ...advanced, better: "lower" },
  ),
  declare(
    "NUMA Hint Faults/sec",
    "numa_hint_faults",
    "Faults that automatic NUMA balancing provokes in order to see who uses which page.",
    { ...advanced, better: "lower" },
  ),
  declare(
    "Pages Migrated/sec",
    "pgmigrate_success",
    "Pages moved in memory, for compaction, NUMA balancing or hotplug.",
    { ...advanced, better: "lower" },
  ),
  declare("Swap Readahead Pages/sec", "swap_ra", "Pages read from swap ahead of need.", {
    ...advancedBad,
  }),
  declare(
    "Swap Readahead Hits/sec",
    "swap_ra_hit",
    "Pages read from swap ahead that were then needed.",
    { ...advanced, better: "neutral" },
  ),
  declare(
    "Zswap Pages In/sec",
    "zswpin",
    "Pages decompressed from zswap: cheaper than the disk, yet a program's memory did not fit.",
    { ...advancedBad },
  ),
  declare(
    "Zswap Pages Out/sec",
    "zswpout",
    "Pages compressed into zswap instead of being written to the swap device.",
    { ...advancedBad },
  ),
  declare(
    "Page Cache Drops",
    "drop_pagecache",
    "How often somebody wrote to vm.drop_caches to empty the file cache in the interval. A benchmark " +
      "may; in production it only makes everything slower for a while.",
    { type: "delta", unit: "count", use: "information", ...advanced },
  ),
  declare(
    "Balloon Pages Inflated/sec",
    "balloon_inflate",
    "Pages that the hypervisor took away through the balloon driver.",
    { ...advancedBad, resource: "virtualization" },
  ),
];
