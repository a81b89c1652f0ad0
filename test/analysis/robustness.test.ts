/** That verdicts do not hang on where exactly a limit lies, nor on the noise of a run. */
import { describe, expect, it } from "vitest";
import { compareRuns } from "../../src/analysis/compare.ts";
import type { ComparisonOptions } from "../../src/analysis/options.ts";
import { randomFromText } from "../../src/analysis/statistics/random.ts";
import {
  DEFAULT_THRESHOLDS,
  THRESHOLD_IDS,
  type Thresholds,
} from "../../src/analysis/thresholds.ts";
import { clusterRun, type Cluster } from "./cluster-model.ts";
import { MemorySource, type MemoryRun } from "./memory-source.ts";
import { plants } from "./plants.ts";
import { traps } from "./traps.ts";

const side = (run: MemoryRun) => ({
  source: new MemorySource([run]),
  run: { cluster: run.cluster, run: run.run },
});
/** The verdict alone: no findings. */
const VERDICT_ONLY: ComparisonOptions = { rules: [], mostDifferences: 0 };

const cases = [...traps("robust"), ...plants("robust")];

function scaled(factor: (i: number) => number): Thresholds {
  return Object.fromEntries(
    THRESHOLD_IDS.map((id, i) => [id, DEFAULT_THRESHOLDS[id] * factor(i)]),
  ) as Thresholds;
}

async function wrongWith(thresholds: Thresholds): Promise<string[]> {
  const wrong: string[] = [];
  for (const { name, baseline, candidate, verdict } of cases) {
    const { verdict: given } = await compareRuns(side(baseline), side(candidate), {
      ...VERDICT_ONLY,
      thresholds,
    });
    const { bottleneck, slower, scope = given.scope } = verdict;
    if (given.bottleneck !== bottleneck || given.slower !== slower || given.scope !== scope) {
      wrong.push(`${name}: ${given.slower}, ${given.bottleneck}, ${given.scope}`);
    }
  }
  return wrong;
}

describe("thresholds", () => {
  it("may all lie 20 % lower or higher", { timeout: 120_000 }, async () => {
    expect(await wrongWith(scaled(() => 0.8))).toEqual([]);
    expect(await wrongWith(scaled(() => 1.2))).toEqual([]);
  });

  it("may lie some 20 % lower, others 20 % higher", { timeout: 120_000 }, async () => {
    for (const seed of ["one", "two"]) {
      const random = randomFromText(seed);
      expect(await wrongWith(scaled(() => (random.integer(2) === 0 ? 0.8 : 1.2)))).toEqual([]);
    }
  });
});

describe("seven recordings of one cluster", () => {
  const clusters: readonly (readonly [string, Cluster])[] = [
    ["a mixed job on three hosts", { hosts: 3, job: { threads: 6, cpuMs: 25, readKb: 900 } }],
    ["a disk-bound job on six hosts", { hosts: 6, job: { threads: 8, cpuMs: 5, readKb: 1500 } }],
    ["a job that swaps", { hosts: 2, host: { memoryGb: 9 }, job: { heapGb: 12, items: 2000 } }],
    [
      "a lossy network",
      { hosts: 3, host: { lost: 0.01 }, job: { threads: 3, cpuMs: 8, exchanges: 20, items: 3000 } },
    ],
    [
      "no command, no end of the work in sight",
      { hosts: 3, job: { threads: 6, cpuMs: 25, readKb: 900 }, rest: { command: false } },
    ],
  ];
  it.each(clusters)(
    "give no false alarm in 21 pairs: %s",
    { timeout: 120_000 },
    async (name, one) => {
      const random = randomFromText(name);
      const runs = Array.from({ length: 7 }, (_, i) =>
        // Durations of repeats spread by some percent.
        clusterRun("a", `${name} ${i}`, { ...one, pace: 0.97 + (0.06 * random.next()) / 2 ** 32 }),
      );
      const alarms: string[] = [];
      let pairs = 0;
      for (let i = 0; i < runs.length; i++) {
        for (let j = i + 1; j < runs.length; j++) {
          const { verdict } = await compareRuns(side(runs[i]!), side(runs[j]!), VERDICT_ONLY);
          pairs++;
          if (verdict.outcome === "difference") alarms.push(`${i}-${j}: ${verdict.summary}`);
        }
      }
      expect(pairs).toBe(21);
      expect(alarms).toEqual([]);
    },
  );
});

describe("the answer", () => {
  it("is the same bytes 20 times", async () => {
    const { baseline, candidate } = cases[3]!;
    const texts = new Set<string>();
    for (let i = 0; i < 20; i++) {
      texts.add(JSON.stringify(await compareRuns(side(baseline), side(candidate))));
    }
    expect(texts.size).toBe(1);
  });
});
