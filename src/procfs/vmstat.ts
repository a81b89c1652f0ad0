/**
 * `/proc/vmstat`: the virtual memory subsystem's gauges (`nr_*`, pages) and event counters.
 * https://docs.kernel.org/admin-guide/mm/index.html; names in the kernel's `mm/vmstat.c`.
 */
import { NumberTable } from "../util/number-table.ts";
import { keyedLines } from "./naming.ts";

/** Names as in the file: `pgfault`, `nr_dirty`. */
export function vmstatTable(): NumberTable {
  return new NumberTable(keyedLines);
}

/** Of the entries called `nr_*`, and beside them, those that go the other way than their name. */
const COUNTERS_CALLED_NR: ReadonlySet<string> = new Set([
  "nr_vmscan_write",
  "nr_vmscan_immediate_reclaim",
  "nr_dirtied",
  "nr_written",
  "nr_throttled_written",
  "nr_foll_pin_acquired",
  "nr_foll_pin_released",
  "nr_tlb_remote_flush",
  "nr_tlb_remote_flush_received",
  "nr_tlb_local_flush_all",
  "nr_tlb_local_flush_one",
]);

/** Prefixes of event counters; what is not known to be one is taken for a gauge, which never resets. */
const COUNTER_PREFIXES =
  /^(pg|psw|numa_|workingset_|allocstall|slabs_scanned|kswapd_|pageoutrun|drop_|oom_kill|zone_reclaim_|compact_|htlb_|unevictable_|thp_|balloon_|swap_ra|swpin_|swpout_|ksm_|cow_ksm|zswp|direct_map_level|vma_lock_|cma_|kstack_)/;

/** Whether an entry only grows. `workingset_nodes` counts nodes that there are: a gauge. */
export function isVmstatCounter(name: string): boolean {
  if (name === "workingset_nodes") return false;
  return COUNTERS_CALLED_NR.has(name) || COUNTER_PREFIXES.test(name);
}

/** Entries that a kernel has beyond the declared ones, as fields. */
export function undeclaredVmstat(
  present: Iterable<string>,
  declared: readonly { readonly id: string }[],
): { readonly id: string; readonly kind: "counter" | "gauge" }[] {
  const known = new Set(declared.map(({ id }) => id));
  return [...present]
    .filter((id) => !known.has(id))
    .map((id) => ({ id, kind: isVmstatCounter(id) ? "counter" : "gauge" }));
}
