/**
 * A cluster that works, in a few formulas: a job of items on hosts of given capacities. How long it
 * takes and what the counters show both follow from the capacities, by operational analysis (Denning
 * and Buzen, 1978): throughput is the least of what the threads and each station allow; threads that do
 * not fit queue at the tightest station (Little's law). So a planted cause is a capacity, not a set of
 * counters that somebody believes it leaves.
 */
import type { MemoryRun } from "./memory-source.ts";
import { scenarioRun, type Load, type Scenario } from "./scenario.ts";

export interface Job {
  /** Per host. */
  readonly threads: number;
  /** Of the whole cluster, dealt out evenly, or by `dealt`. */
  readonly items: number;
  readonly cpuMs: number;
  readonly readKb: number;
  /** Read from the page cache as far as it holds them; 0: read once, from disk. */
  readonly workingSetGb: number;
  /** Memory of programs that cannot be dropped, only swapped. */
  readonly heapGb: number;
  /** From a server of files or objects over the network. */
  readonly remoteKb: number;
  /** The remote storage is mounted (NFS): waiting for it counts as waiting for I/O. */
  readonly mounted: boolean;
  /** Questions to peers that are waited for, one after the other; 4 kB each. */
  readonly exchanges: number;
  /** Packets per second that go to and fro whatever the work does: heartbeats. */
  readonly chatter: number;
  /** Under a lock that only one thread of the cluster holds. */
  readonly lockMs: number;
}

export interface Host {
  readonly role: string;
  readonly cpus: number;
  /** 1: nominal. */
  readonly clock: number;
  readonly quotaCpus: number;
  /** Part of the CPU time that the hypervisor takes. */
  readonly stolen: number;
  readonly stealCounter: boolean;
  readonly memoryGb: number;
  readonly diskMbPerSecond: (second: number) => number;
  /** Limited above the device: neither its time nor its latency shows it. */
  readonly throttled: boolean;
  readonly diskLatencyMs: number;
  /** Many queues: % Disk Time is near 100 as soon as anything is read. */
  readonly parallel: boolean;
  readonly linkMbPerSecond: number;
  /** Below the link's speed, somewhere on the way. */
  readonly pathMbPerSecond: number;
  readonly roundTripMs: number;
  /** Part of the segments. */
  readonly lost: number;
  /** Programs of somebody else. */
  readonly competitors: number;
}

const HOST: Host = {
  role: "worker",
  cpus: 4,
  clock: 1,
  quotaCpus: Infinity,
  stolen: 0,
  stealCounter: true,
  memoryGb: 16,
  diskMbPerSecond: () => 200,
  throttled: false,
  diskLatencyMs: 1,
  parallel: false,
  linkMbPerSecond: 1200,
  pathMbPerSecond: Infinity,
  roundTripMs: 0.3,
  lost: 0,
  competitors: 0,
};

const JOB: Job = {
  threads: 4,
  items: 6000,
  cpuMs: 20,
  readKb: 200,
  workingSetGb: 0,
  heapGb: 4,
  remoteKb: 0,
  mounted: false,
  exchanges: 1,
  chatter: 0,
  lockMs: 0,
};

export interface Cluster {
  readonly hosts: number;
  readonly job?: Partial<Job>;
  readonly host?: Partial<Host>;
  /** Hosts unlike the others. */
  readonly except?: Readonly<Record<number, Partial<Host>>>;
  /** Part of the items per host; evenly when left out. */
  readonly dealt?: readonly number[];
  readonly rest?: Partial<Omit<Scenario, "load" | "seconds" | "cluster" | "run">>;
  /** Noise of the durations: a factor on all capacities. */
  readonly pace?: number;
}

const PAGE_KB = 4;

/** What a host does while it has items: its throughput and its counters. */
interface Working {
  readonly perSecond: number;
  readonly load: Partial<Load>;
}

export function clusterRun(name: string, seed: string, cluster: Cluster): MemoryRun {
  const job = { ...JOB, ...cluster.job };
  const hosts = Array.from({ length: cluster.hosts }, (_, i) => ({
    ...HOST,
    ...cluster.host,
    ...cluster.except?.[i],
  }));
  const workers = hosts.filter(({ role }) => role !== "master");
  const pace = cluster.pace ?? 1;
  const courses = hosts.map((host, i) => {
    if (host.role === "master") return [];
    const part = cluster.dealt?.[i] ?? 1 / workers.length;
    return course(job, host, job.items * part, workers.length, pace);
  });
  const seconds = Math.max(...courses.map((one) => one.length));
  return scenarioRun({
    cluster: name,
    run: seed,
    seed: `${name} ${seed}`,
    seconds,
    hosts: cluster.hosts,
    stealCounter: hosts[0]!.stealCounter,
    host: (i) => ({
      cpus: hosts[i]!.cpus,
      role: hosts[i]!.role,
      memoryBytes: hosts[i]!.memoryGb * 2 ** 30,
      inventory: inventoryOf(job, hosts[i]!),
    }),
    ...cluster.rest,
    load: (host, second) => courses[host]![Math.ceil(second) - 1] ?? {},
  });
}

function inventoryOf(job: Job, host: Host): Record<string, unknown> {
  return {
    fileSystems: {
      "/": { type: "ext4" },
      ...(job.remoteKb > 0 && job.mounted ? { "/data": { type: "nfs4" } } : {}),
    },
    ...(host.quotaCpus < host.cpus ? { cgroup: { cpuLimit: host.quotaCpus } } : {}),
  };
}

/** Second by second until the items are done. */
function course(job: Job, host: Host, items: number, peers: number, pace: number): Partial<Load>[] {
  const loads: Partial<Load>[] = [];
  for (let left = items; left > 0 && loads.length < 20_000;) {
    const { perSecond, load } = working(job, host, loads.length, peers);
    loads.push(load);
    left -= perSecond * pace;
  }
  return loads;
}

function working(job: Job, host: Host, second: number, peers: number): Working {
  // Demands of one item.
  const { missed, swapped } = shortage(job, host);
  const refaultKb = job.workingSetGb > 0 ? job.readKb * missed : 0;
  const diskKb = (job.workingSetGb > 0 ? refaultKb : job.readKb) + swapped * PAGE_KB;
  const cpuSeconds = job.cpuMs / 1000 / host.clock;
  const diskMb = host.diskMbPerSecond(second);
  const diskSeconds =
    diskKb > 0 ? diskKb / 1000 / diskMb + ((1 + swapped) * host.diskLatencyMs) / 1000 : 0;
  const netKb = job.remoteKb + job.exchanges * 4;
  const netMb = Math.min(host.linkMbPerSecond, host.pathMbPerSecond);
  // A lost segment costs a round trip, or a timeout when nothing follows it.
  const segments = netKb > 0 ? netKb / 1.4 + 1 : 0;
  const timeouts = segments * host.lost * 0.3;
  const netSeconds =
    netKb / 1000 / netMb +
    ((job.exchanges + (job.remoteKb > 0 ? 2 : 0)) * host.roundTripMs) / 1000 +
    segments * host.lost * (host.roundTripMs / 1000) +
    timeouts * 0.22;
  const lockSeconds = job.lockMs / 1000;
  // What each station can do, items per second.
  const share = job.threads / (job.threads + host.competitors);
  const cpus = Math.min(
    host.quotaCpus,
    host.cpus * (host.competitors > 0 && job.threads + host.competitors > host.cpus ? share : 1),
  );
  const most = {
    cpu: (cpus * (1 - host.stolen)) / cpuSeconds,
    disk: diskKb > 0 ? (diskMb * 1000) / diskKb : Infinity,
    net: netKb > 0 ? (netMb * 1000) / netKb : Infinity,
    lock: lockSeconds > 0 ? 1 / lockSeconds / peers : Infinity,
  };
  const response = cpuSeconds / (1 - host.stolen) + diskSeconds + netSeconds + lockSeconds;
  const perSecond = Math.min(job.threads / response, most.cpu, most.disk, most.net, most.lock);
  // Threads at each station; those that are left over queue at the tightest.
  const at = {
    cpu: (perSecond * cpuSeconds) / (1 - host.stolen),
    disk: perSecond * diskSeconds,
    net: perSecond * netSeconds,
    lock: perSecond * lockSeconds,
  };
  const over = Math.max(0, job.threads - at.cpu - at.disk - at.net - at.lock);
  const tightest = (Object.keys(most) as (keyof typeof most)[]).reduce((a, b) =>
    most[b] < most[a] ? b : a,
  );
  at[tightest] += over;
  return {
    perSecond,
    load: counters(job, host, {
      perSecond,
      at,
      tightest,
      diskMb,
      netMb,
      netKb,
      diskKb,
      swapped,
      refaultKb,
      segments,
      timeouts,
      cpuSeconds,
    }),
  };
}

/** Parts of the working set that the page cache does not hold, and pages swapped per item. */
function shortage({ workingSetGb, heapGb }: Job, { memoryGb }: Host) {
  const cacheGb = Math.max(0, memoryGb * 0.95 - heapGb);
  const missed = workingSetGb > 0 ? Math.max(0, 1 - cacheGb / workingSetGb) : 0;
  const tooMuch = Math.max(0, heapGb - memoryGb * 0.95) / heapGb;
  return { missed, swapped: tooMuch * 60 };
}

interface Flow {
  readonly perSecond: number;
  readonly at: Readonly<Record<"cpu" | "disk" | "net" | "lock", number>>;
  readonly tightest: string;
  readonly diskMb: number;
  readonly netMb: number;
  readonly netKb: number;
  readonly diskKb: number;
  readonly swapped: number;
  readonly refaultKb: number;
  readonly segments: number;
  readonly timeouts: number;
  readonly cpuSeconds: number;
}

function counters(job: Job, host: Host, flow: Flow): Partial<Load> {
  const { perSecond, at, diskMb, netKb, diskKb, swapped } = flow;
  const running = perSecond * flow.cpuSeconds;
  const rivals = Math.min(host.competitors, Math.max(0, host.cpus - running));
  const had = host.stealCounter ? 1 : 1 - host.stolen;
  const busy = Math.min(100, (100 * (running + rivals)) / host.cpus / had);
  const steal = host.stealCounter ? (busy * host.stolen) / (1 - host.stolen) : 0;
  const runnable = at.cpu + host.competitors;
  const queued = Math.max(0, runnable - host.cpus);
  // The remote file system is waited for like a disk.
  const waitingIo = at.disk + (job.mounted ? at.net : 0);
  const some = (threads: number) =>
    100 * (1 - Math.max(0, 1 - threads / job.threads) ** job.threads);
  const idle = Math.max(0, host.cpus * (1 - busy / 100));
  const bytes = perSecond * diskKb * 1000;
  const stopped = host.quotaCpus < host.cpus && flow.tightest === "cpu";
  const swap = perSecond * swapped;
  const packets = perSecond * (flow.segments * 1.5 + job.exchanges * 2) + job.chatter + 12;
  const use = bytes / 1e6 / diskMb;
  const short = swapped > 0;
  return {
    busy,
    steal,
    accounted: host.stealCounter
      ? 100
      : 100 * (1 - host.stolen * Math.min(1, runnable / host.cpus)),
    ioWait: Math.min(100 - busy, (100 * Math.min(idle, waitingIo)) / host.cpus),
    blocked: waitingIo,
    runnable: stopped ? host.quotaCpus : runnable,
    cpuSome: stopped
      ? 100 * (1 - host.quotaCpus / Math.max(1, at.cpu))
      : queued > 0
        ? Math.min(97, 40 + 60 * queued)
        : 1,
    ioSome: some(waitingIo),
    ioFull: some(waitingIo) / 3,
    memorySome: short ? some(at.disk) * 0.9 : 0,
    memoryFull: short ? some(at.disk) * 0.5 : 0,
    availableShare: short ? 3 : Math.max(20, 100 - (100 * job.heapGb) / host.memoryGb),
    swapPages: swap,
    majorFaults: swap / 2 + 0.5,
    scannedDirectly: short ? swap : 0,
    refaults: (perSecond * flow.refaultKb) / PAGE_KB,
    diskTime: host.throttled ? 3 : host.parallel && bytes > 1e6 ? 98 : Math.min(100, 100 * use),
    diskLatencyMs: host.throttled
      ? 1
      : host.diskLatencyMs * (use > 0.95 ? Math.max(2, at.disk) : 1),
    diskBytes: bytes - swap * 4096,
    diskQueue: host.throttled ? 0.1 : at.disk,
    linkUse: Math.min(100, (100 * perSecond * netKb) / 1000 / host.linkMbPerSecond),
    linkBytes: perSecond * netKb * 1000 + 2000,
    received: (job.remoteKb + 0.5 * job.exchanges * 4) / Math.max(1, flow.netKb),
    packets,
    segments: perSecond * flow.segments + 10,
    retransmitted: perSecond * flow.segments * host.lost,
    timeouts: perSecond * flow.timeouts,
    ...(job.mounted ? { remoteBytes: perSecond * job.remoteKb * 1000 } : {}),
  };
}
