import { describe, expect, it } from "vitest";
import { tBelow, tQuantile } from "./student-t.ts";

describe("Student's t", () => {
  // Two-sided 95 % and 99 % points as printed in the common tables (NIST Handbook 1.3.6.7.2).
  it.each([
    [1, 12.706, 63.657],
    [2, 4.303, 9.925],
    [5, 2.571, 4.032],
    [10, 2.228, 3.169],
    [20, 2.086, 2.845],
    [30, 2.042, 2.75],
    [100, 1.984, 2.626],
  ])("has the quantiles of the tables with %i degrees of freedom", (freedom, five, one) => {
    expect(tQuantile(0.975, freedom)).toBeCloseTo(five, 3);
    expect(tQuantile(0.995, freedom)).toBeCloseTo(one, 3);
    expect(tQuantile(0.025, freedom)).toBeCloseTo(-five, 3);
  });

  it("is Cauchy's with one degree of freedom, and has a closed form with two", () => {
    for (const t of [-3, -0.4, 0, 0.7, 5, 40]) {
      expect(tBelow(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 12);
      expect(tBelow(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 12);
    }
  });

  it("nears the normal with many", () => {
    expect(tQuantile(0.975, 1e6)).toBeCloseTo(1.959966, 4);
    expect(tBelow(1.96, 1e6)).toBeCloseTo(0.9750021, 5);
  });
});
