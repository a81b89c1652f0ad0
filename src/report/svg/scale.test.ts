import { describe, expect, it } from "vitest";
import { shortName, timeText, timeTicks, unitText, valueTicks } from "./scale.ts";

describe("valueTicks", () => {
  it.each([
    [100, [0, 25, 50, 75, 100]],
    [18.2, [0, 5, 10, 15, 20]],
    [0.3, [0, 0.1, 0.2, 0.3]],
    [0, [0, 1]],
    [NaN, [0, 1]],
    [9.1e7, [0, 25e6, 50e6, 75e6, 100e6]],
  ])("ends not below %d", (most, at) => {
    const ticks = valueTicks(most);
    expect(ticks.at).toEqual(at);
    expect(ticks.top).toBeCloseTo(at[at.length - 1]!, 9);
  });
});

describe("time", () => {
  it("has round steps, six at most", () => {
    expect(timeTicks(1020)).toEqual([0, 300, 600, 900]);
    expect(timeTicks(150)).toEqual([0, 30, 60, 90, 120, 150]);
    expect(timeTicks(1)).toEqual([0, 0.5, 1]);
    expect(timeTicks(40 * 86400).length).toBeLessThanOrEqual(7);
  });

  it.each([
    [0, "0"],
    [0.5, "0.5 s"],
    [59, "59 s"],
    [90, "1:30 min"],
    [300, "5 min"],
    [3600, "1 h"],
    [9000, "2:30 h"],
  ])("writes %d", (seconds, text) => expect(timeText(seconds)).toBe(text));
});

describe("unitText", () => {
  it.each([
    [43.21, "%", "43.2 %"],
    [1_500_000, "B/s", "1.5 MB/s"],
    [999, "B", "999 B"],
    [0.5, "B/s", "0.5 B/s"],
    [12.34, "ms", "12.3 ms"],
    [2500, "1/s", "2,500/s"],
    [25_000, "1/s", "25 k/s"],
    [3, "", "3"],
    [NaN, "%", "-"],
  ] as const)("writes %d %s", (value, unit, text) => expect(unitText(value, unit)).toBe(text));
});

it("cuts names that have no room", () => {
  expect(shortName("n1")).toBe("n1");
  expect(shortName("a".repeat(40))).toHaveLength(22);
});
