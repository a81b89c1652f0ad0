/**
 * What every parser of a tool's text must stand: text that is cut, mixed with other text, huge
 * lines, noise.
 */
import { describe, expect, it } from "vitest";
import { free } from "../src/toolout/free.ts";
import { ifstat } from "../src/toolout/ifstat.ts";
import { iostat } from "../src/toolout/iostat.ts";
import { mpstat } from "../src/toolout/mpstat.ts";
import type { ToolReport } from "../src/toolout/tool-report.ts";
import { vmstat } from "../src/toolout/vmstat.ts";
import { parseLines, toolFixtures, toolLines } from "./support/tool-text.ts";

const tools = [iostat, vmstat, mpstat, free, ifstat];
/** Not tables of samples: reported as unknown, line by line. */
const UNKNOWN = new Set(["stats.txt", "disk-sum.txt", "partition.txt"]);
const files = tools.flatMap((tool) =>
  toolFixtures(tool.id).map((file) => ({ tool, file, lines: toolLines(tool.id, file) })),
);
const known = files.filter(({ file }) => !UNKNOWN.has(file));

describe.each(files)("$tool.id: $file", ({ tool, file, lines }) => {
  const { parser, reports } = parseLines(tool, lines);

  it("is told from other tools, and understood to the last line", () => {
    if (UNKNOWN.has(file)) {
      expect(reports).toEqual([]);
      expect(parser.unknown.lines).toBe(lines.length);
      return;
    }
    const sure = tools.map((other) => [other.recognizes(lines.slice(0, 64)) > 0, other.id]);
    expect(sure.filter(([is]) => is)).toEqual([[true, tool.id]]);
    expect(parser.unknown).toMatchObject({ lines: 0 });
    expect(reports.length).toBeGreaterThan(0);
  });

  it("has one cell per column", () => {
    for (const table of reports.flatMap(({ tables }) => tables)) {
      expect(new Set(table.columns).size).toBe(table.columns.length);
      for (const row of table.rows) expect(row.cells).toHaveLength(table.columns.length);
    }
  });
});

describe.each(known)("$tool.id: damaged $file", ({ tool, file, lines }) => {
  const whole = parseLines(tool, lines).reports;

  it("yields what was whole when it is cut after any line", () => {
    for (let end = 0; end < lines.length; end++) {
      const parser = tool.parser();
      const pushed = lines.slice(0, end).flatMap((line) => parser.push(line));
      expect(pushed).toEqual(whole.slice(0, pushed.length));
      const ended = parser.end();
      expect(ended.length).toBeLessThanOrEqual(1);
      if (ended[0]) expectPart(ended[0], whole[pushed.length]);
    }
  });

  it.each(["%% garbage of another program: 12", "garbage", "12 apples 0,5 - \u0000\u0001"])(
    "counts a line that does not belong: %s",
    (garbage) => {
      for (let at = 1; at <= lines.length; at += Math.ceil(lines.length / 40)) {
        const damaged = [...lines.slice(0, at), garbage, ...lines.slice(at)];
        const { parser, reports } = parseLines(tool, damaged);
        expect(parser.unknown.lines).toBeGreaterThan(0);
        expect(parser.unknown.first).toBeDefined();
        // JSON loses the report with the hole; where a name has a line of its own, any word might
        // be one.
        const lost = /json$|sysstat-11-human/.test(file) ? 1 : 0;
        expect(reports.length).toBeGreaterThanOrEqual(whole.length - lost);
        if (lost === 0) expect(reports).toEqual(whole);
      }
    },
  );
});

describe.each(tools)("$id: nonsense", (tool) => {
  const start = toolLines(tool.id, toolFixtures(tool.id)[0]!).slice(0, 8);

  it.each([
    ["blanks", " ".repeat(1_000_000)],
    ["digits", "1".repeat(1_000_000)],
    ["words", "tps r/s CPU %usr Device 1,5 ".repeat(40_000)],
    ["dashes", `${"-".repeat(500_000)} x`],
    ["separators", "1,".repeat(300_000)],
    ["braces", "{[".repeat(300_000)],
    ["colons", "a:".repeat(300_000)],
    ["returns", "\r".repeat(300_000)],
    ["dates", "11/24/2026 12:00:00 PM ".repeat(30_000)],
    ["a quote", `"statistics": [ {"a": "${"\\".repeat(300_000)}`],
  ])("takes a line of a million %s in its stride", (_, line) => {
    const started = performance.now();
    const { reports } = parseLines(tool, [...start, line, line]);
    tool.recognizes([line, line, ...start]);
    expect(performance.now() - started).toBeLessThan(2000);
    for (const { tables } of reports) expect(tables.length).toBeLessThan(10);
  });

  it("makes nothing of noise", () => {
    let seed = 42;
    const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31);
    const noise = Array.from({ length: 2000 }, () =>
      String.fromCharCode(...Array.from({ length: 60 }, () => random() % 256)),
    );
    expect(tool.recognizes(noise.slice(0, 64))).toBe(0);
    const { parser, reports } = parseLines(tool, noise);
    expect(reports).toEqual([]);
    expect(parser.unknown.lines).toBeGreaterThan(1900);
    expect(parser.unknown.first!.length).toBeLessThanOrEqual(200);
  });

  it("makes nothing of nothing", () => {
    expect(tool.recognizes([])).toBe(0);
    expect(parseLines(tool, []).reports).toEqual([]);
    expect(parseLines(tool, ["", "", ""]).reports).toEqual([]);
  });
});

/** A report that was cut has no value that the whole one does not have. */
function expectPart(part: ToolReport, whole: ToolReport | undefined): void {
  expect(part.time).toEqual(whole?.time);
  for (const table of part.tables) {
    const full = whole?.tables.find(({ name }) => name === table.name);
    for (const row of table.rows) {
      const cells = full?.rows.find(({ instance }) => instance === row.instance)?.cells ?? [];
      expect(row.cells).toEqual(row.cells.map((cell, i) => (cell === null ? null : cells[i])));
    }
  }
}
