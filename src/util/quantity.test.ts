import { describe, expect, it } from "vitest";
import { formatDuration, formatSize, parseDuration, parseSize } from "./quantity.ts";

describe("durations", () => {
  it.each([
    ["500ms", 500],
    ["1s", 1000],
    ["2.5m", 150_000],
    ["1h30m", 5_400_000],
    ["90", 90_000],
    ["0.5", 500],
    ["1d", 86_400_000],
  ])("reads %s", (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(["", "0", "-1s", "1x", "s", "1 s", "0ms"])("refuses %j", (text) => {
    expect(() => parseDuration(text)).toThrow(/is not a duration/);
  });

  it.each([
    [850, "850 ms"],
    [12_345, "12.3 s"],
    [252_000, "4 min 12 s"],
    [120_000, "2 min"],
    [59_960, "1 min"],
    [7_500_000, "2 h 5 min"],
    [273_600_000, "3 d 4 h"],
  ])("writes %d ms", (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe("sizes", () => {
  it.each([
    ["512", 512],
    ["64k", 65_536],
    ["64MB", 67_108_864],
    ["1.5GiB", 1_610_612_736],
  ])("reads %s", (text, bytes) => expect(parseSize(text)).toBe(bytes));

  it.each(["", "0", "-1", "1x", "MB"])("refuses %j", (text) => {
    expect(() => parseSize(text)).toThrow(/is not a size/);
  });

  it.each([
    [512, "512 B"],
    [1536, "1.5 kB"],
    [67_108_864, "64 MB"],
    [5 * 1024 ** 4, "5 TB"],
  ])("writes %d", (bytes, text) => expect(formatSize(bytes)).toBe(text));
});
