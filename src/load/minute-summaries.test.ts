import { describe, expect, it } from "vitest";
import type { MinuteSummary } from "../store/store.ts";
import { summarizeMinutes } from "./minute-summaries.ts";
import { decodeSketch } from "./sketch.ts";

function summaries(rows: readonly (readonly [timeMs: number, value: number, weight: number])[]) {
  const taken: MinuteSummary[] = [];
  // Arrays longer than what is used, as the loader has them.
  const column = (i: 0 | 1 | 2) => Float64Array.from([...rows.map((row) => row[i]), 1e9, 1e9]);
  summarizeMinutes(5, rows.length, column(0), column(1), column(2), (summary) =>
    taken.push(summary),
  );
  return taken;
}

describe("summarizeMinutes", () => {
  it("weights mean and squares", () => {
    const [minute, ...none] = summaries([
      [60_000, 10, 1],
      [61_000, 20, 3],
      [119_999, 40, 1],
    ]);
    expect(none).toEqual([]);
    expect(minute).toMatchObject({
      seriesId: 5,
      minute: 1,
      count: 3,
      weight: 5,
      mean: 22,
      min: 10,
      max: 40,
    });
    expect(minute!.m2).toBeCloseTo(144 + 3 * 4 + 324, 9);
    expect(decodeSketch(minute!.sketch).reduce((sum, { count }) => sum + count, 0)).toBe(3);
  });

  it("cuts at whole minutes, of which some may be missing", () => {
    const cut = summaries([
      [119_999, 1, 1],
      [120_000, 2, 1],
      [179_999, 3, 1],
      [600_000, 4, 2],
    ]);
    expect(cut.map(({ minute, count, weight }) => [minute, count, weight])).toEqual([
      [1, 1, 1],
      [2, 2, 2],
      [10, 1, 2],
    ]);
  });

  it("of equal values are exact and without a sketch", () => {
    const [steady] = summaries(Array.from({ length: 50 }, (_, i) => [i * 1000, 0.1, 1.001]));
    expect(steady).toMatchObject({ mean: 0.1, m2: 0, min: 0.1, max: 0.1, weight: 50.05 });
    expect(steady!.sketch.length).toBe(0);
  });

  it("keep the digits of large steady values", () => {
    const [minute] = summaries(
      Array.from({ length: 60 }, (_, i) => [i * 1000, 1.6e10 + (i % 2), 1]),
    );
    expect(minute!.mean).toBe(1.6e10 + 0.5);
    expect(minute!.m2).toBe(15);
  });

  it("of nothing are none", () => {
    expect(summaries([])).toEqual([]);
  });
});
