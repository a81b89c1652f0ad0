import { describe, expect, it } from "vitest";
import { compareRuns } from "../../src/analysis/compare.ts";
import type { Comparison } from "../../src/analysis/comparison.ts";
import { clusterRun } from "./cluster-model.ts";
import { MemorySource, type MemoryRun } from "./memory-source.ts";
import { scenarioRun, type Load } from "./scenario.ts";

const side = (run: MemoryRun) => ({
  source: new MemorySource([run]),
  run: { cluster: run.cluster, run: run.run },
});
const compare = (a: MemoryRun, b: MemoryRun): Promise<Comparison> => compareRuns(side(a), side(b));

const MAP: Partial<Load> = { busy: 95, runnable: 4, cpuSome: 5, diskBytes: 8e6, linkBytes: 1e6 };
const SHUFFLE: Partial<Load> = {
  busy: 25,
  runnable: 1,
  diskBytes: 5e6,
  linkBytes: 80e6,
  linkUse: 92,
};
const REDUCE: Partial<Load> = {
  busy: 20,
  ioWait: 40,
  blocked: 2,
  ioSome: 90,
  diskBytes: 150e6,
  linkBytes: 1e6,
  diskTime: 95,
};

/** A run of three parts that take so many seconds each. */
function threeParts(
  run: string,
  [map, shuffle, reduce]: readonly [number, number, number],
  marks = false,
): MemoryRun {
  return scenarioRun({
    cluster: "lab",
    run,
    seconds: map + shuffle + reduce,
    hosts: 3,
    load: (_, s) => (s <= map ? MAP : s <= map + shuffle ? SHUFFLE : REDUCE),
    ...(marks ? { marks: { map: 0, shuffle: map, reduce: map + shuffle } } : {}),
  });
}

describe("phases", () => {
  it("are proposed where behavior changes, aligned in their order", async () => {
    const { phases } = await compare(threeParts("a", [40, 30, 50]), threeParts("b", [42, 29, 110]));
    expect(phases.map(({ source }) => source)).toEqual(new Array(3).fill("change-points"));
    const seconds = (which: "baseline" | "candidate") =>
      phases.map((phase) => Math.round(phase[which].seconds));
    const near = (values: readonly number[], expected: readonly number[]) => {
      values.forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(3));
    };
    near(seconds("baseline"), [40, 30, 50]);
    near(seconds("candidate"), [42, 29, 110]);
    expect(phases[2]).toMatchObject({ name: "phase 3", bottleneck: "disk" });
    expect(phases[2]!.extraSeconds.disk).toBeGreaterThan(45);
  });

  it("are the marks' where both runs have them", async () => {
    const { phases, timeAttribution } = await compare(
      threeParts("a", [40, 30, 50], true),
      threeParts("b", [41, 75, 52], true),
    );
    expect(phases.map(({ name, source }) => [name, source])).toEqual([
      ["map", "marks"],
      ["shuffle", "marks"],
      ["reduce", "marks"],
    ]);
    expect(phases[1]!.bottleneck).toBe("network");
    expect(phases[1]!.candidate.seconds - phases[1]!.baseline.seconds).toBeCloseTo(45, -1);
    for (const { extraSeconds, baseline, candidate } of phases) {
      const sum = Object.values(extraSeconds).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(candidate.seconds - baseline.seconds, 9);
    }
    const extra = phases.reduce((sum, phase) => sum + phase.extraSeconds.network, 0);
    expect(Math.abs(extra - timeAttribution.extraSeconds.network)).toBeLessThan(2);
  });

  it("are not seen in what is the same throughout, nor where the runs do other things", async () => {
    const job = { threads: 6, cpuMs: 25, readKb: 900, items: 20_000 };
    const even = (run: string) => clusterRun("lab", run, { hosts: 3, job });
    expect((await compare(even("a"), even("b"))).phases).toEqual([]);
    const reversed = scenarioRun({
      cluster: "lab",
      run: "reversed",
      seconds: 120,
      hosts: 3,
      load: (_, s) => (s <= 50 ? REDUCE : s <= 80 ? SHUFFLE : MAP),
    });
    expect((await compare(threeParts("a", [40, 30, 50]), reversed)).phases).toEqual([]);
  });
});

describe("stragglers", () => {
  const job = { threads: 8, items: 15_000, cpuMs: 5, readKb: 1500 };
  it("are hosts that lose time unlike their peers, and that finish last", async () => {
    const a = clusterRun("a", "even", { hosts: 6, job });
    const b = clusterRun("b", "odd", {
      hosts: 6,
      job,
      except: { 3: { diskMbPerSecond: () => 60 } },
    });
    const { stragglers, phases } = await compare(a, b);
    const found = stragglers.map(({ cluster, host, what }) => `${cluster} ${host} ${what}`);
    expect(found.sort()).toEqual(["candidate n4 disk", "candidate n4 finish"]);
    expect(stragglers[0]!.seconds).toBeGreaterThan(2 * stragglers[0]!.peersSeconds);
    expect(phases.length).toBeLessThanOrEqual(2);
  });

  it("are no masters among workers", async () => {
    const one = (name: string) =>
      clusterRun(name, "roles", { hosts: 6, job, except: { 0: { role: "master" } } });
    expect((await compare(one("a"), one("b"))).stragglers).toEqual([]);
  });
});

describe("upper bounds", () => {
  it("tell what could be saved at most, as a product that can be checked", async () => {
    const job = { threads: 8, items: 15_000, cpuMs: 5, readKb: 1500 };
    const { timeAttribution } = await compare(
      clusterRun("a", "x", { hosts: 3, job }),
      clusterRun("b", "x", { hosts: 3, job, host: { diskMbPerSecond: () => 70 } }),
    );
    const [most] = timeAttribution.upperBounds;
    expect(most).toMatchObject({ cluster: "candidate", resource: "disk" });
    const [, share, whole, saved] = /^([\d.]+) x ([\d.]+) s = ([\d.]+) s$/.exec(most!.arithmetic)!;
    expect(Number(share) * Number(whole)).toBeCloseTo(Number(saved), 0);
    expect(most!.seconds + most!.remainingSeconds).toBeCloseTo(
      timeAttribution.seconds.candidate,
      2,
    );
  });
});

describe("repeats of the baseline", () => {
  const job = { threads: 6, cpuMs: 25, readKb: 900 };
  const run = (name: string, pace: number) => clusterRun("lab", name, { hosts: 3, job, pace });
  it("widen the margin by what differs among them", async () => {
    const baseline = run("a", 1);
    const candidate = run("b", 0.83);
    expect((await compare(baseline, candidate)).verdict.outcome).toBe("difference");
    const repeats = [0.85, 1.1, 0.95, 1.06].map((pace, i) => side(run(`r${i}`, pace)));
    const { verdict, comparability } = await compareRuns(side(baseline), side(candidate), {
      repeats,
    });
    expect(verdict.outcome).not.toBe("difference");
    expect(comparability.find(({ code }) => code === "noise-learned")?.message).toContain("5 runs");
    const steady = [1, 1.01, 0.99, 1].map((pace, i) => side(run(`s${i}`, pace)));
    const told = await compareRuns(side(baseline), side(candidate), { repeats: steady });
    expect(told.verdict.outcome).toBe("difference");
  });
});
