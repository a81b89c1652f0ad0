import { describe, expect, it } from "vitest";
import { randomFromText } from "./random.ts";
import { welchInterval } from "./welch.ts";

const one = (values: readonly number[]) => [{ weight: 1, values }];

describe("welchInterval", () => {
  it("agrees with a worked example", () => {
    const a = [18, 20, 20, 22, 23];
    const b = [19, 20, 21, 22, 22, 22, 23, 24, 24, 25];
    // Means 20.6 and 22.2, variances 15.2/4 and 31.6/9: s² = 3.8/5 + 3.5111/10 = 1.1111, and
    // s⁴/(0.76²/4 + 0.35111²/9) = 7.809 degrees of freedom, between the table's 2.365 and 2.306.
    const { low, high } = welchInterval(one(a), one(b))!;
    // SciPy's ttest_ind(b, a, equal_var=False).confidence_interval().
    expect(low).toBeCloseTo(-0.841135380734, 9);
    expect(high).toBeCloseTo(4.041135380734, 9);
    const t = (high - low) / 2 / Math.sqrt(0.76 + 31.6 / 90);
    expect(t).toBeGreaterThan(2.306);
    expect(t).toBeLessThan(2.33);
  });

  it("covers the truth as often as it says, hosts of unlike spread and number", () => {
    const random = randomFromText("coverage");
    const normal = () =>
      Array.from({ length: 12 }, () => random.next() / 2 ** 32).reduce((a, b) => a + b, 0) - 6;
    let covered = 0;
    const repeats = 2000;
    for (let i = 0; i < repeats; i++) {
      const a = Array.from({ length: 6 }, () => 10 + 3 * normal());
      const b = Array.from({ length: 20 }, () => 12 + normal());
      const { low, high } = welchInterval(one(a), one(b))!;
      if (low <= 2 && high >= 2) covered++;
    }
    expect(covered / repeats).toBeGreaterThan(0.935);
    expect(covered / repeats).toBeLessThan(0.965);
  });

  it("is not widened by what differs between roles", () => {
    const masters = [100, 101, 99];
    const workers = [10, 11, 9];
    const apart = [
      { weight: 0.5, values: masters },
      { weight: 0.5, values: workers },
    ];
    const { low, high } = welchInterval(apart, apart)!;
    expect(high - low).toBeLessThan(5);
    const pooled = welchInterval(one([...masters, ...workers]), one([...masters, ...workers]))!;
    expect(pooled.high - pooled.low).toBeGreaterThan(50);
  });

  it("knows nothing of the spread of single values", () => {
    expect(welchInterval(one([1]), one([2]))).toBeNull();
    expect(welchInterval(one([1, 1]), one([2, 2]))).toEqual({ low: 1, high: 1 });
  });
});
