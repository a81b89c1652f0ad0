/**
 * State shares: what limited a host in each bucket, as shares of its time that sum to 1.
 *
 * Time on a CPU and time stalled for a resource follow each other in one task; in several they
 * overlap. The overlap is contested: it goes to the side that is waited for more, so that a CPU that has
 * time left does not take it from a disk that tasks stand still for. Cause before symptom: I/O that is
 * paging is memory's, and time taken by the hypervisor is not the CPU's.
 */
import { LINK_FULL_AT, LINK_FULL_FROM, type MeasureColumns, type PsiUse } from "./measures.ts";
import { byState, STATES, type StateName } from "./resources.ts";
import type { HostColumns } from "./side.ts";
import { clamp, ramp } from "./statistics/round.ts";

export interface HostStates {
  readonly name: string;
  /** Share of each bucket in which the host had work, 0 to 1; NaN where nothing is known. */
  readonly active: Float64Array;
  /** Per resource the share of each bucket that it limited; they sum to `active`. */
  readonly shares: Readonly<Record<StateName, Float64Array>>;
}

export function hostStates(host: HostColumns, measures: MeasureColumns, psi: PsiUse): HostStates {
  const length = measures.cpuUse?.length ?? 0;
  const active = new Float64Array(length).fill(NaN);
  const shares = byState(() => 0) as unknown as Record<StateName, Float64Array>;
  for (const state of STATES) shares[state] = new Float64Array(length);
  for (let b = 0; b < length; b++) {
    const use = measures.cpuUse![b]! / 100;
    if (use !== use) continue;
    const share = (id: keyof MeasureColumns) => {
      const value = measures[id]?.[b] ?? 0;
      return value === value ? clamp(value / 100) : 0;
    };
    // With jiffies missing, percentages are of the time the guest had.
    const had = 1 - share("missing");
    const taken = share("steal") * had + share("missing");
    const wanted = use * had + taken;
    const takenPart = wanted > 0 ? taken / wanted : 0;
    const ioStalled = share("diskStall");
    const memoryStalled = share("memoryStall");
    // Estimated, a shortage takes CPU time (faults, reclaim) beyond what it waits for the disk.
    const reclaiming = psi.memory ? 0 : Math.max(0, memoryStalled - ioStalled);
    const onCpu = Math.max(0, Math.min(1, wanted * host.cpus) - reclaiming);
    const diskOnly = Math.max(0, ioStalled - memoryStalled);
    // A full link holds up whoever uses it; lost segments only what does nothing else meanwhile.
    const noIo = clamp(1 - diskOnly - memoryStalled);
    const fullLink = ramp(measures.linkUse?.[b] ?? NaN, LINK_FULL_FROM, LINK_FULL_AT) * noIo;
    const lost = share("networkStall") * clamp(noIo - onCpu);
    const network = Math.max(fullLink, lost);

    const stalled = Math.min(1, diskOnly + memoryStalled + network);
    const contested = Math.max(0, onCpu + stalled - 1);
    const waits = share("cpuWait") + stalled;
    const toCpu = waits > 0 ? share("cpuWait") / waits : 1;
    const cpu = onCpu - contested * (1 - toCpu);
    const perStall =
      stalled > 0 ? (stalled - contested * toCpu) / (diskOnly + memoryStalled + network) : 0;
    active[b] = cpu + perStall * (diskOnly + memoryStalled + network);
    shares.cpu[b] = cpu * (1 - takenPart);
    shares.virtualization[b] = cpu * takenPart;
    shares.memory[b] = memoryStalled * perStall;
    shares.disk[b] = diskOnly * perStall;
    shares.network[b] = network * perStall;
  }
  return { name: host.name, active, shares };
}
