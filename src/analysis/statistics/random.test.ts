import { describe, expect, it } from "vitest";
import { randomFromText, xoshiro128 } from "./random.ts";

describe("xoshiro128", () => {
  it("gives the first numbers of the authors' C program for the state 1, 2, 3, 4", () => {
    const random = xoshiro128([1, 2, 3, 4]);
    const numbers = Array.from({ length: 10 }, () => random.next());
    expect(numbers).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
      4258142804,
    ]);
  });

  it("spreads integers evenly", () => {
    const random = randomFromText("even");
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) counts[random.integer(10)]!++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it("depends on the text alone", () => {
    expect(randomFromText("a").next()).toBe(randomFromText("a").next());
    expect(randomFromText("a").next()).not.toBe(randomFromText("b").next());
  });
});
