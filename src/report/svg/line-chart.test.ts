import { describe, expect, it } from "vitest";
import type { CounterCourse, SideCourse } from "../../analysis/courses/course.ts";
import { lineChart } from "./line-chart.ts";

const side = (of: Partial<SideCourse> & { median: Float64Array }): SideCourse => ({
  side: "candidate",
  hosts: 3,
  low: of.median.map((value) => value - 1),
  high: of.median.map((value) => value + 1),
  outliers: [],
  ...of,
});
const chart = (sides: readonly SideCourse[], unit: CounterCourse["unit"] = "%") =>
  lineChart(
    { title: "t", counter: "c", resource: "disk", unit, sides },
    1,
    "chart-1",
    "Title <1>",
    "Description",
  ).markup;
const of = (...values: number[]) => Float64Array.from(values);

describe("lineChart", () => {
  it("breaks lines and bands where there is no value", () => {
    const markup = chart([side({ median: of(10, 20, NaN, 30, NaN, 40, 50) })]);
    const line = /class="median candidate"\s+d="([^"]*)"/.exec(markup)![1]!;
    expect(line.match(/M/g)).toHaveLength(3);
    expect(line).toMatch(/h4/);
    const band = /class="band candidate"\s+d="([^"]*)"/.exec(markup)![1]!;
    expect(band.match(/Z/g)).toHaveLength(3);
    expect(markup).not.toContain("NaN");
  });

  it("keeps everything inside of the picture, sides on one scale of time", () => {
    const markup = chart([
      side({ side: "baseline", median: of(50, 50) }),
      side({ median: of(50, 90, 90, 99), outliers: [{ host: "n4", values: of(1, 2, 3, 100) }] }),
    ]);
    const points = [...markup.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    expect(points.length).toBeGreaterThan(12);
    for (const [x, y] of points) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(560);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(210);
    }
    const starts = [...markup.matchAll(/class="median \w+"\s+d="M([\d.]+)/g)].map(([, x]) => x);
    expect(starts[0]).toBe(starts[1]);
    expect(markup).toContain("100 %");
  });

  it("has no band for one host, a title and a description, both escaped", () => {
    const markup = chart([side({ hosts: 1, median: of(1, 2) })]);
    expect(markup).not.toContain("band");
    expect(markup).toContain("Title &lt;1&gt;");
    expect(markup).toMatch(/aria-labelledby="chart-1-t chart-1-d"/);
  });

  it("draws no values and a single one", () => {
    expect(chart([side({ median: of() })])).not.toMatch(/NaN|Infinity/);
    expect(chart([side({ median: of(0.4) })], "B/s")).toMatch(/h4/);
  });
});
