/**
 * State shares: what limited a host in each bucket, as shares of its time that sum to 1.
 *
 * Time on a CPU and time stalled for a resource follow each other in one task; in several they
 * overlap. The overlap is contested: it goes to the side that is waited for more, so that a CPU that has
 * time left does not take it from a disk that tasks stand still for. Cause before symptom: I/O that is
 * paging is memory's, I/O of a remote file system is the network's, and time taken by the hypervisor is
 * not the CPU's.
 */
import type { MeasureColumns, PsiUse } from "./measures.ts";
import { byState, STATES, type StateName } from "./resources.ts";
import type { HostColumns } from "./side.ts";
import { clamp, ramp } from "./statistics/round.ts";
import { DEFAULT_THRESHOLDS, type Thresholds } from "./thresholds.ts";

export interface HostStates {
  readonly name: string;
  readonly role: string;
  /** Share of each bucket in which the host had work, 0 to 1; NaN where nothing is known. */
  readonly active: Float64Array;
  /** Per resource the share of each bucket that it limited; they sum to `active`. */
  readonly shares: Readonly<Record<StateName, Float64Array>>;
}

/** What only the two runs together tell (`causes.ts`). */
export interface Causes {
  /** Hosts that wait while they exchange packets wait for what is at the other end. */
  readonly exchange: boolean;
  /** Part of the time lost to paging that is for lack of memory; the rest is a slower disk's. */
  readonly memoryPart: number;
}

export const NO_CAUSES: Causes = { exchange: false, memoryPart: 1 };

export function hostStates(
  host: HostColumns,
  measures: MeasureColumns,
  psi: PsiUse,
  limits: Thresholds = DEFAULT_THRESHOLDS,
  causes: Causes = NO_CAUSES,
  unread: Float64Array = new Float64Array(0),
): HostStates {
  const length = measures.cpuUse?.length ?? 0;
  const active = new Float64Array(length).fill(NaN);
  const shares = byState(() => 0) as unknown as Record<StateName, Float64Array>;
  for (const state of STATES) shares[state] = new Float64Array(length);
  const { missing, steal, diskStall, memoryStall, networkStall, sendStall, quotaStop } = measures;
  const packets = host.signals.get("packets");
  for (let b = 0; b < length; b++) {
    const use = measures.cpuUse![b]! / 100;
    if (use !== use) continue;
    // With jiffies missing, percentages are of the time the guest had.
    const missed = shareAt(missing, b);
    const had = 1 - missed;
    const taken = shareAt(steal, b) * had + missed;
    const wanted = use * had + taken;
    const takenPart = wanted > 0 ? taken / wanted : 0;
    const ioStalled = shareAt(diskStall, b);
    const memoryStalled = shareAt(memoryStall, b);
    const cpuWaited = shareAt(measures.cpuWait, b);
    // Estimated, a shortage takes CPU time (faults, reclaim) beyond what it waits for the disk.
    const reclaiming = psi.memory ? 0 : Math.max(0, memoryStalled - ioStalled);
    const computing = computingShare(wanted, host, measures.hottestCpu?.[b] ?? NaN, limits);
    const onCpu = Math.max(0, computing - reclaiming);
    const ioOnly = Math.max(0, ioStalled - memoryStalled);
    const remote = ioOnly * remotePart(host, measures, b, limits);
    const memory = memoryStalled * causes.memoryPart;
    const disk = ioOnly - remote + memoryStalled - memory;
    // A full link holds up whoever uses it; lost segments only what does nothing else meanwhile.
    const noIo = clamp(1 - ioOnly - memoryStalled);
    const unused = clamp(noIo - onCpu);
    const linkUse = measures.linkUse?.[b] ?? NaN;
    const fullLink = ramp(linkUse, limits["link-full-from"], limits["link-full-at"]) * noIo;
    const sending = shareAt(sendStall, b);
    const stall = shareAt(networkStall, b);
    const lost = stall > sending ? stall * unused : 0;
    // Data is under way mostly while its sender has nothing else to do.
    const sent = Math.min(sending * (1 - (unread[b] ?? 0)), unused);
    const held = heldShare(use, cpuWaited, shareAt(quotaStop, b), psi, unused);
    const exchanged = causes.exchange
      ? clamp(unused - held) * exchangePart(packets?.[b], limits)
      : 0;
    const network = remote + Math.max(fullLink, lost, sent, exchanged);

    const stalls = disk + memory + network;
    const stalled = Math.min(1, stalls);
    const contested = Math.max(0, onCpu + stalled - 1);
    const waits = cpuWaited + stalled;
    const toCpu = waits > 0 ? cpuWaited / waits : 1;
    const computed = onCpu - contested * (1 - toCpu);
    const perStall = stalled > 0 ? (stalled - contested * toCpu) / stalls : 0;
    const stopped = Math.min(held, Math.max(0, 1 - computed - perStall * stalls));
    active[b] = computed + stopped + perStall * stalls;
    shares.cpu[b] = computed * (1 - takenPart) + stopped;
    shares.virtualization[b] = computed * takenPart;
    shares.memory[b] = memory * perStall;
    shares.disk[b] = disk * perStall;
    shares.network[b] = network * perStall;
  }
  return { name: host.name, role: host.role, active, shares };
}

/** A percentage as a share; 0 where it is not known. */
function shareAt(column: Float64Array | undefined, bucket: number): number {
  const value = column?.[bucket] ?? 0;
  return value === value ? clamp(value / 100) : 0;
}

/**
 * Share of the time in which the work computed. One thread that computes throughout uses one CPU, of
 * however many, or what a quota leaves of one. Many small loads add up to as much without a thread that
 * anything waits for: then the busiest CPU has little of it.
 */
function computingShare(
  wanted: number,
  { cpus, cpuQuota }: HostColumns,
  hottest: number,
  limits: Thresholds,
): number {
  const most = Math.min(1, (wanted * cpus) / Math.min(1, cpuQuota));
  if (hottest !== hottest || most === 0) return most;
  const oneThread = ramp(hottest / most, limits["one-thread-from"], limits["one-thread-fully"]);
  return most * oneThread + Math.min(most, hottest / 100) * (1 - oneThread);
}

/** Part of what waits for I/O that waits for a file server: by the bytes of each. */
function remotePart(
  { remoteMounts, signals }: HostColumns,
  measures: MeasureColumns,
  bucket: number,
  limits: Thresholds,
): number {
  const local = signals.get("diskBytes")?.[bucket] ?? NaN;
  const part = (remote: number) =>
    remote >= limits["remote-storage-from"] ? remote / (remote + (local > 0 ? local : 0)) : 0;
  if (measures.remoteBytes) return part(measures.remoteBytes[bucket]!);
  const idle = (measures.diskUse?.[bucket] ?? 0) < limits["remote-storage-local"];
  return remoteMounts.length > 0 && idle ? part(signals.get("linkBytes")?.[bucket] ?? NaN) : 0;
}

/**
 * Share of the time in which tasks could run and were not let, though CPUs had time left: a quota.
 * What a group was stopped for is time in which it did nothing else. By chance tasks meet at busy CPUs,
 * too: waiting up to use² (two at a time) is no sign of a quota, and what is beyond may overlap.
 */
function heldShare(
  use: number,
  waited: number,
  stopped: number,
  psi: PsiUse,
  unused: number,
): number {
  const seen = psi.cpu ? clamp(waited - use * use) * unused : 0;
  return Math.max(Math.min(stopped, unused), seen);
}

function exchangePart(packets: number | undefined, limits: Thresholds): number {
  const fewest = limits["exchange-packets"];
  return ramp(packets ?? NaN, fewest / 2, fewest);
}
