/** Pairs of runs with a planted cause, and the verdict that they must get. */
import type { Verdict } from "../../src/analysis/comparison.ts";
import type { MemoryRun } from "./memory-source.ts";
import { scenarioRun, type Load, type Scenario } from "./scenario.ts";

export interface Plant {
  readonly name: string;
  readonly baseline: MemoryRun;
  readonly candidate: MemoryRun;
  readonly verdict: Partial<Verdict>;
  readonly limits?: { readonly baseline: string; readonly candidate: string };
}

type Sketch = Omit<Scenario, "cluster" | "run">;

function pair(seed: string, a: Sketch, b: Sketch): { baseline: MemoryRun; candidate: MemoryRun } {
  return {
    baseline: scenarioRun({ ...a, cluster: "onprem", run: "one", seed: `${seed} a` }),
    candidate: scenarioRun({ ...b, cluster: "cloud", run: "two", seed: `${seed} b` }),
  };
}

const CPU_JOB: Partial<Load> = { busy: 98, runnable: 2, cpuSome: 4 };
const CPU_STARVED: Partial<Load> = { busy: 100, runnable: 4, cpuSome: 92 };
const DISK_JOB: Partial<Load> = {
  busy: 8,
  ioWait: 42,
  blocked: 0.9,
  runnable: 0.2,
  ioSome: 85,
  ioFull: 80,
  diskTime: 90,
  diskLatencyMs: 3,
  diskBytes: 60e6,
  diskQueue: 1.2,
};
const DISK_STARVED: Partial<Load> = {
  ...DISK_JOB,
  busy: 10,
  ioWait: 75,
  blocked: 2.2,
  ioSome: 97,
  ioFull: 90,
  diskTime: 100,
  diskLatencyMs: 14,
  diskQueue: 9,
};
/** Requests are held back above the device: nothing shows but the waiting. */
const THROTTLED: Partial<Load> = {
  busy: 3,
  ioWait: 46,
  blocked: 1,
  ioSome: 93,
  ioFull: 90,
  diskTime: 2,
  diskLatencyMs: 1,
  diskBytes: 4e6,
};
/** One CPU, no PSI, swap on the only disk: a user-mode guest with too little memory. */
const PAGING: Partial<Load> = {
  busy: 30,
  ioWait: 65,
  blocked: 1.1,
  runnable: 0.5,
  availableShare: 3,
  swapPages: 6000,
  scannedDirectly: 2500,
  majorFaults: 700,
  diskTime: 96,
  diskLatencyMs: 9,
  diskQueue: 6,
  diskBytes: 500_000,
};
const GUEST_JOB: Partial<Load> = { busy: 92, runnable: 1, ioWait: 2, availableShare: 45 };

const difference = (
  bottleneck: Verdict["bottleneck"],
  slower: "baseline" | "candidate" = "candidate",
): Partial<Verdict> => ({ outcome: "difference", slower, bottleneck, cluster: slower });
const same: Partial<Verdict> = {
  outcome: "no-difference",
  slower: "neither",
  bottleneck: "none",
  cluster: null,
};

/** @param seed other seeds give other noise; the causes stay */
export function plants(seed: string): Plant[] {
  const p = (
    name: string,
    a: Sketch,
    b: Sketch,
    verdict: Partial<Verdict>,
    limits?: Plant["limits"],
  ) => ({
    name,
    ...pair(`${seed} ${name}`, a, b),
    verdict,
    ...(limits ? { limits } : {}),
  });
  const job = (seconds: number, load: Partial<Load>, rest: Partial<Sketch> = {}): Sketch => ({
    seconds,
    load: () => load,
    ...rest,
  });
  return [
    p("CPU competitor", job(12, CPU_JOB), job(22, CPU_STARVED), difference("cpu"), {
      baseline: "cpu",
      candidate: "cpu",
    }),
    p(
      "CPU competitor in the baseline",
      job(22, CPU_STARVED),
      job(12, CPU_JOB),
      difference("cpu", "baseline"),
    ),
    p(
      "CPU competitor without PSI",
      job(12, CPU_JOB, { psi: false }),
      job(22, CPU_STARVED, { psi: false }),
      difference("cpu"),
    ),
    p(
      "slower cores, one thread of sixteen",
      job(60, { busy: 6, runnable: 1 }, { cpus: 16 }),
      job(90, { busy: 6, runnable: 1 }, { cpus: 16 }),
      difference("cpu"),
    ),
    p("another writer", job(15, DISK_JOB), job(40, DISK_STARVED), difference("disk")),
    p(
      "another writer without PSI",
      job(15, DISK_JOB, { psi: false }),
      job(40, DISK_STARVED, { psi: false }),
      difference("disk"),
    ),
    p(
      "throttled volume",
      job(12, { ...DISK_JOB, busy: 30 }),
      job(50, THROTTLED),
      difference("disk"),
    ),
    p(
      "throttled volume beside a load that fills the CPUs in both runs",
      job(24, {
        ...DISK_JOB,
        busy: 97,
        ioWait: 1,
        runnable: 6,
        cpuSome: 79,
        ioSome: 38,
        ioFull: 2,
      }),
      job(50, {
        ...THROTTLED,
        busy: 90,
        ioWait: 8,
        runnable: 5,
        cpuSome: 59,
        ioSome: 55,
        ioFull: 8,
      }),
      difference("disk"),
    ),
    p(
      "throttled volume beside one thread of something else",
      job(12, { ...DISK_JOB, busy: 55, ioWait: 35, ioSome: 80, ioFull: 0 }),
      job(50, { ...THROTTLED, busy: 52, ioWait: 46, ioSome: 96, ioFull: 0 }),
      difference("disk"),
    ),
    p(
      "memory with paging, no PSI",
      job(20, GUEST_JOB, { cpus: 1, psi: false }),
      job(70, PAGING, { cpus: 1, psi: false }),
      difference("memory"),
      { baseline: "cpu", candidate: "memory" },
    ),
    p(
      "memory with paging on a fast disk for half of the time, no PSI",
      job(10, { busy: 100, runnable: 1 }, { cpus: 1, psi: false }),
      {
        seconds: 22,
        cpus: 1,
        psi: false,
        load: (_, s) =>
          s > 3 && s <= 13
            ? {
                busy: 93,
                ioWait: 7,
                runnable: 1,
                availableShare: 12,
                swapPages: 3500,
                majorFaults: 1300,
                scannedDirectly: 2500,
                diskTime: 30,
              }
            : { busy: 100, runnable: 1, availableShare: 14 },
      },
      difference("memory"),
    ),
    p(
      "memory with PSI, no swap traffic (cgroup)",
      job(20, { busy: 50, runnable: 1 }),
      job(60, { busy: 35, memorySome: 70, memoryFull: 60, ioSome: 72, ioFull: 60, diskTime: 80 }),
      difference("memory"),
    ),
    p(
      "steal",
      job(20, CPU_JOB),
      job(40, { busy: 52, steal: 47, runnable: 2, cpuSome: 60 }),
      difference("virtualization"),
    ),
    p(
      "missing jiffies, no steal counter",
      job(20, CPU_JOB, { cpus: 1, psi: false, stealCounter: false }),
      job(80, { ...CPU_JOB, accounted: 25 }, { cpus: 1, psi: false, stealCounter: false }),
      difference("virtualization"),
    ),
    p(
      "link saturated, CPUs idle",
      job(30, { busy: 30, linkUse: 40, segments: 20_000 }),
      job(60, { busy: 15, linkUse: 96, segments: 20_000 }),
      difference("network"),
    ),
    p(
      "waiting for a lock",
      job(20, { busy: 49, runnable: 1 }),
      job(40, { busy: 24, runnable: 0.5 }),
      difference("none"),
    ),
    p(
      "one straggler of six",
      { seconds: 60, hosts: 6, load: () => CPU_JOB },
      {
        seconds: 150,
        hosts: 6,
        load: (host, second) => (host === 3 ? DISK_STARVED : second <= 60 ? CPU_JOB : {}),
      },
      { ...difference("disk"), scope: "hosts", hosts: ["n4"] },
    ),
    p(
      "all six hosts slow",
      { seconds: 60, hosts: 6, load: () => DISK_JOB },
      { seconds: 100, hosts: 6, load: () => DISK_STARVED },
      { ...difference("disk"), scope: "cluster", hosts: [] },
    ),
    p("same job, 4 % noise", job(50, CPU_JOB), job(52, CPU_JOB), same, {
      baseline: "cpu",
      candidate: "cpu",
    }),
    p("same disk-bound job", job(40, DISK_JOB), job(38, DISK_JOB), same, {
      baseline: "disk",
      candidate: "disk",
    }),
    p("both starved alike", job(40, CPU_STARVED), job(41, CPU_STARVED), same, {
      baseline: "cpu",
      candidate: "cpu",
    }),
    p(
      "two idle machines, no command",
      job(10, {}, { command: false }),
      job(10, {}, { command: false }),
      same,
      { baseline: "none", candidate: "none" },
    ),
    p(
      "idle against CPU-starved, no command",
      job(20, {}, { command: false }),
      job(20, CPU_STARVED, { command: false }),
      { outcome: "difference", slower: "unknown", bottleneck: "cpu", cluster: "candidate" },
      { baseline: "none", candidate: "cpu" },
    ),
    p(
      "visible spans of activity, no command",
      {
        seconds: 40,
        command: false,
        load: (_, s) => (s > 5 && s <= 20 ? CPU_JOB : {}),
      },
      {
        seconds: 50,
        command: false,
        load: (_, s) => (s > 5 && s <= 37 ? CPU_STARVED : {}),
      },
      difference("cpu"),
    ),
    p("four seconds only", job(4, CPU_JOB), job(8, CPU_STARVED), {
      outcome: "inconclusive",
      slower: "candidate",
      bottleneck: "inconclusive",
      cluster: null,
      confidence: 0,
    }),
  ];
}
