/** Counters of `Paging` that matter to who looks closely: reclaim, compaction, huge pages, NUMA. */
import type { Counter } from "../counter/declaration.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";

const declare = declareFor({
  file: "/proc/vmstat",
  doc: "https://docs.kernel.org/admin-guide/mm/transhuge.html",
  resource: "memory",
});

const neutral: CounterParts = { level: "advanced", defaultScale: -3 };
const bad: CounterParts = { level: "advanced", use: "saturation", better: "lower" };
const share: CounterParts = { type: "fraction", unit: "%", use: "saturation" };

/** Fields of these counters, beyond those of the others. */
export const PAGING_ADVANCED_FIELDS = {
  counters:
    "pgscan_anon pgscan_file pgsteal_anon pgsteal_file workingset_restore_file " +
    "workingset_restore_anon workingset_nodereclaim pglazyfreed zone_reclaim_failed " +
    "compact_free_scanned compact_isolated compact_daemon_migrate_scanned thp_fault_fallback_charge " +
    "thp_split_page_failed thp_deferred_split_page thp_split_pmd thp_zero_page_alloc thp_file_alloc " +
    "thp_file_fallback thp_file_mapped thp_migration_success thp_migration_fail " +
    "htlb_buddy_alloc_success htlb_buddy_alloc_fail numa_interleave numa_hint_faults_local zswpwb " +
    "ksm_swpin_copy cow_ksm swpin_zero swpout_zero balloon_migrate direct_map_level2_splits " +
    "direct_map_level3_splits",
  gauges:
    "nr_isolated_anon nr_isolated_file nr_shmem_hugepages nr_file_hugepages " +
    "nr_anon_transparent_hugepages nr_zspages workingset_nodes",
};

/** [name, field, help, what else]. */
type Row = readonly [string, string | readonly string[], string, CounterParts];

const ROWS: readonly Row[] = [
  [
    "% Reclaim Efficiency",
    ["pgsteal_kswapd", "pgsteal_direct"],
    "Share of the pages looked at by reclaim that it could take. Near 100 % it is easy; below 30 % it " +
      "burns CPU time to find little, and programs wait.",
    {
      ...share,
      better: "higher",
      base: ["pgscan_kswapd", "pgscan_direct"],
      equivalents: ["sar -B %vmeff (twice that since kernel 5.9)"],
    },
  ],
  [
    "Anonymous Pages Scanned/sec",
    "pgscan_anon",
    "Programs' own pages looked at by reclaim: what it does only when it expects to swap.",
    bad,
  ],
  [
    "File Pages Scanned/sec",
    "pgscan_file",
    "Pages of the file cache looked at by reclaim.",
    { ...bad, defaultScale: -3 },
  ],
  [
    "Anonymous Pages Stolen/sec",
    "pgsteal_anon",
    "Programs' own pages taken by reclaim, written to swap most of them.",
    bad,
  ],
  [
    "File Pages Stolen/sec",
    "pgsteal_file",
    "Pages of the file cache taken by reclaim.",
    { ...bad, defaultScale: -3 },
  ],
  [
    "Restored File Pages/sec",
    "workingset_restore_file",
    "Refaulted file pages that had been in active use when they were evicted: reclaim took the wrong ones.",
    bad,
  ],
  [
    "Restored Anonymous Pages/sec",
    "workingset_restore_anon",
    "Refaulted pages of programs that had been in active use when they were swapped out.",
    bad,
  ],
  [
    "Isolated File Pages",
    "nr_isolated_file",
    "File pages that reclaim or compaction has in hand at this moment.",
    { ...COUNT_GAUGE, ...bad },
  ],
  [
    "Isolated Anonymous Pages",
    "nr_isolated_anon",
    "Programs' pages that reclaim or compaction has in hand at this moment.",
    { ...COUNT_GAUGE, ...bad },
  ],
  [
    "NUMA Node Reclaim Failures/sec",
    "zone_reclaim_failed",
    "Attempts to free memory of the near node before a far one was used, in vain (vm.zone_reclaim_mode).",
    bad,
  ],
  [
    "Lazily Freed Pages/sec",
    "pglazyfreed",
    "Pages given up with MADV_FREE that were taken.",
    neutral,
  ],
  [
    "% Compaction Success",
    "compact_success",
    "Share of the compactions that programs waited for which made room. Low means that memory is " +
      "fragmented for good and huge pages are wanted in vain.",
    { ...share, better: "higher", base: ["compact_success", "compact_fail"], level: "advanced" },
  ],
  [
    "Compaction Daemon Wakes/sec",
    "compact_daemon_wake",
    "How often the kernel's own compaction (kcompactd) was started.",
    bad,
  ],
  [
    "Compaction Daemon Pages Scanned/sec",
    "compact_daemon_migrate_scanned",
    "Pages looked at by the kernel's own compaction.",
    { ...bad, defaultScale: -3 },
  ],
  [
    "Compaction Free Pages Scanned/sec",
    "compact_free_scanned",
    "Pages looked at by compaction for a place to move others to.",
    { ...bad, defaultScale: -3 },
  ],
  [
    "Compaction Pages Isolated/sec",
    "compact_isolated",
    "Pages that compaction took in order to move them.",
    { ...bad, defaultScale: -3 },
  ],
  [
    "Page Migration Failures/sec",
    "pgmigrate_fail",
    "Pages that could not be moved, because somebody held them.",
    bad,
  ],
  [
    "% THP Fault Fallbacks",
    "thp_fault_fallback",
    "Share of the page faults that wanted a huge page and did not get one. High, programs run with " +
      "small pages and more TLB misses although huge pages are on.",
    {
      ...share,
      better: "lower",
      base: ["thp_fault_alloc", "thp_fault_fallback"],
      level: "advanced",
    },
  ],
  [
    "THP Charge Fallbacks/sec",
    "thp_fault_fallback_charge",
    "Page faults that did not get a huge page because their cgroup's limit left no room for it.",
    bad,
  ],
  [
    "THP Collapse Failures/sec",
    "thp_collapse_alloc_failed",
    "Huge pages that khugepaged wanted to put together without finding room.",
    bad,
  ],
  [
    "THP Split Failures/sec",
    "thp_split_page_failed",
    "Huge pages that could not be split, because somebody held them.",
    bad,
  ],
  [
    "THP Deferred Splits/sec",
    "thp_deferred_split_page",
    "Huge pages of which a part was given back: they wait to be split, and hold the memory till then.",
    bad,
  ],
  [
    "THP Mapping Splits/sec",
    "thp_split_pmd",
    "Mappings of huge pages cut into small ones, the page itself staying whole.",
    bad,
  ],
  [
    "THP Swap Out Fallbacks/sec",
    "thp_swpout_fallback",
    "Huge pages split in order to swap them out: no room in swap in one piece.",
    bad,
  ],
  ["THP Zero Pages/sec", "thp_zero_page_alloc", "Huge pages of zeros made for reading.", neutral],
  [
    "THP File Allocations/sec",
    "thp_file_alloc",
    "Huge pages made for shared memory and files.",
    neutral,
  ],
  [
    "THP File Fallbacks/sec",
    "thp_file_fallback",
    "Shared memory and files that wanted a huge page and got small ones.",
    bad,
  ],
  [
    "THP File Mappings/sec",
    "thp_file_mapped",
    "Huge pages of files mapped into programs.",
    neutral,
  ],
  ["THP Migrations/sec", "thp_migration_success", "Huge pages moved in one piece.", neutral],
  ["THP Migration Failures/sec", "thp_migration_fail", "Huge pages that could not be moved.", bad],
  [
    "Anonymous Huge Pages",
    "nr_anon_transparent_hugepages",
    "Transparent huge pages that programs' own memory has now.",
    { ...COUNT_GAUGE, level: "advanced", use: "information" },
  ],
  [
    "Huge Page Pool Allocations/sec",
    "htlb_buddy_alloc_success",
    "Huge pages that the pool (vm.nr_hugepages) got from the rest of memory.",
    neutral,
  ],
  [
    "Huge Page Pool Failures/sec",
    "htlb_buddy_alloc_fail",
    "Huge pages that the pool wanted and did not get, because memory is fragmented.",
    { ...bad, use: "errors" },
  ],
  [
    "NUMA Foreign Allocations/sec",
    "numa_foreign",
    "Pages that were wanted from one node and had to come from another.",
    bad,
  ],
  [
    "NUMA Local Allocations/sec",
    "numa_local",
    "Pages allocated on the node of the CPU that asked.",
    { ...neutral, better: "higher" },
  ],
  [
    "NUMA Page Table Updates/sec",
    "numa_pte_updates",
    "Pages that automatic NUMA balancing made fault in order to see who uses them.",
    { ...bad, defaultScale: -3 },
  ],
  [
    "% NUMA Hint Faults Local",
    "numa_hint_faults_local",
    "Share of these faults in which the page was on the node of the CPU already. Low: memory and its " +
      "users are apart, and balancing has yet to bring them together.",
    { ...share, better: "higher", base: ["numa_hint_faults"], level: "advanced" },
  ],
  [
    "Zswap Pages Written Back/sec",
    "zswpwb",
    "Compressed pages that zswap had to write to the swap device after all.",
    bad,
  ],
  [
    "Zero Pages Swapped In/sec",
    "swpin_zero",
    "Pages of zeros back from swap, which cost no I/O.",
    neutral,
  ],
  [
    "Zero Pages Swapped Out/sec",
    "swpout_zero",
    "Pages of zeros swapped out, which cost no I/O.",
    neutral,
  ],
  [
    "Same Page Merging Copies/sec",
    "cow_ksm",
    "Pages shared by same-page merging (KSM) that were written to and had to be copied.",
    bad,
  ],
  [
    "Slab Cache Drops",
    "drop_slab",
    "How often somebody emptied the caches of kernel objects through vm.drop_caches in the interval.",
    { type: "delta", unit: "count", level: "advanced", use: "information" },
  ],
  [
    "Balloon Pages Deflated/sec",
    "balloon_deflate",
    "Pages that the hypervisor gave back through the balloon driver.",
    { ...neutral, resource: "virtualization" },
  ],
  [
    "Kernel Mapping Splits/sec",
    ["direct_map_level2_splits", "direct_map_level3_splits"],
    "Large pages of the kernel's own map of memory that were cut up, for modules, BPF programs or " +
      "protection. They are not put together again for long: the kernel has more TLB misses.",
    bad,
  ],
];

export const PAGING_ADVANCED_COUNTERS: readonly Counter[] = ROWS.map(([name, value, help, parts]) =>
  declare(name, value, help, parts),
);
