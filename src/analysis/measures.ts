/**
 * Measures: what is read off the raw signals of a host, per bucket, in the units that people use.
 * Rules and the USE table speak of measures; so do state shares. PSI is used where both sides have
 * it, estimates from queues and waits elsewhere (`psi`), so that both sides are measured alike.
 */
import type { ResourceName } from "./resources.ts";
import { SIGNALS, type SignalId } from "./signals.ts";
import type { SeriesPattern } from "./source.ts";

export type MeasureUnit = "%" | "count" | "pages/s" | "bytes/s" | "1/s" | "ms" | "cpus";

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
  hottestCpu: {
    label: "utilization of the busiest CPU",
    unit: "%",
    resource: "cpu",
    signal: "hottestCpu",
  },
  quotaStop: {
    label: "time in which a control group was stopped by its quota",
    unit: "%",
    resource: "cpu",
    signal: "quotaStop",
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
  pagingBytes: {
    label: "bytes read and written for lack of memory",
    unit: "bytes/s",
    resource: "memory",
    signal: "refaultsFile",
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
  diskBytes: {
    label: "bytes that the disks moved",
    unit: "bytes/s",
    resource: "disk",
    signal: "diskBytes",
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
  sendStall: {
    label: "time in which sent data was not acknowledged",
    unit: "%",
    resource: "network",
    signal: "sending",
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
  linkBytes: {
    label: "bytes that the links moved",
    unit: "bytes/s",
    resource: "network",
    signal: "linkBytes",
  },
  linkBytesReceived: {
    label: "bytes that the links received",
    unit: "bytes/s",
    resource: "network",
    signal: "linkBytesReceived",
  },
  remoteBytes: {
    label: "bytes exchanged with file servers",
    unit: "bytes/s",
    resource: "network",
    signal: "remoteRead",
  },
  timeouts: {
    label: "TCP timeouts",
    unit: "1/s",
    resource: "network",
    signal: "timeouts",
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
