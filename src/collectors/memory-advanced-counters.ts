/** Counters of `Memory` that matter to who looks closely: huge pages, compressed swap, kernel maps. */
import type { Counter } from "../counter/declaration.ts";
import { COUNT_GAUGE, type CounterParts, KIB_GAUGE, declareFor } from "./declare.ts";

const declare = declareFor({
  file: "/proc/meminfo",
  doc: "https://docs.kernel.org/admin-guide/mm/hugetlbpage.html",
  resource: "memory",
});

const size: CounterParts = { ...KIB_GAUGE, use: "information", level: "advanced" };
const pages: CounterParts = { ...COUNT_GAUGE, use: "information", level: "advanced" };

export const MEMORY_ADVANCED_COUNTERS: readonly Counter[] = [
  declare(
    "Huge Pages Reserved",
    "HugePages_Rsvd",
    "Free huge pages of the pool that programs were promised and have not touched yet.",
    pages,
  ),
  declare(
    "Huge Pages Surplus",
    "HugePages_Surp",
    "Huge pages beyond the pool's size, made on demand (vm.nr_overcommit_hugepages).",
    pages,
  ),
  declare(
    "% Huge Pages Used",
    ["HugePages_Total", "-HugePages_Free"],
    "Share of the pool of huge pages that is in use. A pool that stays nearly empty is memory lost: " +
      "nobody else can have it.",
    {
      type: "fraction",
      unit: "%",
      base: ["HugePages_Total"],
      use: "utilization",
      level: "advanced",
    },
  ),
  declare(
    "Shared Memory Huge Page Bytes",
    "ShmemHugePages",
    "Shared memory and tmpfs in transparent huge pages.",
    size,
  ),
  declare("File Huge Page Bytes", "FileHugePages", "File cache in transparent huge pages.", size),
  declare(
    "Swap Compressed Original Bytes",
    "Zswapped",
    "What the compressed pages of zswap would take without compression. Against Swap Compressed " +
      "Bytes it tells how well they compress.",
    size,
  ),
  declare(
    "Secondary Page Table Bytes",
    "SecPageTables",
    "Page tables of virtual machines that this host runs, and of devices.",
    size,
  ),
  declare(
    "Bounce Buffer Bytes",
    "Bounce",
    "Copies of data for devices that do not reach all of memory; 0 on 64-bit hosts.",
    { ...size, better: "lower" },
  ),
  declare(
    "Kernel Map 4K Bytes",
    "DirectMap4k",
    "Part of the kernel's map of memory in pages of 4 KiB. The more of it, the more TLB misses the " +
      "kernel has; x86 only.",
    { ...size, better: "lower" },
  ),
  declare(
    "Kernel Map 2M Bytes",
    "DirectMap2M",
    "Part of the kernel's map of memory in pages of 2 MiB; x86 only.",
    size,
  ),
  declare(
    "Kernel Map 1G Bytes",
    "DirectMap1G",
    "Part of the kernel's map of memory in pages of 1 GiB; x86 only.",
    { ...size, better: "higher" },
  ),
];
