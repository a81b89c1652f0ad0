import { describe, expect, it } from "vitest";
import type { HeatMap, HeatMapRow } from "../../analysis/courses/course.ts";
import { heatMapChart, heatTop, SHADES, shadeOf } from "./heat-map.ts";

const row = (side: HeatMapRow["side"], host: string, values: readonly number[]): HeatMapRow => ({
  side,
  host,
  role: "worker",
  mean: 50,
  highest: 90,
  values: Float64Array.from(values),
});
const map = (rows: readonly HeatMapRow[], unit: HeatMap["unit"] = "%"): HeatMap => ({
  title: "time in which tasks waited for I/O",
  counter: String.raw`\\*\Pressure(io)\% Some Stall Time`,
  resource: "disk",
  unit,
  rows,
  leftOut: { baseline: 0, candidate: 0 },
});
const LABELS = { baseline: "a/one", candidate: "b/two" };
const draw = (of: HeatMap) => heatMapChart(of, 10, "heat", "Title", "Description", LABELS).markup;

describe("shades", () => {
  it("runs from 0 to the top, and has none where there is no value", () => {
    expect(shadeOf(0, 100)).toBe(0);
    expect(shadeOf(99.9, 100)).toBe(SHADES - 1);
    expect(shadeOf(100, 100)).toBe(SHADES - 1);
    expect(shadeOf(50, 100)).toBe(4);
    expect(shadeOf(-1, 100)).toBe(0);
    expect(shadeOf(NaN, 100)).toBe(-1);
  });

  it("has one scale for both sides: all of a percentage, else a round number", () => {
    expect(heatTop(map([row("baseline", "a", [1, 60]), row("candidate", "b", [97])]))).toBe(100);
    expect(heatTop(map([row("baseline", "a", [3, NaN]), row("candidate", "b", [0.5])]))).toBe(3);
  });
});

describe("heatMapChart", () => {
  const markup = draw(
    map([row("baseline", "n1", [0, 0, 0, 95]), row("candidate", "n2", [95, NaN, 95, 95])]),
  );

  it("draws neighbors of one shade as one dash, and leaves out what is not known", () => {
    expect(markup).toContain('class="q0" d="M0 0.5h3"');
    expect(markup).toContain('class="q8" d="M3 0.5h1"');
    expect(markup).toContain('class="q8" d="M0 0.5h1M2 0.5h2"');
  });

  it("names sides and hosts, also for those who do not see it", () => {
    expect(markup).toMatch(/role="img"\s+aria-labelledby="heat-t heat-d"/);
    for (const text of ["a/one", "b/two", "n1", "n2", "Description"])
      expect(markup).toContain(text);
    expect(markup).toMatch(/n2: mean 50 %, highest 90 %/);
  });

  it("stays small with many hosts, and then names some of them", () => {
    const noisy = (seed: number) =>
      Array.from({ length: 150 }, (_, i) => (i * 7919 * (seed + 3)) % 101);
    const rows = Array.from({ length: 200 }, (_, i) =>
      row(i < 100 ? "baseline" : "candidate", `host-${i}`, noisy(i)),
    );
    const large = draw(map(rows));
    expect(large.length).toBeLessThan(400_000);
    expect(large.match(/<rect[^>]*\/?>\s*<title>|<title>host-/g)!.length).toBeGreaterThan(199);
  });
});
