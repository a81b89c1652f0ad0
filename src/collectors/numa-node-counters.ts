/** The declaration of `NUMA Node Memory`. */
import { type CounterObject, counterFields, gaugeFields } from "../counter/declaration.ts";
import { type CounterParts, declareFor } from "./declare.ts";

const declare = declareFor({
  file: "/sys/devices/system/node/<node>/vmstat",
  doc: "https://docs.kernel.org/admin-guide/numastat.html",
  resource: "memory",
});

const MEGABYTE = 2 ** 20;

const allocations: CounterParts = { use: "throughput", defaultScale: -3 };
const bad: CounterParts = { ...allocations, use: "saturation", better: "lower" };
const share: CounterParts = { type: "fraction", unit: "%", use: "saturation", better: "higher" };
const ofZones: CounterParts = { group: "zones", file: "/proc/zoneinfo" };

/** @param pageSizeBytes what the kernel counts in */
export function nodeObject(pageSizeBytes: number): CounterObject {
  const size: CounterParts = {
    type: "gauge",
    unit: "MB",
    scale: pageSizeBytes / MEGABYTE,
    defaultScale: -3,
    use: "information",
  };
  const advanced: CounterParts = { ...size, level: "advanced" };
  return {
    name: "NUMA Node Memory",
    help:
      "Memory per NUMA node: the part that belongs to one socket or group of cores. A host can have " +
      "gigabytes free on one node while programs on the other wait for reclaim, and memory of " +
      "another node is slower. A host without NUMA has one node, 0.",
    instances: { what: "one per NUMA node that has memory", total: false },
    cadence: "every-sample",
    groups: [
      {
        id: "vmstat",
        fields: [
          ...gaugeFields(
            (
              "nr_free_pages nr_active_file nr_inactive_file nr_active_anon " +
              "nr_inactive_anon nr_unevictable nr_anon_pages nr_file_pages nr_mapped nr_shmem " +
              "nr_dirty nr_writeback nr_slab_reclaimable nr_slab_unreclaimable " +
              "nr_anon_transparent_hugepages nr_kernel_stack nr_page_table_pages"
            ).split(" "),
          ),
          ...counterFields(
            (
              "numa_hit numa_miss numa_foreign numa_interleave numa_local numa_other " +
              "workingset_refault_file workingset_refault_anon nr_dirtied nr_written " +
              "pgpromote_success pgdemote_kswapd pgdemote_direct"
            ).split(" "),
          ),
        ],
      },
      // Every 10 s: sums over the node's zones.
      { id: "zones", fields: gaugeFields("free min low high present managed".split(" ")) },
    ],
    counters: [
      declare(
        "Total MBytes",
        "managed",
        "Memory of the node that the kernel hands out: what is installed less what firmware and the " +
          "kernel's own image keep. Nodes of unequal size are a module in the wrong slot, or a " +
          "virtual machine cut that way.",
        {
          ...size,
          ...ofZones,
          use: "capacity",
          better: "higher",
          equivalents: ["numastat -m MemTotal"],
        },
      ),
      declare(
        "Available MBytes",
        ["nr_free_pages", "nr_active_file", "nr_inactive_file", "nr_slab_reclaimable"],
        "Free memory, file cache and reclaimable kernel objects of the node: what programs there can " +
          "get without swapping or going to another node. Somewhat more than the kernel's own " +
          "estimate for the whole host (Memory, Available Bytes), which keeps a part of the cache back.",
        { ...size, use: "saturation", better: "higher" },
      ),
      declare(
        "Free MBytes",
        "nr_free_pages",
        "Memory of the node used for nothing at all. Little is normal, the rest is cache; when it " +
          "falls below the low watermark, reclaim starts on this node.",
        { ...size, better: "higher", equivalents: ["numastat -m MemFree"] },
      ),
      declare(
        "% Free to Low Watermark",
        "free",
        "Free memory against the mark at which the background reclaimer (kswapd) of this node wakes " +
          "up. Near 100 % reclaim is at work; well below it, programs have to reclaim themselves.",
        { ...share, ...ofZones, base: ["low"] },
      ),
      declare("File Cache MBytes", "nr_file_pages", "File cache and shared memory on the node.", {
        ...size,
        equivalents: ["numastat -m FilePages"],
      }),
      declare(
        "Anonymous MBytes",
        "nr_anon_pages",
        "Programs' own memory (heaps, stacks) on the node. Much more on one node than on the others: " +
          "a large process is bound there or was started there.",
        { ...size, equivalents: ["numastat -m AnonPages"] },
      ),
      declare("Mapped MBytes", "nr_mapped", "Files mapped into programs, on this node.", advanced),
      declare("Shared Memory MBytes", "nr_shmem", "Shared memory and tmpfs on the node.", advanced),
      declare("Active File MBytes", "nr_active_file", "File cache that was used more than once.", {
        ...advanced,
      }),
      declare("Inactive File MBytes", "nr_inactive_file", "File cache used once: dropped first.", {
        ...advanced,
      }),
      declare(
        "Active Anonymous MBytes",
        "nr_active_anon",
        "Programs' own memory that was used lately.",
        advanced,
      ),
      declare(
        "Inactive Anonymous MBytes",
        "nr_inactive_anon",
        "Programs' own memory not used lately: first to be swapped out.",
        advanced,
      ),
      declare(
        "Unevictable MBytes",
        "nr_unevictable",
        "Memory of the node that cannot be reclaimed, locked by programs most of all.",
        advanced,
      ),
      declare(
        "Dirty MBytes",
        "nr_dirty",
        "File data on the node that has yet to be written to disk.",
        { ...advanced, resource: "disk", better: "lower" },
      ),
      declare(
        "Writeback MBytes",
        "nr_writeback",
        "File data on the node that is on its way to disk right now.",
        { ...advanced, resource: "disk", better: "lower" },
      ),
      declare(
        "Kernel Slab Reclaimable MBytes",
        "nr_slab_reclaimable",
        "Kernel objects on the node that can be dropped (cached inodes, directory entries).",
        advanced,
      ),
      declare(
        "Kernel Slab Unreclaimable MBytes",
        "nr_slab_unreclaimable",
        "Kernel objects on the node that are in use.",
        { ...advanced, better: "lower" },
      ),
      declare("Page Table MBytes", "nr_page_table_pages", "Page tables that lie on the node.", {
        ...advanced,
        better: "lower",
      }),
      declare(
        "NUMA Hits/sec",
        "numa_hit",
        "Pages that were wanted from this node and came from it.",
        { ...allocations, better: "higher", equivalents: ["numastat numa_hit"] },
      ),
      declare(
        "NUMA Misses/sec",
        "numa_miss",
        "Pages that came from this node although another was wanted, because that one was full. " +
          "The node that was wanted counts them as foreign.",
        { ...bad, equivalents: ["numastat numa_miss"] },
      ),
      declare(
        "NUMA Foreign Allocations/sec",
        "numa_foreign",
        "Pages that were wanted from this node and had to come from another: this node is short of " +
          "memory although the host may not be.",
        { ...bad, equivalents: ["numastat numa_foreign"] },
      ),
      declare(
        "NUMA Interleaved Allocations/sec",
        "numa_interleave",
        "Pages that came from this node because its turn had come (memory policy interleave).",
        { ...allocations, level: "advanced", equivalents: ["numastat interleave_hit"] },
      ),
      declare(
        "NUMA Local Allocations/sec",
        "numa_local",
        "Pages that came from this node while the program ran on a CPU of it.",
        { ...allocations, better: "higher", equivalents: ["numastat local_node"] },
      ),
      declare(
        "NUMA Other Node Allocations/sec",
        "numa_other",
        "Pages that came from this node while the program ran on another: each access goes over the " +
          "link between the sockets.",
        { ...bad, equivalents: ["numastat other_node"] },
      ),
      declare(
        "% Local Allocations",
        "numa_local",
        "Share of the pages taken from this node that went to programs running on it. Clearly below " +
          "100 % under load: processes and their memory are apart (numactl, cpusets, scheduling).",
        { ...share, base: ["numa_local", "numa_other"] },
      ),
      declare(
        "Refaults of File Pages/sec",
        "workingset_refault_file",
        "File pages read from disk again soon after this node had evicted them.",
        { ...bad, since: "5.9", level: "advanced" },
      ),
      declare(
        "Refaults of Anonymous Pages/sec",
        "workingset_refault_anon",
        "Programs' pages that came back from swap soon after this node had evicted them.",
        { ...bad, since: "5.9", level: "advanced" },
      ),
      declare(
        "Pages Dirtied/sec",
        "nr_dirtied",
        "Pages of files on the node that were written to.",
        {
          ...allocations,
          resource: "disk",
          level: "advanced",
        },
      ),
      declare("Pages Written Back/sec", "nr_written", "Dirty pages of the node written to disk.", {
        ...allocations,
        resource: "disk",
        level: "advanced",
      }),
      declare(
        "Pages Promoted/sec",
        "pgpromote_success",
        "Pages moved to this node from a slower tier of memory (CXL, persistent memory) because they " +
          "are in use. Newer kernels only.",
        { ...allocations, level: "advanced" },
      ),
      declare(
        "Pages Demoted/sec",
        ["pgdemote_kswapd", "pgdemote_direct"],
        "Pages moved from this node to a slower tier of memory instead of being evicted. " +
          "Newer kernels only.",
        { ...bad, level: "advanced" },
      ),
    ],
  };
}
