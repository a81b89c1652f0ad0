import { describe, expect, it } from "vitest";
import { compareRuns } from "../../src/analysis/compare.ts";
import type { Comparison } from "../../src/analysis/comparison.ts";
import { STATES } from "../../src/analysis/resources.ts";
import { MemorySource } from "./memory-source.ts";
import { plants, type Plant } from "./plants.ts";

function comparePlant({ baseline, candidate }: Plant): Promise<Comparison> {
  const select = ({ cluster, run }: Plant["baseline"]) => ({ cluster, run });
  return compareRuns(
    { source: new MemorySource([baseline]), run: select(baseline) },
    { source: new MemorySource([candidate]), run: select(candidate) },
  );
}

const total = (shares: Readonly<Record<string, number>>) =>
  Object.values(shares).reduce((sum, value) => sum + value, 0);

describe.each(plants("first").map((plant) => [plant.name, plant] as const))("%s", (_, plant) => {
  it("gets the verdict that was planted, and divides all of the time", async () => {
    const comparison = await comparePlant(plant);
    expect(comparison.verdict).toMatchObject(plant.verdict);
    if (plant.limits) expect(comparison.limits).toEqual(plant.limits);

    const { timeAttribution, baseline, candidate } = comparison;
    expect(Object.keys(timeAttribution.baseline)).toEqual(STATES);
    expect(total(timeAttribution.baseline)).toBeCloseTo(1, 4);
    expect(total(timeAttribution.candidate)).toBeCloseTo(1, 4);
    expect(total(timeAttribution.extraSeconds)).toBeCloseTo(
      candidate.durationSeconds - baseline.durationSeconds,
      3,
    );
  });
});

describe("verdicts", () => {
  it("are the same bytes again for the same data", async () => {
    for (const plant of plants("again").slice(0, 4)) {
      const first = JSON.stringify(await comparePlant(plant));
      expect(JSON.stringify(await comparePlant(plant))).toBe(first);
    }
  });

  it("are as sure as they are right: over other noise, right ones at least as often as claimed", async () => {
    let right = 0;
    let claimed = 0;
    let counted = 0;
    for (const seed of ["a", "b"]) {
      for (const plant of plants(seed)) {
        const { verdict } = await comparePlant(plant);
        const { bottleneck, slower } = plant.verdict;
        if (verdict.bottleneck === bottleneck && verdict.slower === slower) right++;
        claimed += verdict.confidence;
        counted++;
      }
    }
    expect(counted).toBeGreaterThan(40);
    expect(right / counted).toBeGreaterThanOrEqual(claimed / counted);
    expect(right / counted).toBeGreaterThan(0.95);
  });
});
