import { describe, expect, it } from "vitest";
import { parseFixture, parseLines, rowOf, toolLines } from "../../test/support/tool-text.ts";
import { free } from "./free.ts";
import { freeUnit, vmstatUnit } from "./memory-unit.ts";

const memoryOf = (file: string, table = "memory") =>
  rowOf(parseFixture(free, file).reports[0], table);

describe("free", () => {
  it("reads procps 4", () => {
    expect(memoryOf("k.txt")).toEqual({
      total: 24_684_092,
      used: 821_264,
      free: 21_302_160,
      shared: 8856,
      "buff/cache": 2_881_920,
      available: 23_862_828,
    });
  });

  it.each(["b.txt", "m.txt", "g.txt", "h.txt", "w.txt", "h-de_DE.txt", "h-fr_FR.txt"])(
    "gives KiB for %s",
    (file) => {
      const memory = memoryOf(file);
      // Cut to whole GiB, or rounded up to one.
      expect((memory.total as number) / 24_684_092).toBeCloseTo(1, 1);
      expect((memory.available as number) / 23_862_828).toBeCloseTo(1, 0);
    },
  );

  it.each(["wltv-de_DE.txt", "wltv-fr_FR.txt", "wltv-ja_JP.txt"])(
    "knows the rows of %s",
    (file) => {
      const { reports } = parseFixture(free, file);
      expect(reports[0]!.tables.map(({ name }) => name)).toEqual([
        "memory",
        "low",
        "high",
        "swap",
        "total",
        "committed",
      ]);
      expect(memoryOf(file)).toMatchObject({ total: 24_684_092, buffers: 61_848 });
      expect(memoryOf(file, "committed")).toMatchObject({ total: 12_342_044 });
    },
  );

  it("tells by the numbers what used means", () => {
    expect(memoryOf("procps-3.2.txt", "memory 3.2")).toMatchObject({
      used: 501_372,
      cached: 240_360,
    });
    expect(memoryOf("procps-3.2.txt", "without caches")).toEqual({ used: 206_228, free: 309_564 });
    expect(memoryOf("procps-3.2.txt", "swap").total).toBe(401_616);
    expect(memoryOf("procps-3.3-m.txt", "memory 3.3")).toMatchObject({ used: 10_447 * 1024 });
    expect(memoryOf("procps-3.2-m.txt", "low").total).toBe(875 * 1024);
  });

  it("repeats, and takes dates between from the shell", () => {
    expect(parseFixture(free, "repeated.txt").reports).toHaveLength(3);
    const { reports } = parseFixture(free, "dates.txt");
    expect(reports.map(({ time }) => time)).toEqual([
      { day: 20_781, secondOfDay: 45_158, offsetMinutes: 0 },
      { day: 20_781, secondOfDay: 45_159, offsetMinutes: 0 },
    ]);
  });

  it("yields a report with the empty line after it", () => {
    const parser = free.parser();
    const counts = toolLines("free", "repeated.txt").map((line) => parser.push(line).length);
    expect(counts.slice(0, 4)).toEqual([0, 0, 0, 1]);
  });

  it("does not end with half a report", () => {
    const lines = toolLines("free", "dates.txt");
    expect(parseLines(free, lines.slice(0, -1)).reports).toHaveLength(1);
  });
});

describe("units of memory", () => {
  it.each([
    [[25_276_510_208, 821_032 * 1024, 8_851_456], 1 / 1024],
    [[24_684_092, 821_264, 8856], 1],
    [[24_105, 802, 20_803, 8], 1024],
    [[515_843, 97_210, 300_001], 1024],
    [[23, 1, 20, 0], 1024 ** 2],
    [[16_777_216, 4, 8], 1],
    [[0, 0, 0], 1],
  ])("free %j", (amounts, unit) => expect(freeUnit(amounts)).toBe(unit));

  it.each([
    [[0, 21_079_404, 62_416, 2_916_552], 1],
    [[0, 20_586, 61, 2848], 1024],
    [[0, 21_846_673, 63_331, 2_990_001], 1000 / 1024],
    [[0, 0, 0, 0], 1],
  ])("vmstat %j", (amounts, unit) => expect(vmstatUnit(amounts)).toBe(unit));
});
