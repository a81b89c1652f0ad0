import type { CpuInfo } from "../procfs/cpuinfo.ts";
import { defined, listFolder, readFlag, readInteger, readText } from "./read-text.ts";

/** Processors as the kernel shows them; in a guest these are virtual ones. */
export interface CpuInventory {
  readonly model?: string;
  /** `GenuineIntel`, `AuthenticAMD`, `User Mode Linux`. */
  readonly vendor?: string;
  readonly sockets?: number;
  /** Physical cores of all sockets. */
  readonly cores?: number;
  /** CPUs online: hardware threads. */
  readonly logicalCpus: number;
  readonly numaNodes?: number;
  /** More than one hardware thread per core is in use. */
  readonly simultaneousMultithreading?: boolean;
  /** Clock the processor is sold with; where the clock does not change, that clock. */
  readonly nominalMHz?: number;
  /** Highest clock the kernel may choose, turbo included; absent in most guests. */
  readonly maxMHz?: number;
  /** Last-level cache of one socket. */
  readonly cacheBytes?: number;
  /** `cpufreq` driver and governor of the first CPU; absent in most guests. */
  readonly frequencyDriver?: string;
  readonly frequencyGovernor?: string;
}

export function readCpu(info: CpuInfo, sysRoot: string): CpuInventory {
  const cpus = `${sysRoot}/devices/system/cpu`;
  const frequency = `${cpus}/cpu0/cpufreq`;
  const topology = info.cores === undefined ? topologyOf(cpus) : undefined;
  const maxKHz = readInteger(`${frequency}/cpuinfo_max_freq`);
  const baseKHz = readInteger(`${frequency}/base_frequency`);
  const nodes = listFolder(`${sysRoot}/devices/system/node`).filter((name) =>
    /^node\d+$/.test(name),
  );
  return defined<CpuInventory>({
    model: info.model,
    vendor: info.vendor,
    sockets: info.sockets ?? topology?.sockets,
    cores: info.cores ?? topology?.cores,
    logicalCpus: info.logicalCpus || countCpus(readText(`${cpus}/online`) ?? ""),
    numaNodes: nodes.length || undefined,
    simultaneousMultithreading: readFlag(`${cpus}/smt/active`),
    nominalMHz: baseKHz ? baseKHz / 1000 : (statedMHz(info.model) ?? fixedMHz(info, maxKHz)),
    maxMHz: maxKHz ? maxKHz / 1000 : undefined,
    cacheBytes: info.cacheBytes,
    frequencyDriver: readText(`${frequency}/scaling_driver`),
    frequencyGovernor: readText(`${frequency}/scaling_governor`),
  });
}

/** `Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz` states its nominal clock. */
function statedMHz(model = ""): number | undefined {
  const match = /@ (\d+(?:\.\d+)?)\s*GHz/.exec(model);
  return match ? Math.round(Number(match[1]) * 1000) : undefined;
}

/** Without frequency scaling (most guests) the clock shown is the nominal one; else it wanders. */
function fixedMHz(info: CpuInfo, maxKHz: number | undefined): number | undefined {
  return maxKHz === undefined ? info.currentMHz : undefined;
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
