/**
 * Synthetic runs with a known cause: the counters of a host as a job leaves them, with the noise of
 * real seconds, seeded. What a host does is told in the terms of `Load`; everything else follows.
 */
import { randomFromText } from "../../src/analysis/statistics/random.ts";
import type { MemoryHost, MemoryRun, MemorySeries } from "./memory-source.ts";

/** What one host does in one second; percentages of the second, rates per second. */
export interface Load {
  /** Of all CPU time that the host was given. */
  readonly busy: number;
  readonly ioWait: number;
  readonly steal: number;
  /** Of the CPU time that there should have been. */
  readonly accounted: number;
  /** Runnable tasks, without the agent. */
  readonly runnable: number;
  readonly blocked: number;
  readonly cpuSome: number;
  readonly memorySome: number;
  readonly memoryFull: number;
  readonly ioSome: number;
  readonly ioFull: number;
  readonly availableShare: number;
  readonly swapPages: number;
  readonly scannedDirectly: number;
  readonly majorFaults: number;
  readonly diskTime: number;
  readonly diskLatencyMs: number;
  readonly diskBytes: number;
  readonly diskQueue: number;
  readonly linkUse: number;
  readonly segments: number;
  readonly retransmitted: number;
  /** Of the busiest CPU; undefined: the load is spread as threads that compute leave it. */
  readonly hottestCpu: number | undefined;
  /** Percent of time in which the job's control group was stopped; undefined: no such object. */
  readonly quotaStop: number | undefined;
  readonly refaults: number;
  readonly linkBytes: number;
  /** Part of them that comes in. */
  readonly received: number;
  readonly packets: number;
  readonly timeouts: number;
  readonly drops: number;
  /** Of NFS mounts; undefined: no such object. */
  readonly remoteBytes: number | undefined;
}

export const IDLE: Load = {
  busy: 1,
  ioWait: 0,
  steal: 0,
  accounted: 100,
  runnable: 0.1,
  blocked: 0,
  cpuSome: 0.2,
  memorySome: 0,
  memoryFull: 0,
  ioSome: 0.2,
  ioFull: 0.1,
  availableShare: 80,
  swapPages: 0,
  scannedDirectly: 0,
  majorFaults: 0.5,
  diskTime: 0.5,
  diskLatencyMs: 0.8,
  diskBytes: 20_000,
  diskQueue: 0.01,
  linkUse: 0.1,
  segments: 10,
  retransmitted: 0,
  hottestCpu: undefined,
  quotaStop: undefined,
  refaults: 0,
  linkBytes: 2_000,
  received: 0.5,
  packets: 12,
  timeouts: 0,
  drops: 0,
  remoteBytes: undefined,
};

export interface Scenario {
  readonly cluster: string;
  readonly run: string;
  readonly seconds: number;
  readonly seed?: string;
  readonly hosts?: number;
  readonly cpus?: number;
  readonly psi?: boolean;
  readonly stealCounter?: boolean;
  readonly command?: boolean;
  readonly intervalMs?: number;
  readonly inventory?: Readonly<Record<string, unknown>>;
  /** Mean share of CPUs per program: `job:100`. */
  readonly programs?: Readonly<Record<string, number>>;
  /** What differs between hosts. */
  readonly host?: (host: number) => {
    readonly cpus?: number;
    readonly role?: string;
    readonly memoryBytes?: number;
    readonly inventory?: Readonly<Record<string, unknown>>;
  };
  readonly startMs?: number;
  /** Marks by the second they were set at. */
  readonly marks?: Readonly<Record<string, number>>;
  /** Seconds of recording before and after the command. */
  readonly before?: number;
  readonly after?: number;
  /** What differs from idle; called per host (0, 1, ...) and second. */
  readonly load: (host: number, second: number) => Partial<Load>;
}

export const START_MS = Date.UTC(2026, 0, 5, 10);
const MEMORY_BYTES = 8 * 2 ** 30;

export function scenarioRun(scenario: Scenario): MemoryRun {
  const { cluster, run, seconds, hosts = 1, command = true, startMs = START_MS } = scenario;
  const event = (kind: string, text: string, second: number) => ({
    host: "n1",
    timeMs: startMs + second * 1000,
    kind,
    text,
  });
  const marks = Object.entries(scenario.marks ?? {}).map(([text, second]) =>
    event("mark", text, second),
  );
  return {
    cluster,
    run,
    hosts: Array.from({ length: hosts }, (_, i) => scenarioHost(scenario, i)),
    ...(command ? { command: { program: "job", durationSeconds: seconds, exitCode: 0 } } : {}),
    ...(command || marks.length > 0
      ? {
          events: [
            ...(command
              ? [event("command-start", "job", 0), event("command-end", "job", seconds)]
              : []),
            ...marks,
          ],
        }
      : {}),
  };
}

function scenarioHost(scenario: Scenario, index: number): MemoryHost {
  const { seconds, psi = true, stealCounter = true, intervalMs = 1000 } = scenario;
  const { startMs = START_MS, before = 0, after = 0 } = scenario;
  const own = scenario.host?.(index) ?? {};
  const cpus = own.cpus ?? scenario.cpus ?? 2;
  const memoryBytes = own.memoryBytes ?? MEMORY_BYTES;
  const random = randomFromText(`${scenario.seed ?? scenario.run} ${index}`);
  const timeMs: number[] = [];
  const columns = new Map<
    string,
    { series: Omit<MemorySeries, "timeMs" | "values">; values: number[] }
  >();
  let level = 0;
  const first = -Math.floor((before * 1000) / intervalMs) + 1;
  const last = Math.floor(((seconds + after) * 1000) / intervalMs);
  for (let i = first; i <= last; i++) {
    timeMs.push(startMs + i * intervalMs + random.integer(4));
    const second = (i * intervalMs) / 1000;
    const atWork = second > 0 && second < seconds + intervalMs / 1000;
    const load: Load = { ...IDLE, ...(atWork ? scenario.load(index, second) : {}) };
    // Neighboring seconds resemble each other; some 6 % spread.
    level = 0.6 * level + 0.04 * (random.next() / 2 ** 31 - 1);
    const noisy = (value: number) => value * (1 + level + 0.03 * (random.next() / 2 ** 31 - 1));
    const share = (value: number) => Math.min(100, Math.max(0, noisy(value)));
    const busy = share(load.busy);
    const ioWait = Math.min(share(load.ioWait), 100 - busy);
    const steal = stealCounter ? Math.min(share(load.steal), 100 - busy - ioWait) : 0;
    const accounted = load.accounted === 100 ? 100 : share(load.accounted);
    const put = (object: string, counter: string, value: number, instance?: string) => {
      const key = `${object}\n${counter}\n${instance ?? ""}`;
      let column = columns.get(key);
      if (!column) {
        const series = { object, counter, ...(instance === undefined ? {} : { instance }) };
        columns.set(key, (column = { series, values: [] }));
      }
      column.values.push(value);
    };
    put("Processor", "% Processor Time", busy, "_Total");
    put("Processor", "% Idle Time", 100 - busy - ioWait - steal, "_Total");
    put("Processor", "% IO Wait Time", ioWait, "_Total");
    if (stealCounter) put("Processor", "% Steal Time", steal, "_Total");
    put("Processor", "% Accounted Time", accounted, "_Total");
    put("Processor", "% Privileged Time", busy * 0.15, "_Total");
    perCpu(busy, cpus, load.hottestCpu, random).forEach((use, cpu) => {
      put("Processor", "% Processor Time", use, String(cpu));
    });
    // Instants are whole numbers that scatter around the mean; the agent is in the queue.
    const instant = (value: number) => Math.floor(noisy(value) + random.next() / 2 ** 32);
    put("System", "Processor Queue Length", 1 + instant(load.runnable));
    put("System", "Processes Blocked", instant(load.blocked));
    put("System", "Processors Online", cpus);
    if (psi) {
      put("Pressure", "% Some Stall Time", share(load.cpuSome), "cpu");
      put("Pressure", "% Some Stall Time", share(load.memorySome), "memory");
      put("Pressure", "% Full Stall Time", share(load.memoryFull), "memory");
      put("Pressure", "% Some Stall Time", share(load.ioSome), "io");
      put("Pressure", "% Full Stall Time", share(load.ioFull), "io");
    }
    put("Memory", "Available Bytes", (memoryBytes * load.availableShare) / 100);
    put("Memory", "Total Bytes", memoryBytes);
    const swap = noisy(load.swapPages);
    put("Paging", "Pages Swapped In/sec", swap / 2);
    put("Paging", "Pages Swapped Out/sec", swap / 2);
    put("Paging", "Pages Scanned Directly/sec", noisy(load.scannedDirectly));
    put("Paging", "Major Page Faults/sec", noisy(load.majorFaults));
    put("Paging", "OOM Kills", 0);
    put("Paging", "Refaults of File Pages/sec", noisy(load.refaults));
    const bytes = noisy(load.diskBytes) + swap * 4096;
    put("Paging", "Bytes Paged In/sec", bytes / 2);
    put("Paging", "Bytes Paged Out/sec", bytes / 2);
    for (const disk of ["sda", "_Total"]) {
      put("PhysicalDisk", "% Disk Time", share(load.diskTime), disk);
      put("PhysicalDisk", "Avg. Disk sec/Transfer", noisy(load.diskLatencyMs) / 1000, disk);
      put("PhysicalDisk", "Avg. Disk Queue Length", noisy(load.diskQueue), disk);
      put("PhysicalDisk", "Disk Bytes/sec", bytes, disk);
      put("PhysicalDisk", "Disk Read Bytes/sec", bytes * 0.9, disk);
    }
    if (load.remoteBytes !== undefined) {
      put("NFS Mount", "Read Bytes/sec", noisy(load.remoteBytes), "/data");
      put("NFS Mount", "Write Bytes/sec", 0, "/data");
    }
    if (load.quotaStop !== undefined) {
      put("Control Group", "% Throttled Time", share(load.quotaStop), "job.slice");
    }
    for (const link of ["eth0", "_Total"]) {
      put("Network Interface", "% Utilization", share(load.linkUse), link);
      put("Network Interface", "Receive Errors/sec", 0, link);
      put("Network Interface", "Receive Drops/sec", noisy(load.drops), link);
    }
    const traffic = noisy(load.linkBytes);
    put("Network Interface", "Bytes Total/sec", traffic, "_Total");
    put("Network Interface", "Bytes Received/sec", traffic * load.received, "_Total");
    put("Network Interface", "Packets/sec", noisy(load.packets), "_Total");
    put("TCP", "Timeouts/sec", load.timeouts > 0 ? noisy(load.timeouts) : 0);
    put("TCP", "Segments Sent/sec", noisy(load.segments));
    put("TCP", "Segments Retransmitted/sec", noisy(load.retransmitted));
    put("Perfmon Agent", "% Processor Time", 0.2, "_Total");
    Object.entries(scenario.programs ?? {}).forEach(([program, use], position) => {
      put("Process", "% Processor Time", noisy(use), `${program}:${1000 + position}`);
    });
  }
  return {
    name: `n${index + 1}`,
    role: own.role ?? "worker",
    intervalMs,
    inventory: {
      cpu: { logicalCpus: cpus, model: "Test CPU" },
      memory: { totalBytes: memoryBytes },
      privilege: { uid: 0, root: true },
      boot: { id: `${scenario.run}-${index}` },
      ...scenario.inventory,
      ...own.inventory,
    },
    series: [...columns.values()].map(({ series, values }) => ({ ...series, timeMs, values })),
  };
}

/** As threads leave it that keep their CPU for the most part of a second: full ones first. */
function perCpu(
  busy: number,
  cpus: number,
  hottest: number | undefined,
  random: { next(): number },
): number[] {
  if (hottest !== undefined)
    return Array.from({ length: cpus }, (_, i) => (i === 0 ? hottest : busy));
  let left = (busy / 100) * cpus;
  return Array.from({ length: cpus }, () => {
    const use = Math.min(1, left) * (0.9 + (0.1 * random.next()) / 2 ** 32);
    left = Math.max(0, left - 1);
    return 100 * use;
  });
}
