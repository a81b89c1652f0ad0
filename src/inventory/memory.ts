import { defined, kilobytesOf, listFolder, readInteger, readText, readWhole } from "./read-text.ts";

export interface MemoryInventory {
  /** Memory the kernel manages. */
  readonly totalBytes?: number;
  /** Of it set aside as huge pages. */
  readonly hugePageBytes?: number;
  /** Pools of huge pages by size of a page (`2048kB`): pages set aside, and allowed beyond them. */
  readonly hugePages?: Readonly<Record<string, HugePagePool>>;
  /** Memory nodes of hosts that have several. */
  readonly nodes?: Readonly<Record<string, MemoryNode>>;
}

export interface HugePagePool {
  readonly pages: number;
  readonly overcommitPages?: number;
}

export interface MemoryNode {
  readonly totalBytes?: number;
  /** `0-11,24-35`; absent for a node that is memory only. */
  readonly cpus?: string;
  /** Relative cost to reach each node, the own one 10: `10 21`. */
  readonly distances?: string;
}

export function readMemory(meminfo: string, sysRoot: string): MemoryInventory {
  return defined<MemoryInventory>({
    totalBytes: kilobytesOf(meminfo, "MemTotal"),
    hugePageBytes: hugePageBytes(meminfo),
    hugePages: readPools(`${sysRoot}/kernel/mm/hugepages`),
    nodes: readNodes(`${sysRoot}/devices/system/node`),
  });
}

/** `Hugetlb` counts all sizes and came with Linux 4.17; before it there are pages of one size. */
function hugePageBytes(meminfo: string): number | undefined {
  const all = kilobytesOf(meminfo, "Hugetlb");
  const pages = /^HugePages_Total:\s+(\d+)$/m.exec(meminfo)?.[1];
  const pageBytes = kilobytesOf(meminfo, "Hugepagesize");
  if (all !== undefined || pages === undefined || pageBytes === undefined) return all;
  return Number(pages) * pageBytes;
}

function readPools(folder: string): MemoryInventory["hugePages"] {
  const pools: Record<string, HugePagePool> = {};
  for (const name of listFolder(folder)) {
    const pages = readInteger(`${folder}/${name}/nr_hugepages`) ?? 0;
    const overcommit = readInteger(`${folder}/${name}/nr_overcommit_hugepages`);
    if (pages === 0 && !overcommit) continue;
    pools[name.replace("hugepages-", "")] = defined<HugePagePool>({
      pages,
      overcommitPages: overcommit || undefined,
    });
  }
  return Object.keys(pools).length > 0 ? pools : undefined;
}

function readNodes(folder: string): MemoryInventory["nodes"] {
  const names = listFolder(folder).filter((name) => /^node\d+$/.test(name));
  if (names.length < 2) return undefined;
  const nodes: Record<string, MemoryNode> = {};
  for (const name of names) {
    const total = /MemTotal:\s+(\d+) kB/.exec(readWhole(`${folder}/${name}/meminfo`))?.[1];
    nodes[name] = defined<MemoryNode>({
      totalBytes: total === undefined ? undefined : Number(total) * 1024,
      cpus: readText(`${folder}/${name}/cpulist`),
      distances: readText(`${folder}/${name}/distance`)?.replace(/\s+/g, " "),
    });
  }
  return nodes;
}

export interface SwapInventory {
  readonly totalBytes?: number;
  /** Devices and files in use, by priority. */
  readonly areas?: readonly string[];
  readonly devices?: Readonly<Record<string, SwapDevice>>;
}

export interface SwapDevice {
  /** `partition`, `file`. */
  readonly type: string;
  readonly sizeBytes: number;
  /** Used first: the highest. */
  readonly priority: number;
}

export function readSwap(meminfo: string, procRoot: string): SwapInventory {
  const rows = readWhole(`${procRoot}/swaps`)
    .split("\n")
    .slice(1)
    .map((line) => line.split(/\s+/))
    .filter((words) => words.length >= 5)
    .sort((a, b) => Number(b[4]) - Number(a[4]));
  const devices: Record<string, SwapDevice> = {};
  for (const [name = "", type = "", kilobytes = "", , priority = ""] of rows) {
    devices[name] = { type, sizeBytes: Number(kilobytes) * 1024, priority: Number(priority) };
  }
  return defined<SwapInventory>({
    totalBytes: kilobytesOf(meminfo, "SwapTotal"),
    areas: rows.length > 0 ? Object.keys(devices) : undefined,
    devices: rows.length > 0 ? devices : undefined,
  });
}
