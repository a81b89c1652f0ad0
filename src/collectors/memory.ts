import { type CounterObject, gaugeFields } from "../counter/declaration.ts";
import { meminfoTable } from "../procfs/meminfo.ts";
import type { Collector } from "./collector.ts";
import { COUNT_GAUGE, type CounterParts, KIB_GAUGE, declareFor } from "./declare.ts";
import { MEMORY_ADVANCED_COUNTERS } from "./memory-advanced-counters.ts";
import { tableCollector } from "./table-collector.ts";

const declare = declareFor({
  file: "/proc/meminfo",
  doc: "https://docs.kernel.org/filesystems/proc.html#meminfo",
  resource: "memory",
});

/** Every number of the file that kernels have had; what a newer one adds is recorded as well. */
const FIELDS =
  "MemTotal MemFree MemAvailable Buffers Cached SwapCached Active Inactive Active(anon) " +
  "Inactive(anon) Active(file) Inactive(file) Unevictable Mlocked SwapTotal SwapFree Zswap Zswapped " +
  "Dirty Writeback AnonPages Mapped Shmem KReclaimable Slab SReclaimable SUnreclaim KernelStack " +
  "PageTables SecPageTables NFS_Unstable Bounce WritebackTmp CommitLimit Committed_AS VmallocTotal " +
  "VmallocUsed VmallocChunk Percpu HardwareCorrupted AnonHugePages ShmemHugePages ShmemPmdMapped " +
  "FileHugePages FilePmdMapped CmaTotal CmaFree Unaccepted Balloon HugePages_Total HugePages_Free " +
  "HugePages_Rsvd HugePages_Surp Hugepagesize Hugetlb DirectMap4k DirectMap4M DirectMap2M DirectMap1G";

const size: CounterParts = { ...KIB_GAUGE, use: "information" };
const capacity: CounterParts = { ...KIB_GAUGE, use: "capacity", better: "higher" };
const percent: CounterParts = { type: "fraction", unit: "%", use: "utilization", better: "lower" };
const advanced: CounterParts = { ...size, level: "advanced" };

const object: CounterObject = {
  name: "Memory",
  help:
    "What the host's memory is used for. Linux uses free memory as file cache and gives it back " +
    "when programs need it: little free memory is normal, little available memory is not.",
  instances: "none",
  cadence: "every-sample",
  groups: [{ id: "meminfo", fields: gaugeFields(FIELDS.split(" ")) }],
  counters: [
    declare(
      "Total Bytes",
      "MemTotal",
      "Memory the kernel can use: what is installed less what firmware and the kernel's own image keep.",
      { ...capacity, equivalents: ["free total", "sar -r kbmemfree + kbmemused"] },
    ),
    declare(
      "Free Bytes",
      "MemFree",
      "Memory used for nothing at all. A healthy host has little of it, because the rest is file " +
        "cache; judge by Available Bytes.",
      { ...size, better: "higher", equivalents: ["free free", "vmstat free", "sar -r kbmemfree"] },
    ),
    declare(
      "Available Bytes",
      "MemAvailable",
      "The kernel's estimate of what programs can still get without swapping: free memory and the " +
        "cache that can be dropped, less a reserve. This is the number to watch; below some 5 % of " +
        "the total, reclaim and paging start.",
      {
        ...size,
        since: "3.14",
        use: "saturation",
        better: "higher",
        equivalents: ["free available", "sar -r kbavail", "top avail Mem"],
      },
    ),
    declare(
      "% Memory Used",
      ["MemTotal", "-MemAvailable"],
      "Share of memory that programs and the kernel hold and cannot give back without swapping. File " +
        "cache that can be dropped does not count. High is good use as long as nothing is paged.",
      { ...percent, base: ["MemTotal"], equivalents: ["free used / total"] },
    ),
    declare(
      "Used Bytes",
      ["MemTotal", "-MemAvailable"],
      "Memory that is not available to programs: total less available. Tools disagree about used " +
        "memory; this is what free shows since procps 4.",
      { ...size, better: "lower", equivalents: ["free used (procps 4)"] },
    ),
    declare(
      "Buffers Bytes",
      "Buffers",
      "Cache of raw block devices, most of it file system metadata.",
      { ...size, equivalents: ["vmstat buff", "sar -r kbbuffers"] },
    ),
    declare(
      "Cache Bytes",
      "Cached",
      "Contents of files kept in memory, shared memory and tmpfs included (those cannot be dropped). " +
        "If it shrinks while disk reads rise, programs have taken the memory the files lived in.",
      { ...size, equivalents: ["sar -r kbcached"] },
    ),
    declare(
      "Buffers and Cache Bytes",
      ["Buffers", "Cached", "SReclaimable"],
      "Buffers, file cache and the reclaimable kernel caches together, as free adds them up.",
      { ...size, equivalents: ["free buff/cache", "top buff/cache"] },
    ),
    declare(
      "Dirty Bytes",
      "Dirty",
      "File data in memory that has yet to be written to disk. It grows while programs write faster " +
        "than the disk takes it; at vm.dirty_ratio of the available memory writers are made to wait.",
      {
        ...size,
        resource: "disk",
        use: "saturation",
        better: "lower",
        equivalents: ["sar -r kbdirty"],
      },
    ),
    declare("Writeback Bytes", "Writeback", "File data that is on its way to disk right now.", {
      ...size,
      resource: "disk",
      better: "lower",
    }),
    declare(
      "Committed Bytes",
      "Committed_AS",
      "Memory that programs were promised, used or not. Java heaps and forks promise far more than " +
        "they use, so it may be above the total without harm.",
      { ...size, better: "lower", equivalents: ["sar -r kbcommit"] },
    ),
    declare(
      "Commit Limit",
      "CommitLimit",
      "What may be promised when vm.overcommit_memory is 2: swap and a share of memory. With the " +
        "other settings nobody enforces it.",
      { ...capacity },
    ),
    declare(
      "% Committed Bytes In Use",
      "Committed_AS",
      "Committed memory against the commit limit. Above 100 % is possible and harmless unless " +
        "vm.overcommit_memory is 2, where allocations then fail. Unlike sar's %commit it is measured " +
        "against the limit, as in Windows, not against memory and swap.",
      { ...percent, base: ["CommitLimit"] },
    ),
    declare(
      "Swap Total Bytes",
      "SwapTotal",
      "Size of all swap areas. 0 means that memory that programs wrote to can never be paged out: " +
        "short memory then shows as lost file cache and, at the end, as OOM kills.",
      { ...capacity, equivalents: ["free Swap total"] },
    ),
    declare("Swap Free Bytes", "SwapFree", "Swap space not in use.", {
      ...size,
      better: "higher",
      equivalents: ["free Swap free", "sar -S kbswpfree"],
    }),
    declare(
      "% Swap Used",
      ["SwapTotal", "-SwapFree"],
      "Share of swap in use. What was paged out once and never needed again stays there, so a high " +
        "share alone is history; Pages Swapped In/sec says whether it hurts now.",
      { ...percent, base: ["SwapTotal"], equivalents: ["sar -S %swpused"] },
    ),
    declare(
      "Swap Cached Bytes",
      "SwapCached",
      "Pages that were read back from swap and still have their copy there: they can be dropped " +
        "again without writing.",
      { ...advanced, equivalents: ["sar -S kbswpcad"] },
    ),
    declare(
      "Active Bytes",
      "Active",
      "Memory used lately, which reclaim spares as long as it can.",
      { ...advanced, equivalents: ["vmstat -a active", "sar -r kbactive"] },
    ),
    declare("Inactive Bytes", "Inactive", "Memory not used lately: what reclaim takes first.", {
      ...advanced,
      equivalents: ["vmstat -a inact", "sar -r kbinact"],
    }),
    declare(
      "Active Anonymous Bytes",
      "Active(anon)",
      "Programs' own memory that was used lately. Larger than memory means thrashing.",
      { ...advanced },
    ),
    declare(
      "Inactive Anonymous Bytes",
      "Inactive(anon)",
      "Programs' own memory not used lately: first to be swapped out.",
      { ...advanced },
    ),
    declare("Active File Bytes", "Active(file)", "File cache that was used more than once.", {
      ...advanced,
    }),
    declare("Inactive File Bytes", "Inactive(file)", "File cache used once: dropped first.", {
      ...advanced,
    }),
    declare(
      "Unevictable Bytes",
      "Unevictable",
      "Memory that can never be reclaimed: locked by programs (mlock), or ramfs.",
      { ...advanced },
    ),
    declare("Locked Bytes", "Mlocked", "Memory that programs locked with mlock.", { ...advanced }),
    declare(
      "Anonymous Bytes",
      "AnonPages",
      "Programs' own memory (heaps, stacks) that is mapped: what only swap could relieve.",
      { ...size, better: "lower", equivalents: ["sar -r ALL kbanonpg"] },
    ),
    declare("Mapped Bytes", "Mapped", "Files mapped into programs, libraries above all.", {
      ...advanced,
    }),
    declare(
      "Shared Memory Bytes",
      "Shmem",
      "Shared memory and tmpfs. It is part of the cache in the figures but cannot be dropped, only " +
        "swapped: a full /dev/shm looks like cache and is not.",
      { ...size, equivalents: ["free shared"] },
    ),
    declare(
      "Kernel Slab Bytes",
      "Slab",
      "Memory of the kernel's own objects, reclaimable and not.",
      { ...size, equivalents: ["sar -r ALL kbslab", "slabtop"] },
    ),
    declare(
      "Kernel Slab Reclaimable Bytes",
      "SReclaimable",
      "Kernel objects that can be dropped, such as cached directory entries and inodes.",
      { ...advanced },
    ),
    declare(
      "Kernel Slab Unreclaimable Bytes",
      "SUnreclaim",
      "Kernel objects that are in use. Growth without end is a leak in the kernel or a driver.",
      { ...advanced, better: "lower" },
    ),
    declare(
      "Kernel Reclaimable Bytes",
      "KReclaimable",
      "All kernel memory that can be reclaimed: slab and what drivers offer.",
      { ...advanced, since: "4.20" },
    ),
    declare(
      "Kernel Stack Bytes",
      "KernelStack",
      "Stacks of all threads in the kernel, some 16 KiB each.",
      { ...advanced, equivalents: ["sar -r ALL kbkstack"] },
    ),
    declare(
      "Page Table Bytes",
      "PageTables",
      "Memory that describes memory. Gigabytes of it mean many processes sharing a large area " +
        "without huge pages (databases).",
      { ...advanced, better: "lower", equivalents: ["sar -r ALL kbpgtbl"] },
    ),
    declare(
      "Kernel Virtual Allocation Bytes",
      "VmallocUsed",
      "Kernel memory from vmalloc: modules, large tables.",
      { ...advanced, equivalents: ["sar -r ALL kbvmused"] },
    ),
    declare(
      "Per CPU Bytes",
      "Percpu",
      "Kernel memory kept once per CPU; grows with CPUs, cgroups and interfaces.",
      { ...advanced },
    ),
    declare(
      "Hardware Corrupted Bytes",
      "HardwareCorrupted",
      "Memory taken out of use because the hardware found errors in it. Anything above 0: a memory " +
        "module is failing.",
      { ...advanced, use: "errors", better: "lower" },
    ),
    declare(
      "Anonymous Huge Page Bytes",
      "AnonHugePages",
      "Programs' memory backed by transparent huge pages: fewer TLB misses, at the price of " +
        "compaction work.",
      { ...advanced },
    ),
    declare("Swap Compressed Bytes", "Zswap", "Memory that holds compressed pages of zswap.", {
      ...advanced,
    }),
    declare(
      "Balloon Bytes",
      "Balloon",
      "Memory that the hypervisor took back through the balloon driver. Above 0: the physical host " +
        "is short of memory; older kernels do not tell.",
      { ...size, since: "6.16", use: "saturation", resource: "virtualization", better: "lower" },
    ),
    declare(
      "Huge Pages Total",
      "HugePages_Total",
      "Pages of the reserved pool of huge pages. The pool is lost to everybody who does not ask for " +
        "huge pages.",
      { ...COUNT_GAUGE, use: "capacity", level: "advanced" },
    ),
    declare("Huge Pages Free", "HugePages_Free", "Huge pages of the pool that nobody uses.", {
      ...COUNT_GAUGE,
      use: "information",
      level: "advanced",
    }),
    declare(
      "Huge Page Pool Bytes",
      "Hugetlb",
      "Memory in all pools of huge pages, of every size.",
      { ...advanced },
    ),
    ...MEMORY_ADVANCED_COUNTERS,
  ],
};

/** What memory is used for: /proc/meminfo. */
export const memory: Collector = tableCollector(object, [
  { file: "meminfo", manner: "whole", makeTable: meminfoTable, fieldOf: (name) => name },
]);
