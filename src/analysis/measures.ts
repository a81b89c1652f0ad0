/**
 * Measures: what is read off the raw signals of a host, per bucket, in the units that people use.
 * Rules and the USE table speak of measures; so do state shares. PSI is used where both sides have
 * it, estimates from queues and waits elsewhere (`psi`), so that both sides are measured alike.
 */
import type { ResourceName } from "./resources.ts";
import type { HostColumns } from "./side.ts";
import { SIGNALS, type SignalId } from "./signals.ts";
import type { SeriesPattern } from "./source.ts";
import { clamp, ramp } from "./statistics/round.ts";

export type MeasureUnit = "%" | "count" | "pages/s" | "1/s" | "ms" | "cpus";

interface MeasureDefinition {
  readonly label: string;
  readonly unit: MeasureUnit;
  readonly resource: ResourceName | "system";
  /** The counter that shows it, with and without PSI. */
  readonly signal: SignalId;
  readonly withoutPsi?: SignalId;
}

export const MEASURES = {
  cpuUse: { label: "CPU utilization", unit: "%", resource: "cpu", signal: "busy" },
  cpuWait: {
    label: "time in which tasks waited for a CPU",
    unit: "%",
    resource: "cpu",
    signal: "cpuSome",
    withoutPsi: "running",
  },
  queuePerCpu: {
    label: "runnable tasks per CPU",
    unit: "count",
    resource: "cpu",
    signal: "running",
  },
  privilegedUse: {
    label: "CPU time in the kernel",
    unit: "%",
    resource: "cpu",
    signal: "privileged",
  },
  steal: {
    label: "CPU time stolen by the hypervisor",
    unit: "%",
    resource: "virtualization",
    signal: "steal",
  },
  missing: {
    label: "CPU time that is missing from the kernel's accounts",
    unit: "%",
    resource: "virtualization",
    signal: "accounted",
  },
  stolen: {
    label: "CPU time taken by the hypervisor",
    unit: "%",
    resource: "virtualization",
    signal: "steal",
  },
  memoryUse: { label: "memory in use", unit: "%", resource: "memory", signal: "available" },
  memoryStall: {
    label: "time in which tasks waited for memory",
    unit: "%",
    resource: "memory",
    signal: "memorySome",
    withoutPsi: "swappedIn",
  },
  swapTraffic: {
    label: "pages swapped in and out",
    unit: "pages/s",
    resource: "memory",
    signal: "swappedIn",
  },
  directScans: {
    label: "pages scanned by tasks that had to wait for memory",
    unit: "pages/s",
    resource: "memory",
    signal: "scannedDirectly",
  },
  majorFaults: {
    label: "major page faults",
    unit: "1/s",
    resource: "memory",
    signal: "majorFaults",
  },
  oomKills: {
    label: "processes killed for lack of memory",
    unit: "count",
    resource: "memory",
    signal: "oomKills",
  },
  ioWait: {
    label: "CPU time idle while I/O was awaited",
    unit: "%",
    resource: "disk",
    signal: "ioWait",
  },
  diskStall: {
    label: "time in which tasks waited for I/O",
    unit: "%",
    resource: "disk",
    signal: "ioSome",
    withoutPsi: "ioWait",
  },
  diskUse: {
    label: "time the busiest disk was busy",
    unit: "%",
    resource: "disk",
    signal: "diskTime",
  },
  diskLatency: {
    label: "time per disk request",
    unit: "ms",
    resource: "disk",
    signal: "diskLatency",
  },
  diskQueue: {
    label: "requests queued at the busiest disk",
    unit: "count",
    resource: "disk",
    signal: "diskQueue",
  },
  linkUse: {
    label: "utilization of the busiest link",
    unit: "%",
    resource: "network",
    signal: "linkUse",
  },
  networkStall: {
    label: "time at the limit of the network",
    unit: "%",
    resource: "network",
    signal: "linkUse",
  },
  retransmitted: {
    label: "TCP segments sent again",
    unit: "%",
    resource: "network",
    signal: "retransmitted",
  },
  linkErrors: { label: "interface errors", unit: "1/s", resource: "network", signal: "linkErrors" },
  linkDrops: {
    label: "packets dropped by interfaces",
    unit: "1/s",
    resource: "network",
    signal: "linkDrops",
  },
  listenOverflows: {
    label: "connections refused by full listen queues",
    unit: "1/s",
    resource: "network",
    signal: "listenOverflows",
  },
  agentUse: {
    label: "CPU used by the recording agent",
    unit: "%",
    resource: "system",
    signal: "agentBusy",
  },
} as const satisfies Record<string, MeasureDefinition>;

export type MeasureId = keyof typeof MEASURES;

export const MEASURE_IDS = Object.keys(MEASURES) as MeasureId[];

/** Which resources both sides have pressure stall information of. */
export interface PsiUse {
  readonly cpu: boolean;
  readonly memory: boolean;
  readonly io: boolean;
}

export type MeasureColumns = Readonly<Partial<Record<MeasureId, Float64Array>>>;

export function measureDefinition(id: MeasureId): MeasureDefinition {
  return MEASURES[id];
}

export function measurePattern(id: MeasureId, psi: PsiUse): SeriesPattern {
  const { signal, withoutPsi, resource } = measureDefinition(id);
  const hasPsi = resource === "cpu" ? psi.cpu : resource === "memory" ? psi.memory : psi.io;
  const { object, counter, instance, across }: SeriesPattern & { across?: string } =
    SIGNALS[withoutPsi && !hasPsi ? withoutPsi : signal];
  const shown = instance ?? (across ? "*" : undefined);
  return { object, counter, ...(shown === undefined ? {} : { instance: shown }) };
}

/**
 * Jiffies of a host that sleeps much may be some percent short without anybody having taken them: only
 * a gap beyond the first counts, and in full from the second on.
 */
const MISSING_FROM_PERCENT = 10;
const MISSING_FULLY_PERCENT = 20;
/** Percent of a link's speed between which it begins to be, and is, the limit. */
export const LINK_FULL_FROM = 70;
export const LINK_FULL_AT = 90;
const PAGE_BYTES = 4096;
/**
 * Without PSI the time lost to a shortage of memory is estimated: what a fault on a swapped page and
 * an allocation that has to reclaim cost, in seconds, on a fast disk, and what kswapd takes of a CPU.
 * (On a slow disk I/O wait tells more.) Fewer swap-ins per second than this are no shortage.
 */
const FAULT_SECONDS = 0.0005;
const ALLOCATION_STALL_SECONDS = 0.002;
const SHORTAGE_SWAP_INS = 20;
/**
 * Below this rate of paging, I/O is not taken for paging. Low, because a slow disk does no more: at
 * 20 ms a request, a task that waits for nothing but its pages gets 50 of them a second.
 */
const PAGING_BYTES_PER_SECOND = 32 * 1024;
/** Refaults tell of a shortage only when little memory is left to take. */
const SHORTAGE_PERCENT = 85;

/** All measures of a host; one whose signals the host lacks is absent. */
export function measureHost(host: HostColumns, psi: PsiUse): MeasureColumns {
  const length = Math.max(0, ...[...host.signals.values()].map((column) => column.length));
  const signal = (id: SignalId) => host.signals.get(id);
  const at = (id: SignalId, bucket: number) => host.signals.get(id)?.[bucket] ?? NaN;
  const or0 = (value: number) => (value === value ? value : 0);
  const column = (needs: readonly SignalId[], valueAt: (bucket: number) => number) =>
    needs.some((id) => signal(id))
      ? Float64Array.from({ length }, (_, b) => valueAt(b))
      : undefined;

  const cpuUse = column(["busy", "idle"], (b) => {
    const idle = at("idle", b);
    const taken = or0(at("ioWait", b)) + or0(at("steal", b));
    return idle === idle
      ? clamp(100 - idle - taken, 0, 100)
      : clamp(at("busy", b) - or0(at("steal", b)), 0, 100);
  });
  // The reader of the run queue is itself in it.
  const queue = (b: number) => Math.max(0, at("running", b) - 1);
  const missing = column(["accounted"], (b) => {
    const gap = 100 - at("accounted", b);
    return gap === gap
      ? Math.min(gap, 100) * ramp(gap, MISSING_FROM_PERCENT, MISSING_FULLY_PERCENT)
      : NaN;
  });
  const diskStall = column(["ioSome", "ioWait", "blocked"], (b) => {
    if (psi.io) return at("ioSome", b);
    const waiting = at("ioWait", b) * host.cpus;
    const blocked = 100 * at("blocked", b);
    return Math.min(100, Math.max(or0(waiting), or0(blocked)));
  });
  const memoryUse = column(
    ["available"],
    (b) => 100 - (100 * at("available", b)) / host.memoryBytes,
  );
  const paging = column(["swappedIn", "swappedOut"], (b) => {
    const swap = or0(at("swappedIn", b)) + or0(at("swappedOut", b));
    const short = (memoryUse?.[b] ?? 0) >= SHORTAGE_PERCENT;
    const pagedBytes = PAGE_BYTES * (swap + (short ? or0(at("refaultsFile", b)) : 0));
    const moved = Math.max(
      or0(at("pagedIn", b)) + or0(at("pagedOut", b)),
      or0(at("diskBytes", b)),
      1,
    );
    return pagedBytes >= PAGING_BYTES_PER_SECOND ? clamp(pagedBytes / moved) : 0;
  });
  const memoryStall = column(["memorySome", "swappedIn"], (b) => {
    const byPaging = (paging?.[b] ?? 0) * or0(diskStall?.[b] ?? 0);
    if (psi.memory) return Math.max(at("memorySome", b), byPaging);
    const swapIns = or0(at("swappedIn", b));
    if (swapIns < SHORTAGE_SWAP_INS) return byPaging;
    const faults = Math.max(swapIns, or0(at("majorFaults", b))) * FAULT_SECONDS;
    const stalls = or0(at("allocationStalls", b)) * ALLOCATION_STALL_SECONDS;
    const reclaim = or0(at("reclaimer", b)) / 100;
    return Math.max(byPaging, 100 * clamp(faults + stalls + reclaim));
  });
  const retransmitted = column(["retransmitted"], (b) => {
    const sent = at("segmentsSent", b);
    return sent >= 20 ? Math.min(100, (100 * at("retransmitted", b)) / sent) : 0;
  });
  const stolen = column(["steal", "accounted"], (b) =>
    Math.min(100, or0(at("steal", b)) + or0(missing?.[b] ?? 0)),
  );
  const columns = {
    cpuUse,
    cpuWait: column(["cpuSome", "running"], (b) =>
      psi.cpu ? at("cpuSome", b) : 100 * clamp((queue(b) - host.cpus) / host.cpus),
    ),
    queuePerCpu: column(["running"], (b) => queue(b) / host.cpus),
    privilegedUse: signal("privileged"),
    steal: signal("steal"),
    missing,
    stolen,
    memoryUse,
    memoryStall,
    swapTraffic: column(
      ["swappedIn", "swappedOut"],
      (b) => or0(at("swappedIn", b)) + or0(at("swappedOut", b)),
    ),
    directScans: signal("scannedDirectly"),
    majorFaults: signal("majorFaults"),
    oomKills: signal("oomKills"),
    ioWait: signal("ioWait"),
    diskStall,
    diskUse: signal("diskTime"),
    diskLatency: column(["diskLatency"], (b) => 1000 * at("diskLatency", b)),
    diskQueue: signal("diskQueue"),
    linkUse: signal("linkUse"),
    networkStall: column(
      ["linkUse", "retransmitted"],
      (b) =>
        100 *
        Math.max(
          ramp(at("linkUse", b), LINK_FULL_FROM, LINK_FULL_AT),
          ramp(retransmitted?.[b] ?? NaN, 0.3, 1.5),
        ),
    ),
    retransmitted,
    linkErrors: signal("linkErrors"),
    linkDrops: signal("linkDrops"),
    listenOverflows: signal("listenOverflows"),
    agentUse: signal("agentBusy"),
  };
  return Object.fromEntries(Object.entries(columns).filter(([, values]) => values !== undefined));
}
