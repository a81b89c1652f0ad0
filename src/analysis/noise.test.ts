import { describe, expect, it } from "vitest";
import { learnNoise } from "./noise.ts";
import { randomFromText } from "./statistics/random.ts";

const run = (seconds: number, wait = 0) => ({ seconds, means: new Map([["cpuWait", wait]]) });

describe("learnNoise", () => {
  it("learns nothing from a run without repeats", () => {
    expect(learnNoise([run(10)])).toMatchObject({ runs: 1, duration: 0 });
  });

  it("is what one more run of the same exceeds once in twenty times", () => {
    const random = randomFromText("repeats");
    const normal = () =>
      Array.from({ length: 12 }, () => random.next() / 2 ** 32).reduce((a, b) => a + b, 0) - 6;
    const one = () => run(100 * Math.exp(0.05 * normal()), 20 + 3 * normal());
    let longer = 0;
    let waiting = 0;
    const trials = 3000;
    for (let i = 0; i < trials; i++) {
      const baseline = one();
      const noise = learnNoise([baseline, one(), one(), one()]);
      const candidate = one();
      const ratio = candidate.seconds / baseline.seconds;
      if (Math.max(ratio, 1 / ratio) > 1 + noise.duration) longer++;
      const change = candidate.means.get("cpuWait")! - baseline.means.get("cpuWait")!;
      if (Math.abs(change) > noise.means.get("cpuWait")!) waiting++;
    }
    // The baseline is itself among the repeats, so a little more often than 1 in 20.
    expect(longer / trials).toBeLessThan(0.07);
    expect(longer / trials).toBeGreaterThan(0.03);
    expect(waiting / trials).toBeLessThan(0.07);
    expect(waiting / trials).toBeGreaterThan(0.03);
  });
});
