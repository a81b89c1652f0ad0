/**
 * State shares: what limited a host in each bucket, as shares of its time that sum to 1.
 *
 * A resource's weight is the share of time in which something was with it (a CPU ran, a task waited
 * for the disk), plus the share in which all or many waited, so that a crowd counts for more than a
 * single wait. Cause before symptom: I/O that is paging is memory's, and time taken by the
 * hypervisor is not the CPU's.
 */
import type { MeasureColumns, PsiUse } from "./measures.ts";
import { byState, STATES, type StateName } from "./resources.ts";
import type { HostColumns } from "./side.ts";
import { clamp } from "./statistics/round.ts";

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
    // Where all that is left of the CPUs waits for I/O, nothing else went on.
    const crowd = psi.io ? fullStall(host, b) : share("ioWait");
    const crowdOfMemory = ioStalled > 0 ? clamp(memoryStalled / ioStalled) * crowd : 0;
    const linkLimited = share("networkStall") * clamp(1 - ioStalled - memoryStalled);
    const computing = onCpu * (1 + share("cpuWait"));
    const weights = {
      cpu: computing * (1 - takenPart),
      memory: memoryStalled + crowdOfMemory,
      disk: diskOnly + (ioStalled > 0 ? crowd * (diskOnly / ioStalled) : 0),
      network: 2 * linkLimited,
      virtualization: computing * takenPart,
    };
    const sum =
      weights.cpu + weights.memory + weights.disk + weights.network + weights.virtualization;
    const level = Math.min(1, onCpu + diskOnly + memoryStalled + linkLimited);
    active[b] = level;
    if (sum <= 0) continue;
    for (const [state, weight] of Object.entries(weights) as [StateName, number][]) {
      shares[state][b] = (level * weight) / sum;
    }
  }
  return { name: host.name, active, shares };
}

function fullStall(host: HostColumns, bucket: number): number {
  const value = host.signals.get("ioFull")?.[bucket] ?? 0;
  return value === value ? clamp(value / 100) : 0;
}
