import { describe, expect, it } from "vitest";
import { differenceInterval, replicateMeans } from "./bootstrap.ts";
import { randomFromText, type Random } from "./random.ts";
import { mean } from "./summary.ts";

/** Standard normal by the sum of twelve uniforms. */
function normal(random: Random): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random.next() / 2 ** 32;
  return sum;
}

describe("replicateMeans", () => {
  it("spreads like the standard error of a mean where values are independent", () => {
    const random = randomFromText("independent");
    const values = Array.from({ length: 400 }, () => normal(random));
    const means = replicateMeans([{ values }], randomFromText("resample"));
    const center = mean(means);
    const spread = Math.sqrt(mean(means.map((value) => (value - center) ** 2)));
    expect(Math.abs(center - mean(values))).toBeLessThan(0.01);
    // 1/√400 = 0.05
    expect(spread).toBeGreaterThan(0.04);
    expect(spread).toBeLessThan(0.06);
  });

  it("sees that correlated seconds say less than their number", () => {
    const random = randomFromText("correlated");
    const values: number[] = [];
    let level = 0;
    for (let i = 0; i < 400; i++) values.push((level = 0.8 * level + 0.6 * normal(random)));
    const blocks = replicateMeans([{ values }], randomFromText("resample"));
    const center = mean(blocks);
    const spread = Math.sqrt(mean(blocks.map((value) => (value - center) ** 2)));
    // Independent values of variance 1 would give 0.05; the truth is about 0.15.
    expect(spread).toBeGreaterThan(0.085);
  });

  it("covers the true difference about as often as it says", () => {
    let covered = 0;
    for (let trial = 0; trial < 200; trial++) {
      const random = randomFromText(`trial ${trial}`);
      const a = Array.from({ length: 60 }, () => 10 + normal(random));
      const b = Array.from({ length: 60 }, () => 11 + normal(random));
      const interval = differenceInterval(
        replicateMeans([{ values: a }], random, 200),
        replicateMeans([{ values: b }], random, 200),
        (x, y) => y - x,
      );
      if (interval && interval.low <= 1 && interval.high >= 1) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(176);
  });

  it("weighs values and hosts", () => {
    const weighed = replicateMeans([{ values: [1, 4], weights: [1, 0] }], randomFromText("w"));
    expect(mean(weighed)).toBe(1);
    const hosts = [
      { values: [1, 1, 1], share: 0.75 },
      { values: [5, 5, 5], share: 0.25 },
      { values: [99, 99, 99], share: 0 },
    ];
    expect(mean(replicateMeans(hosts, randomFromText("h")))).toBe(2);
  });

  it("has no interval without values", () => {
    const none = replicateMeans([{ values: [NaN, NaN] }], randomFromText("none"));
    expect(differenceInterval(none, none, (x, y) => y - x)).toBeNull();
  });
});
