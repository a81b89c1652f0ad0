/** top, pidstat, sar, iotop and sadf given text that is cut, damaged, hostile or another tool's. */
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../test/support/synthetic-log.ts";
import { parseText, toolText, toolFixtures } from "../../test/support/tool-text.ts";
import { iotop } from "./iotop.ts";
import { pidstat } from "./pidstat.ts";
import { sadf } from "./sadf.ts";
import { sar } from "./sar.ts";
import type { ToolReport } from "./tool-report.ts";
import { top } from "./top.ts";

const tools = [top, pidstat, sar, iotop, sadf];
const fixtures = tools.flatMap((tool) =>
  toolFixtures(tool.id).map((name) => [tool, name, toolText(tool.id, name)] as const),
);
/** One of each is enough for what takes long. */
const samples = [
  [top, "default.txt"],
  [top, "busybox.txt"],
  [pidstat, "threads.txt"],
  [sar, "en_US.txt"],
  [iotop, "py-bot.txt"],
  [iotop, "c-bot.txt"],
  [sadf, "comments.csv"],
  [sadf, "comments.json"],
] as const;

const rowsOf = (reports: readonly ToolReport[]) =>
  reports.reduce((sum, { tables }) => sum + tables.reduce((n, { rows }) => n + rows.length, 0), 0);

describe("recognition", () => {
  it.each(fixtures.map(([tool, name, text]) => [`${tool.id} ${name}`, tool, text] as const))(
    "%s is that tool's and no other's",
    (_title, tool, text) => {
      const head = text.split("\n").slice(0, 64);
      const certainty = tools.map((other) => [other.recognizes(head), other.id] as const);
      certainty.sort(([a], [b]) => b - a);
      expect(certainty[0]![1]).toBe(tool.id);
      expect(certainty[0]![0]).toBeGreaterThan(certainty[1]![0]);
    },
  );

  it.each([
    ["nothing", ""],
    ["prose", "The top - of the list.\nCPU and memory: 3, 4, 5"],
    ["another file", '{"hosts": []}\n# Time,Value\n1,2\n'],
  ])("%s is no tool's", (_title, text) => {
    for (const tool of tools) expect(tool.recognizes(text.split("\n"))).toBe(0);
  });
});

describe.each(samples.map(([tool, name]) => [`${tool.id} ${name}`, tool, name] as const))(
  "%s",
  (_title, tool, name) => {
    const text = toolText(tool.id, name);
    const lines = text.split("\n");
    const whole = parseText(tool, text);

    it("can be cut anywhere: what was complete stays", () => {
      for (let count = 0; count <= lines.length; count++) {
        const { reports } = parseText(tool, lines.slice(0, count).join("\n"));
        // All but the last are as they were.
        expect(reports.slice(0, -1)).toEqual(
          whole.reports.slice(0, Math.max(0, reports.length - 1)),
        );
        expect(rowsOf(reports)).toBeLessThanOrEqual(rowsOf(whole.reports));
      }
    });

    it("can begin anywhere", () => {
      for (let from = 0; from < lines.length; from++) {
        const { reports, parser } = parseText(tool, lines.slice(from).join("\n"));
        expect(rowsOf(reports) + parser.unknown.lines).toBeLessThanOrEqual(2 * lines.length);
      }
    });

    it("counts lines that are none of its, and goes on", () => {
      if (text.startsWith("{")) return;
      const garbage = [
        "%%% what is this? %%%",
        "\u0000\u0001\u0002\u00ff\u00fe",
        "x".repeat(1_000_000),
        "#!/bin/sh -e",
      ];
      const mixed = lines.flatMap((line, i) =>
        i % 3 === 1 ? [garbage[i % garbage.length]!, line] : [line],
      );
      const { reports, parser } = parseText(tool, mixed.join("\n"));
      expect(reports).toEqual(whole.reports);
      expect(parser.unknown.lines).toBe(mixed.length - lines.length);
      expect(parser.unknown.first!.length).toBeLessThanOrEqual(200);
    });

    it("survives noise, and reads nothing out of it", () => {
      const random = seededRandom(7);
      const noise = Array.from({ length: 400 }, () =>
        String.fromCharCode(...Array.from({ length: 80 }, () => Math.floor(random() * 256))),
      );
      const { reports, parser } = parseText(tool, noise.join("\n"));
      expect(reports).toEqual([]);
      expect(parser.unknown.lines).toBeGreaterThan(300);
    });

    it("damaged, never yields cells that do not fit their columns", () => {
      const random = seededRandom(3);
      for (let round = 0; round < 60; round++) {
        const damaged = text.split("");
        for (let i = 0; i < 20; i++) {
          damaged[Math.floor(random() * damaged.length)] = String.fromCharCode(
            32 + Math.floor(random() * 95),
          );
        }
        for (const { tables } of parseText(tool, damaged.join("")).reports) {
          for (const { columns, rows } of tables) {
            for (const { cells } of rows) {
              expect(cells.length).toBe(columns.length);
              for (const cell of cells)
                if (typeof cell === "number") expect(Number.isFinite(cell)).toBe(true);
            }
          }
        }
      }
    });

    it("takes no time over lines made to take much", () => {
      const { parser } = parseText(tool, text);
      const evil = [
        " ".repeat(60_000),
        "1 ".repeat(30_000),
        "1.0 us, ".repeat(7_500),
        "%Cpu0 : ".repeat(7_500),
        `top - 10:00:00 ${", 1 user".repeat(7_000)}`,
        `top - 10:00:00 up ${"1 day, ".repeat(7_000)}`,
        `Tasks: ${"1 a, ".repeat(10_000)}`,
        `KiB Mem : ${"1+".repeat(30_000)}`,
        `12:00:00 ${"- ".repeat(29_000)}Command`,
        `Total DISK READ : ${"1.0 B/s | ".repeat(5_000)}`,
        `12:00:00 1 be/4 root ${"0.00 B/s ".repeat(6_000)}`,
        `node1;1;2026-11-24 12:25:48 UTC${";1".repeat(30_000)}`,
        `# hostname;interval;timestamp${";CPU;%user[...]".repeat(4_000)}`,
        "{".repeat(60_000),
        "  PID USER " + "PR ".repeat(20_000),
      ];
      const begin = performance.now();
      for (const line of evil) {
        parser.push(line);
        tool.recognizes([line]);
      }
      parser.end();
      // Milliseconds where it is linear; hours where it is not.
      expect(performance.now() - begin).toBeLessThan(3000);
    });
  },
);
