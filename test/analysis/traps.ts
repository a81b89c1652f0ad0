/**
 * The traps of a comparison as clusters with one capacity changed, and what must be said of each. The
 * counters follow from `cluster-model.ts`.
 */
import type { Verdict } from "../../src/analysis/comparison.ts";
import { clusterRun, type Cluster, type Host, type Job } from "./cluster-model.ts";
import type { MemoryRun } from "./memory-source.ts";

export interface Trap {
  readonly name: string;
  readonly baseline: MemoryRun;
  readonly candidate: MemoryRun;
  readonly verdict: Partial<Verdict>;
  /** Words that the summary must have. */
  readonly says?: readonly RegExp[];
}

const is = (bottleneck: Verdict["bottleneck"]): Partial<Verdict> => ({
  outcome: "difference",
  slower: "candidate",
  bottleneck,
  cluster: "candidate",
});
const SAME: Partial<Verdict> = {
  outcome: "no-difference",
  slower: "neither",
  bottleneck: "none",
  cluster: null,
};

interface Sketch {
  readonly name: string;
  readonly a: Cluster;
  readonly b: Cluster;
  readonly verdict: Partial<Verdict>;
  readonly says?: readonly RegExp[];
}

/** The same cluster with other capacities. */
function but(cluster: Cluster, host: Partial<Host>, rest: Partial<Cluster> = {}): Cluster {
  return { ...cluster, host: { ...cluster.host, ...host }, ...rest };
}

const cluster = (hosts: number, job: Partial<Job>, host: Partial<Host> = {}): Cluster => ({
  hosts,
  job,
  host,
});

const CPU_JOB: Partial<Job> = { threads: 6, items: 12_000, cpuMs: 40, readKb: 50 };
const DISK_JOB: Partial<Job> = { threads: 8, items: 15_000, cpuMs: 5, readKb: 1500 };
const MIXED_JOB: Partial<Job> = { threads: 6, items: 9000, cpuMs: 25, readKb: 900 };
const CHATTY_JOB: Partial<Job> = { threads: 3, items: 6000, cpuMs: 8, readKb: 20, exchanges: 30 };
const COPY_JOB: Partial<Job> = { threads: 6, items: 6000, cpuMs: 8, readKb: 20, remoteKb: 3000 };
const LOCKED_JOB: Partial<Job> = {
  threads: 4,
  items: 3000,
  cpuMs: 4,
  readKb: 10,
  exchanges: 0,
  lockMs: 8,
};
const CACHED_JOB: Partial<Job> = {
  threads: 6,
  items: 9000,
  cpuMs: 25,
  readKb: 4000,
  workingSetGb: 20,
};
const HEAP_JOB: Partial<Job> = { threads: 4, items: 6000, cpuMs: 25, readKb: 50, heapGb: 12 };

const SKETCHES: readonly Sketch[] = [
  {
    name: "slow disk",
    a: cluster(3, DISK_JOB),
    b: cluster(3, DISK_JOB, { diskMbPerSecond: () => 70 }),
    verdict: is("disk"),
  },
  {
    name: "% Disk Time of a device with parallel queues says nothing; the cores are slower",
    a: cluster(3, { ...CPU_JOB, readKb: 400 }, { parallel: true, diskMbPerSecond: () => 3000 }),
    b: cluster(
      3,
      { ...CPU_JOB, readKb: 400 },
      { parallel: true, diskMbPerSecond: () => 3000, clock: 0.6 },
    ),
    verdict: is("cpu"),
  },
  {
    name: "throttled volume: latency and % Disk Time are small",
    a: cluster(3, DISK_JOB),
    b: cluster(3, DISK_JOB, { diskMbPerSecond: () => 40, throttled: true }),
    verdict: is("disk"),
  },
  {
    name: "stolen CPU with a steal counter",
    a: cluster(3, CPU_JOB),
    b: cluster(3, CPU_JOB, { stolen: 0.4 }),
    verdict: is("virtualization"),
  },
  {
    name: "stolen CPU without a steal counter: missing jiffies",
    a: cluster(3, CPU_JOB, { stealCounter: false }),
    b: cluster(3, CPU_JOB, { stealCounter: false, stolen: 0.5 }),
    verdict: is("virtualization"),
  },
  {
    name: "page cache misses: disk reads for lack of memory, memory looks available",
    a: cluster(3, CACHED_JOB, { memoryGb: 32 }),
    b: cluster(3, CACHED_JOB, { memoryGb: 12 }),
    verdict: is("memory"),
  },
  {
    name: "page cache misses without PSI",
    a: but(cluster(3, CACHED_JOB, { memoryGb: 32 }), {}, { rest: { psi: false } }),
    b: but(cluster(3, CACHED_JOB, { memoryGb: 12 }), {}, { rest: { psi: false } }),
    verdict: is("memory"),
  },
  {
    name: "both caches too small by as much, one disk slower: the disk, though all its reads are misses",
    a: cluster(3, CACHED_JOB, { memoryGb: 12, diskMbPerSecond: () => 200 }),
    b: cluster(3, CACHED_JOB, { memoryGb: 12, diskMbPerSecond: () => 70 }),
    verdict: is("disk"),
  },
  {
    name: "swapping",
    a: cluster(3, HEAP_JOB, { memoryGb: 16 }),
    b: cluster(3, HEAP_JOB, { memoryGb: 9, diskLatencyMs: 4 }),
    verdict: is("memory"),
  },
  {
    name: "swapping without PSI",
    a: but(cluster(3, HEAP_JOB, { memoryGb: 16 }), {}, { rest: { psi: false } }),
    b: but(cluster(3, HEAP_JOB, { memoryGb: 9, diskLatencyMs: 4 }), {}, { rest: { psi: false } }),
    verdict: is("memory"),
  },
  {
    name: "lost segments: idle CPUs, idle disks, an idle link",
    a: cluster(3, CHATTY_JOB),
    b: cluster(3, CHATTY_JOB, { lost: 0.02 }),
    verdict: is("network"),
  },
  {
    name: "a longer way to the peers: nothing is lost, nothing is full",
    a: cluster(3, CHATTY_JOB),
    b: cluster(3, CHATTY_JOB, { roundTripMs: 3 }),
    verdict: is("network"),
    says: [/the same packets at a lower rate/, /^(?!.*storage)/],
  },
  {
    name: "a rate limit on the way, far below the link's speed",
    a: cluster(3, { ...COPY_JOB, exchanges: 5 }),
    b: cluster(3, { ...COPY_JOB, exchanges: 5 }, { pathMbPerSecond: 60 }),
    verdict: is("network"),
  },
  {
    name: "a full link",
    a: cluster(3, COPY_JOB, { linkMbPerSecond: 1200 }),
    b: cluster(3, COPY_JOB, { linkMbPerSecond: 110 }),
    verdict: is("network"),
  },
  {
    name: "an object store that answers slowly: local disks are idle",
    a: cluster(4, { ...COPY_JOB, threads: 8 }, { pathMbPerSecond: 400 }),
    b: cluster(4, { ...COPY_JOB, threads: 8 }, { pathMbPerSecond: 90 }),
    verdict: is("network"),
    says: [/object store or another host/],
  },
  {
    name: "a file server that answers slowly: waited for as a disk is",
    a: cluster(4, { ...COPY_JOB, mounted: true }, { pathMbPerSecond: 400 }),
    b: cluster(4, { ...COPY_JOB, mounted: true }, { pathMbPerSecond: 90 }),
    verdict: is("network"),
    says: [/\/data \(nfs4\)/],
  },
  {
    name: "few large hosts against many small ones of the same number of cores",
    a: cluster(2, { ...CPU_JOB, threads: 40, items: 60_000 }, { cpus: 32 }),
    b: cluster(16, { ...CPU_JOB, threads: 5, items: 60_000 }, { cpus: 4 }),
    verdict: SAME,
  },
  {
    name: "few large hosts against many small ones with slow disks",
    a: cluster(
      2,
      { ...DISK_JOB, threads: 40, items: 40_000 },
      { cpus: 32, diskMbPerSecond: () => 1600 },
    ),
    b: cluster(
      16,
      { ...DISK_JOB, threads: 5, items: 40_000 },
      { cpus: 4, diskMbPerSecond: () => 90 },
    ),
    verdict: is("disk"),
  },
  {
    name: "one thread on 64 CPUs, slower cores: _Total is 2 %",
    a: cluster(1, { threads: 1, items: 4000, cpuMs: 20, readKb: 1, exchanges: 0 }, { cpus: 64 }),
    b: cluster(
      1,
      { threads: 1, items: 4000, cpuMs: 20, readKb: 1, exchanges: 0 },
      { cpus: 64, clock: 0.6 },
    ),
    verdict: is("cpu"),
  },
  {
    name: "four threads on sixteen CPUs, slower cores",
    a: cluster(2, { ...CPU_JOB, threads: 4, readKb: 1 }, { cpus: 16 }),
    b: cluster(2, { ...CPU_JOB, threads: 4, readKb: 1 }, { cpus: 16, clock: 0.65 }),
    verdict: is("cpu"),
  },
  {
    name: "less parallelism than cores: four threads where there were sixteen",
    a: cluster(2, { ...CPU_JOB, threads: 16, readKb: 1 }, { cpus: 16 }),
    b: cluster(2, { ...CPU_JOB, threads: 4, readKb: 1 }, { cpus: 16 }),
    verdict: is("cpu"),
  },
  {
    name: "fewer cores",
    a: cluster(3, CPU_JOB),
    b: cluster(3, CPU_JOB, { cpus: 2 }),
    verdict: is("cpu"),
  },
  {
    name: "a competitor for the CPUs",
    a: cluster(3, CPU_JOB),
    b: cluster(3, CPU_JOB, { competitors: 6 }),
    verdict: is("cpu"),
  },
  {
    name: "the job's own quota, with idle CPUs beside it",
    a: cluster(3, { ...CPU_JOB, threads: 2, readKb: 1 }),
    b: cluster(3, { ...CPU_JOB, threads: 2, readKb: 1 }, { quotaCpus: 0.8 }),
    verdict: is("cpu"),
  },
  {
    name: "PSI on one side only",
    a: cluster(3, DISK_JOB),
    b: but(cluster(3, DISK_JOB, { diskMbPerSecond: () => 70 }), {}, { rest: { psi: false } }),
    verdict: is("disk"),
  },
  {
    name: "different intervals",
    a: cluster(3, DISK_JOB),
    b: but(cluster(3, DISK_JOB, { diskMbPerSecond: () => 70 }), {}, { rest: { intervalMs: 5000 } }),
    verdict: is("disk"),
  },
  {
    name: "different intervals, the same otherwise",
    a: cluster(3, MIXED_JOB),
    b: but(cluster(3, MIXED_JOB), {}, { rest: { intervalMs: 2000 } }),
    verdict: SAME,
  },
  {
    name: "recorded long before and after the job, no command known",
    a: but(cluster(3, CPU_JOB), {}, { rest: { command: false, before: 60, after: 30 } }),
    b: but(
      cluster(3, CPU_JOB, { clock: 0.6 }),
      {},
      { rest: { command: false, before: 20, after: 90 } },
    ),
    verdict: is("cpu"),
  },
  {
    name: "one side recorded around the command, the other before and after it",
    a: cluster(3, CPU_JOB),
    b: but(
      cluster(3, CPU_JOB, { clock: 0.6 }),
      {},
      { rest: { command: false, before: 20, after: 90 } },
    ),
    verdict: is("cpu"),
  },
  {
    name: "a device whose ceiling drops midway while the demand goes on",
    a: cluster(3, DISK_JOB),
    b: cluster(3, DISK_JOB, { diskMbPerSecond: (second) => (second < 20 ? 200 : 40) }),
    verdict: is("disk"),
  },
  {
    name: "a throttled volume whose credit is used up midway",
    a: cluster(3, DISK_JOB, { throttled: true }),
    b: cluster(3, DISK_JOB, {
      throttled: true,
      diskMbPerSecond: (second) => (second < 20 ? 200 : 40),
    }),
    verdict: is("disk"),
  },
  {
    name: "two causes at once: much slower disk, a little slower cores",
    a: cluster(3, MIXED_JOB),
    b: cluster(3, MIXED_JOB, { diskMbPerSecond: () => 50, clock: 0.85 }),
    verdict: is("disk"),
  },
  {
    name: "bound by a lock: all idle, no hardware",
    a: cluster(3, LOCKED_JOB),
    b: cluster(3, { ...LOCKED_JOB, lockMs: 16 }),
    verdict: is("none"),
  },
  {
    name: "bound by a lock, with chatter that has a pace of its own",
    a: cluster(3, { ...LOCKED_JOB, chatter: 400 }),
    b: cluster(3, { ...LOCKED_JOB, chatter: 400, lockMs: 16 }),
    verdict: is("none"),
  },
  {
    name: "both saturated on disks of unequal rate, nothing known of durations",
    a: but(cluster(3, DISK_JOB), {}, { rest: { command: false } }),
    b: but(cluster(3, DISK_JOB, { diskMbPerSecond: () => 90 }), {}, { rest: { command: false } }),
    verdict: { outcome: "difference", slower: "unknown", bottleneck: "disk", cluster: "candidate" },
    says: [/can do less in cloud/],
  },
  {
    name: "one straggler's disk",
    a: cluster(6, DISK_JOB),
    b: { ...cluster(6, DISK_JOB), except: { 3: { diskMbPerSecond: () => 60 } } },
    verdict: { ...is("disk"), scope: "hosts", hosts: ["n4"] },
  },
  {
    name: "one straggler's clock among workers, beside a master that is always idle",
    a: { ...cluster(6, CPU_JOB), except: { 0: { role: "master" } } },
    b: { ...cluster(6, CPU_JOB), except: { 0: { role: "master" }, 2: { stolen: 0.5 } } },
    verdict: { ...is("virtualization"), scope: "hosts", hosts: ["n3"] },
  },
  {
    name: "all workers, beside masters that are half of the cluster",
    a: {
      ...cluster(6, DISK_JOB),
      except: { 0: { role: "master" }, 1: { role: "master" }, 2: { role: "master" } },
    },
    b: {
      ...cluster(6, DISK_JOB, { diskMbPerSecond: () => 70 }),
      except: { 0: { role: "master" }, 1: { role: "master" }, 2: { role: "master" } },
    },
    verdict: { ...is("disk"), scope: "cluster", hosts: [] },
  },
  {
    name: "the same mixed job again",
    a: cluster(3, MIXED_JOB),
    b: cluster(3, MIXED_JOB),
    verdict: SAME,
  },
  {
    name: "both saturated on one disk alike",
    a: cluster(3, DISK_JOB, { diskMbPerSecond: () => 60 }),
    b: cluster(3, DISK_JOB, { diskMbPerSecond: () => 58 }),
    verdict: SAME,
  },
];

/** @param seed other seeds give other noise; the causes stay */
export function traps(seed: string): Trap[] {
  return SKETCHES.map(({ name, a, b, verdict, says }) => ({
    name,
    baseline: clusterRun("onprem", `${seed} ${name}`, a),
    candidate: clusterRun("cloud", `${seed} ${name}`, b),
    verdict,
    ...(says ? { says } : {}),
  }));
}
