import { describe, expect, it } from "vitest";
import { blockLength } from "./block-length.ts";
import { randomFromText } from "./random.ts";

/** First-order autoregression with normal noise (sum of 12 uniforms). */
function autoregression(rho: number, n: number, seed: string): number[] {
  const random = randomFromText(seed);
  const uniform = () => random.next() / 2 ** 32;
  const normal = () => Array.from({ length: 12 }, uniform).reduce((a, b) => a + b, 0) - 6;
  let value = 0;
  for (let i = 0; i < 200; i++) value = rho * value + normal();
  return Array.from({ length: n }, () => (value = rho * value + normal()));
}

/** What theory says of an autoregression: (1.5 (2ρ/(1−ρ²))² n)^(1/3). */
const optimal = (rho: number, n: number) =>
  (1.5 * ((2 * rho) / (1 - rho * rho)) ** 2 * n) ** (1 / 3);

describe("blockLength", () => {
  it("is one for values that do not depend on each other, and for those that never change", () => {
    expect(blockLength(autoregression(0, 1000, "independent"))).toBeLessThanOrEqual(3);
    expect(blockLength(new Array<number>(50).fill(3))).toBe(1);
    expect(blockLength([1, 2, 3])).toBe(1);
  });

  it.each([0.3, 0.6, 0.8])("is near the optimum of theory for ρ = %d", (rho) => {
    const lengths = Array.from({ length: 40 }, (_, i) =>
      blockLength(autoregression(rho, 600, `${rho} ${i}`)),
    );
    const mean = lengths.reduce((a, b) => a + b, 0) / lengths.length;
    expect(mean / optimal(rho, 600)).toBeGreaterThan(0.7);
    expect(mean / optimal(rho, 600)).toBeLessThan(1.4);
  });
});
