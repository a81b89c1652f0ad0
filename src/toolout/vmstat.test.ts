import { describe, expect, it } from "vitest";
import { parseFixture, parseLines, rowOf, toolLines } from "../../test/support/tool-text.ts";
import { vmstat } from "./vmstat.ts";

describe("vmstat", () => {
  it("reads a report per line, the first of them since boot", () => {
    const { reports } = parseFixture(vmstat, "procps-3.2.txt");
    expect(reports.map(({ sinceBoot }) => sinceBoot)).toEqual([true, false]);
    const row = rowOf(reports[1], "system");
    expect(row).toMatchObject({ r: 0, b: 1, swpd: 2_104_504, free: 632_432, buff: 508_064 });
    expect(row).toMatchObject({ cache: 5_411_900, si: 8, so: 12, bi: 120, bo: 2048 });
    expect(row).toMatchObject({ in: 1032, cs: 2100, us: 12, sy: 3, id: 60, wa: 25, st: 0 });
  });

  it("knows titles by their place, in any language", () => {
    const german = parseFixture(vmstat, "time-wide-de_DE.txt").reports[1];
    expect(german!.time).toEqual({ day: 20_781, secondOfDay: 45_530 });
    expect(rowOf(german, "system")).toMatchObject({ free: 21_023_872, buff: 62_416, gu: 0 });
    const french = parseFixture(vmstat, "active-wide-fr_FR.txt").reports[1];
    expect(rowOf(french, "system")).toHaveProperty("inact");
    expect(rowOf(french, "system")).not.toHaveProperty("buff");
  });

  it("gives KiB, whatever the unit was", () => {
    const free = (file: string) =>
      rowOf(parseFixture(vmstat, file).reports[0], "system").free as number;
    const kib = free("plain.txt");
    expect(free("mb.txt") / kib).toBeCloseTo(1, 1);
    expect(free("kb.txt") / kib).toBeCloseTo(1, 1);
  });

  it("goes on after its heading comes again, and over midnight", () => {
    const { reports } = parseFixture(vmstat, "long.txt");
    expect(toolLines("vmstat", "long.txt").length).toBeGreaterThan(reports.length + 2);
    expect(reports).toHaveLength(30);
    expect(reports.filter(({ sinceBoot }) => sinceBoot)).toHaveLength(1);
  });

  it("yields each line as it comes", () => {
    const parser = vmstat.parser();
    const counts = toolLines("vmstat", "plain.txt").map((line) => parser.push(line).length);
    expect(counts).toEqual([0, 0, 1, 1, 1, 1]);
  });

  it("reads totals of disks and slabs", () => {
    const { reports } = parseFixture(vmstat, "disk-time.txt");
    expect(reports.map(({ time }) => time?.secondOfDay)).toEqual([45_540, 45_541]);
    expect(rowOf(reports[0], "disk", "vda")).toMatchObject({
      "reads total": 438_399,
      "writes sectors": 342_219_752,
      "IO sec": 159,
    });
    const slabs = parseFixture(vmstat, "slabs.txt").reports[0];
    expect(rowOf(slabs, "slab", "AF_VSOCK")).toMatchObject({ Num: 36, Size: 1280 });
  });

  it("does not take a line that was cut for a sample", () => {
    const lines = toolLines("vmstat", "plain.txt");
    const { parser, reports } = parseLines(vmstat, [...lines, lines[3]!.slice(0, 40)]);
    expect(reports).toHaveLength(4);
    expect(parser.unknown.lines).toBe(1);
  });
});
