/**
 * The signals that state shares, rules and the verdict rest on: the only sample data that leaves a
 * store, as bucketed columns, one per host.
 */
import type { SeriesPattern } from "./source.ts";

export interface SignalDefinition extends SeriesPattern {
  /** How several instances (disks, interfaces) of a host become one column; `_Total` is left out. */
  readonly across?: "max" | "sum" | "weighted";
  /** Sharpens what other signals tell: its absence is nothing to note. */
  readonly optional?: true;
}

const total = (counter: string): SignalDefinition => ({
  object: "Processor",
  counter,
  instance: "_Total",
});
/** Of all cards, each packet once. */
const link = (counter: string): SignalDefinition => ({
  object: "Network Interface",
  counter,
  instance: "_Total",
  optional: true,
});
const paging = (counter: string): SignalDefinition => ({ object: "Paging", counter });
const pressure = (instance: string, counter: string): SignalDefinition => ({
  object: "Pressure",
  counter,
  instance,
});

export const SIGNALS = {
  busy: total("% Processor Time"),
  idle: total("% Idle Time"),
  ioWait: total("% IO Wait Time"),
  steal: total("% Steal Time"),
  accounted: total("% Accounted Time"),
  privileged: total("% Privileged Time"),
  // One series per CPU: fetched only where they are few enough (`side.ts`).
  hottestCpu: { object: "Processor", counter: "% Processor Time", across: "max", optional: true },
  quotaStop: {
    object: "Control Group",
    counter: "% Throttled Time",
    across: "max",
    optional: true,
  },
  running: { object: "System", counter: "Processor Queue Length" },
  blocked: { object: "System", counter: "Processes Blocked" },
  cpusOnline: { object: "System", counter: "Processors Online" },
  cpuSome: pressure("cpu", "% Some Stall Time"),
  memorySome: pressure("memory", "% Some Stall Time"),
  memoryFull: pressure("memory", "% Full Stall Time"),
  ioSome: pressure("io", "% Some Stall Time"),
  ioFull: pressure("io", "% Full Stall Time"),
  available: { object: "Memory", counter: "Available Bytes" },
  memoryTotal: { object: "Memory", counter: "Total Bytes" },
  pagedIn: paging("Bytes Paged In/sec"),
  pagedOut: paging("Bytes Paged Out/sec"),
  majorFaults: paging("Major Page Faults/sec"),
  swappedIn: paging("Pages Swapped In/sec"),
  swappedOut: paging("Pages Swapped Out/sec"),
  scannedDirectly: paging("Pages Scanned Directly/sec"),
  allocationStalls: paging("Allocation Stalls/sec"),
  reclaimer: {
    object: "Process",
    counter: "% Processor Time",
    instance: "kswapd*",
    across: "sum",
  },
  refaultsFile: paging("Refaults of File Pages/sec"),
  oomKills: paging("OOM Kills"),
  diskTime: { object: "PhysicalDisk", counter: "% Disk Time", across: "max" },
  diskLatency: { object: "PhysicalDisk", counter: "Avg. Disk sec/Transfer", across: "weighted" },
  diskQueue: { object: "PhysicalDisk", counter: "Avg. Disk Queue Length", across: "max" },
  // Not the sum of the disks: a byte that goes through LVM or md would count twice.
  diskBytes: { object: "PhysicalDisk", counter: "Disk Bytes/sec", instance: "_Total" },
  diskBytesRead: {
    object: "PhysicalDisk",
    counter: "Disk Read Bytes/sec",
    instance: "_Total",
    optional: true,
  },
  remoteRead: {
    object: "NFS Mount",
    counter: "Read Bytes/sec",
    across: "sum",
    optional: true,
  },
  remoteWritten: {
    object: "NFS Mount",
    counter: "Write Bytes/sec",
    across: "sum",
    optional: true,
  },
  linkUse: { object: "Network Interface", counter: "% Utilization", across: "max" },
  linkErrors: { object: "Network Interface", counter: "* Errors/sec", across: "sum" },
  linkDrops: { object: "Network Interface", counter: "* Drops/sec", across: "sum" },
  linkBytes: link("Bytes Total/sec"),
  linkBytesReceived: link("Bytes Received/sec"),
  packets: link("Packets/sec"),
  backlogDrops: {
    object: "Packet Processing",
    counter: "Packets Dropped/sec",
    instance: "_Total",
    optional: true,
  },
  sending: { object: "TCP Queue", counter: "Connections Sending", optional: true },
  unacknowledged: { object: "TCP Queue", counter: "Bytes Unacknowledged", optional: true },
  unread: { object: "TCP Queue", counter: "Bytes Unread", optional: true },
  timeouts: { object: "TCP", counter: "Timeouts/sec", optional: true },
  segmentsSent: { object: "TCP", counter: "Segments Sent/sec" },
  retransmitted: { object: "TCP", counter: "Segments Retransmitted/sec" },
  listenOverflows: { object: "TCP", counter: "Listen Overflows/sec" },
  agentBusy: { object: "Perfmon Agent", counter: "% Processor Time", instance: "_Total" },
} as const satisfies Record<string, SignalDefinition>;

export type SignalId = keyof typeof SIGNALS;

export const SIGNAL_IDS = Object.keys(SIGNALS) as SignalId[];

export function signalPattern(id: SignalId): SeriesPattern {
  const { object, counter }: SignalDefinition = SIGNALS[id];
  const { instance }: SignalDefinition = SIGNALS[id];
  return { object, counter, ...(instance === undefined ? {} : { instance }) };
}

export function isOptionalSignal(id: SignalId): boolean {
  const { optional }: SignalDefinition = SIGNALS[id];
  return optional === true;
}
