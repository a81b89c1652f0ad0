import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "./duration.ts";
import { UsageError } from "./errors.ts";

describe("parseDuration", () => {
  it.each([
    ["500ms", 500],
    ["1s", 1000],
    ["1.5m", 90_000],
    ["1h30m", 5_400_000],
    ["2d", 172_800_000],
    ["10", 10_000],
    ["0.5", 500],
  ])("reads %s", (text, ms) => {
    expect(parseDuration(text, "--for")).toBe(ms);
  });

  it.each(["", "0", "0s", "-1s", "1x", "1s!", "s", "1 s", "NaN", "1e3s"])("refuses %j", (text) => {
    expect(() => parseDuration(text, "--for")).toThrow(UsageError);
    expect(() => parseDuration(text, "--for")).toThrow(/--for/);
  });
});

describe("formatDuration", () => {
  it.each([
    [0, "0 s"],
    [1500, "1.5 s"],
    [9949, "9.9 s"],
    [9951, "10 s"],
    [59_400, "59 s"],
    [59_600, "1 min 00 s"],
    [200_000, "3 min 20 s"],
    [7_500_000, "2 h 05 min"],
  ])("%d ms is %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
