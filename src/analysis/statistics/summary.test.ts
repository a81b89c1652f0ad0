import { describe, expect, it } from "vitest";
import { mean, median, medianAbsoluteDeviation, nearestRank } from "./summary.ts";

describe("summary", () => {
  it("gives the textbook median and median absolute deviation", () => {
    // Example of the article "Median absolute deviation" of Wikipedia.
    expect(median([1, 1, 2, 2, 4, 6, 9])).toBe(2);
    expect(medianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9])).toBe(1);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it("gives the textbook nearest-rank percentiles", () => {
    // Example 1 of the article "Percentile" of Wikipedia.
    const values = [15, 20, 35, 40, 50];
    expect([0.05, 0.3, 0.4, 0.5, 1].map((q) => nearestRank(values, q))).toEqual([
      15, 20, 20, 35, 50,
    ]);
    expect(nearestRank([3, 6, 7, 8, 8, 10, 13, 15, 16, 20], 0.75)).toBe(15);
  });

  it("skips missing values and gives NaN where there is none", () => {
    expect(mean([1, NaN, 3])).toBe(2);
    expect(median([NaN, 7])).toBe(7);
    expect(mean([NaN])).toBeNaN();
    expect(median([])).toBeNaN();
    expect(nearestRank([], 0.5)).toBeNaN();
  });
});
