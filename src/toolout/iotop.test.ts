import { describe, expect, it } from "vitest";
import {
  cellsOf,
  parseText,
  tablesNamed,
  toolText,
  toolFixtures,
} from "../../test/support/tool-text.ts";
import { iotop } from "./iotop.ts";

const parse = (name: string) => parseText(iotop, toolText("iotop", name));
const MIB = 1024 ** 2;

describe("iotop as captured", () => {
  it.each(toolFixtures("iotop"))("%s is understood to the last line", (name) => {
    const text = toolText("iotop", name);
    const { reports, parser } = parseText(iotop, text);
    expect(parser.unknown.lines).toBe(0);
    const tables = reports.flatMap((report) => report.tables);
    expect(tables.reduce((sum, table) => sum + table.rows.length, 0)).toBe(
      text.match(/^(?!Warning).*\d (B|[KMG])\b.*$/gm)!.length,
    );
    // The first is of next to no time, and may show anything.
    expect(reports.map(({ sinceBoot }) => sinceBoot)).toEqual(reports.map((_, i) => i === 0));
    expect(reports.length).toBeGreaterThan(1);
  });

  it("reads totals, threads and times of both programs", () => {
    const python = parse("py-bot.txt").reports[1]!;
    expect(python.time).toEqual({ secondOfDay: (12 * 60 + 30) * 60 + 38 });
    expect(python.tables.map(({ name }) => name)).toEqual(["total", "total", "thread"]);
    expect(cellsOf(python.tables[0], "")).toEqual({
      "Total DISK READ": 125.67 * MIB,
      "Total DISK WRITE": 510.66 * MIB,
    });
    expect(cellsOf(python.tables[2], "python3:89")).toEqual({
      PRIO: "idle",
      USER: "root",
      "DISK READ": 31.92 * MIB,
      "DISK WRITE": 127.66 * MIB,
      SWAPIN: 0,
      IO: 27.94,
      COMMAND: "python3 w.py two",
    });
    const c = parse("c-bot.txt").reports[1]!;
    expect(c.time).toEqual({ day: 20781, secondOfDay: (12 * 60 + 30) * 60 + 55 });
    expect(cellsOf(c.tables[1], "")["Current DISK WRITE"]).toBe(463.7 * MIB);
    expect(cellsOf(c.tables[2], "python3:6")).toMatchObject({ PRIO: "id/7", IO: 73.11 });
  });

  it("knows processes (-P), sums (-a), kilobytes (-k) and commas", () => {
    expect(tablesNamed(parse("py-boPk.txt").reports, "process")[0]!.columns).toContain("DISK READ");
    expect(cellsOf(parse("py-boPk.txt").reports[1]!.tables[2], "python3:5")["DISK WRITE"]).toBe(
      261401.93 * 1024,
    );
    const sums = parse("c-boPa.txt").reports[1]!;
    expect(cellsOf(sums.tables[0], "")).toEqual({
      "Total READ": 192 * MIB,
      "Total WRITE": 768 * MIB,
    });
    expect(cellsOf(sums.tables[2], "python3:6")).toMatchObject({
      READ: 64 * MIB,
      WRITE: 256 * MIB,
    });
    expect(cellsOf(parse("c-de.txt").reports[1]!.tables[2], "python3:6")["DISK READ"]).toBe(
      63.94 * MIB,
    );
  });

  it("finds reports without totals and titles (-qqq)", () => {
    const { reports } = parse("py-boqqq.txt");
    expect(reports.map(({ tables }) => tables[0]!.rows.length)).toEqual([1, 5, 4]);
  });

  it("has no delays where the kernel keeps none", () => {
    const [table] = tablesNamed(parse("py-no-delayacct.txt").reports.slice(1), "thread");
    expect(table!.rows.length).toBeGreaterThan(2);
    for (const { cells } of table!.rows) expect(cells.slice(4, 6)).toEqual([null, null]);
  });
});

describe("iotop 0.4", () => {
  it("has one line of totals", () => {
    const { reports, parser } = parseText(
      iotop,
      [
        "Total DISK READ: 0.00 B/s | Total DISK WRITE: 11.78 K/s",
        "  TID  PRIO  USER     DISK READ  DISK WRITE  SWAPIN      IO    COMMAND",
        "  411 be/3 root        0.00 B/s    7.85 K/s  0.00 %  1.27 % [jbd2/sda1-8]",
        "Total DISK READ: 3.00 B/s | Total DISK WRITE: 11.78 K/s",
      ].join("\n"),
    );
    expect(parser.unknown.lines).toBe(0);
    expect(reports.length).toBe(2);
    expect(cellsOf(reports[0]!.tables[1], "jbd2/sda1-8:411")).toMatchObject({
      "DISK WRITE": 7.85 * 1024,
      IO: 1.27,
    });
  });
});
