import { describe, expect, it } from "vitest";
import { normalBelow, rankSumP } from "./rank-sum.ts";

describe("rankSumP", () => {
  it("counts arrangements exactly", () => {
    // All six of one group above all six of the other: 2 of 924 arrangements.
    expect(rankSumP([1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12])).toBeCloseTo(2 / 924, 12);
    // Three against three: 2 of 20.
    expect(rankSumP([1, 2, 3], [4, 5, 6])).toBeCloseTo(0.1, 12);
  });

  it("agrees with the printed critical value of U for six and six", () => {
    // Tables give U = 5 as the two-sided 5 % limit; U = 6 is beyond it.
    expect(rankSumP([1, 2, 3, 4, 5, 11], [6, 7, 8, 9, 10, 12])).toBeLessThan(0.05);
    expect(rankSumP([1, 2, 3, 4, 6, 11], [5, 7, 8, 9, 10, 12])).toBeGreaterThan(0.05);
  });

  it("is symmetric, and 1 where nothing differs", () => {
    const a = [3, 1, 4, 1.5, 9];
    const b = [2, 6, 5, 3.5];
    expect(rankSumP(a, b)).toBeCloseTo(rankSumP(b, a), 12);
    expect(rankSumP([5, 5, 5], [5, 5, 5])).toBe(1);
    expect(rankSumP([], [1])).toBe(1);
  });

  it("takes ties into account", () => {
    const p = rankSumP([1, 1, 2, 2, 3, 3], [3, 4, 4, 5, 5, 6]);
    expect(p).toBeGreaterThan(0.001);
    expect(p).toBeLessThan(0.02);
  });
});

describe("normalBelow", () => {
  it("gives the printed values of the normal distribution", () => {
    expect(normalBelow(-1.96)).toBeCloseTo(0.0249979, 6);
    expect(normalBelow(0)).toBeCloseTo(0.5, 6);
    expect(normalBelow(1.6448536)).toBeCloseTo(0.95, 6);
  });
});
