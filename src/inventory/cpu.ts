import type { CpuInfo } from "../procfs/cpuinfo.ts";
import { readFrequency, type FrequencyInventory } from "./cpu-frequency.ts";
import { readIdle, type IdleInventory } from "./cpu-idle.ts";
import { defined, listFolder, readFlag, readInteger, readText, sizeInBytes } from "./read-text.ts";

/** Processors as the kernel shows them; in a guest these are virtual ones. */
export interface CpuInventory extends FrequencyInventory {
  readonly model?: string;
  /** `GenuineIntel`, `AuthenticAMD`, `User Mode Linux`. */
  readonly vendor?: string;
  readonly sockets?: number;
  /** Physical cores of all sockets. */
  readonly cores?: number;
  /** CPUs online: hardware threads. */
  readonly logicalCpus: number;
  /** CPUs that are there and switched off; absent when there are none. */
  readonly offlineCpus?: number;
  /** CPUs taken from the scheduler (`isolcpus`), and without its tick (`nohz_full`): `2-7`. */
  readonly isolatedCpus?: string;
  readonly ticklessCpus?: string;
  readonly numaNodes?: number;
  /** More than one hardware thread per core is in use. */
  readonly simultaneousMultithreading?: boolean;
  /** `on`, `off`, `forceoff`, `notsupported`: what the kernel was told of it. */
  readonly multithreadingControl?: string;
  /** Clock the processor is sold with; where the clock does not change, that clock. */
  readonly nominalMHz?: number;
  /** Last-level cache of one socket. */
  readonly cacheBytes?: number;
  /** Caches of the first CPU: `L1d`, `L1i`, `L2`, `L3`. */
  readonly caches?: Readonly<Record<string, CacheInventory>>;
  /** Version of the processor's microcode: `0x2007006`. */
  readonly microcode?: string;
  /** What the processor can do: `avx2`, `aes`, ... sorted. */
  readonly flags?: readonly string[];
  readonly idle?: IdleInventory;
  /** Per weakness of processors what the kernel does about it, in its words; it may cost much. */
  readonly mitigations?: Readonly<Record<string, string>>;
}

export interface CacheInventory {
  readonly sizeBytes?: number;
  /** CPUs that share one of them. */
  readonly sharedBy?: number;
}

export function readCpu(info: CpuInfo, sysRoot: string): CpuInventory {
  const cpus = `${sysRoot}/devices/system/cpu`;
  const topology = info.cores === undefined ? topologyOf(cpus) : undefined;
  const { baseMHz, ...frequency } = readFrequency(cpus);
  const online = info.logicalCpus || countCpus(readText(`${cpus}/online`) ?? "");
  const offline = countCpus(readText(`${cpus}/present`) ?? "") - online;
  const nodes = listFolder(`${sysRoot}/devices/system/node`).filter((name) =>
    /^node\d+$/.test(name),
  );
  return defined<CpuInventory>({
    model: info.model,
    vendor: info.vendor,
    sockets: info.sockets ?? topology?.sockets,
    cores: info.cores ?? topology?.cores,
    logicalCpus: online,
    offlineCpus: offline > 0 ? offline : undefined,
    isolatedCpus: readText(`${cpus}/isolated`),
    ticklessCpus: cpuList(readText(`${cpus}/nohz_full`)),
    numaNodes: nodes.length || undefined,
    simultaneousMultithreading: readFlag(`${cpus}/smt/active`),
    multithreadingControl: readText(`${cpus}/smt/control`),
    nominalMHz: baseMHz ?? statedMHz(info.model) ?? fixedMHz(info, frequency.maxMHz),
    ...frequency,
    cacheBytes: info.cacheBytes,
    caches: readCaches(`${cpus}/cpu0/cache`),
    microcode: info.microcode,
    flags: info.flags.size > 0 ? [...info.flags].sort() : undefined,
    idle: readIdle(cpus, sysRoot),
    mitigations: readMitigations(`${cpus}/vulnerabilities`),
  });
}

/** `Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz` states its nominal clock. */
function statedMHz(model = ""): number | undefined {
  const match = /@ (\d+(?:\.\d+)?)\s*GHz/.exec(model);
  return match ? Math.round(Number(match[1]) * 1000) : undefined;
}

/** Without frequency scaling (most guests) the clock shown is the nominal one; else it wanders. */
function fixedMHz(info: CpuInfo, maxMHz: number | undefined): number | undefined {
  return maxMHz === undefined ? info.currentMHz : undefined;
}

function readCaches(folder: string): CpuInventory["caches"] {
  const caches: Record<string, CacheInventory> = {};
  for (const index of listFolder(folder)) {
    const level = readInteger(`${folder}/${index}/level`);
    if (level === undefined) continue;
    const type = readText(`${folder}/${index}/type`);
    const kind = type === "Data" ? "d" : type === "Instruction" ? "i" : "";
    const shared = countCpus(readText(`${folder}/${index}/shared_cpu_list`) ?? "");
    caches[`L${level}${kind}`] = defined<CacheInventory>({
      sizeBytes: sizeInBytes(readText(`${folder}/${index}/size`)),
      sharedBy: shared || undefined,
    });
  }
  return Object.keys(caches).length > 0 ? caches : undefined;
}

/** The same sentence for each weakness that this processor does not have tells nothing. */
function readMitigations(folder: string): CpuInventory["mitigations"] {
  const names = listFolder(folder);
  if (names.length === 0) return undefined;
  const mitigations: Record<string, string> = {};
  for (const name of names) {
    const text = readText(`${folder}/${name}`);
    if (text !== undefined && text !== "Not affected") mitigations[name] = text;
  }
  return mitigations;
}

/** `(null)` is what the kernel prints for a list that was never set. */
function cpuList(text: string | undefined): string | undefined {
  return text === "(null)" ? undefined : text;
}

/** Where /proc/cpuinfo has no ids (ARM); a package id of -1 means that the firmware did not tell. */
function topologyOf(cpus: string): { sockets?: number; cores?: number } {
  const packages = new Set<string>();
  const cores = new Set<string>();
  for (const name of listFolder(cpus)) {
    if (!/^cpu\d+$/.test(name)) continue;
    const core = readText(`${cpus}/${name}/topology/core_id`);
    const socket = readText(`${cpus}/${name}/topology/physical_package_id`);
    if (socket !== undefined && socket !== "-1") packages.add(socket);
    if (core !== undefined) cores.add(`${socket ?? ""}/${core}`);
  }
  return {
    ...(packages.size > 0 ? { sockets: packages.size } : {}),
    ...(cores.size > 0 ? { cores: cores.size } : {}),
  };
}

/** CPUs in a kernel list such as `0-3,8-11`. */
export function countCpus(list: string): number {
  let count = 0;
  for (const range of list.split(",")) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(range.trim());
    if (match) count += Number(match[2] ?? match[1]) - Number(match[1]) + 1;
  }
  return count;
}
