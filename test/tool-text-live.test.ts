/** The tools as they are on this machine, whatever their version: every line they print is understood. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { pidstat } from "../src/toolout/pidstat.ts";
import { sadf } from "../src/toolout/sadf.ts";
import { sar } from "../src/toolout/sar.ts";
import type { Tool } from "../src/toolout/tool-report.ts";
import { top } from "../src/toolout/top.ts";
import { needs } from "./support/needs.ts";
import { cellsOf, parseText, tablesNamed } from "./support/tool-text.ts";

function printed(program: string, ...options: string[]): string {
  // The language and colors of whoever runs the tests are not theirs.
  const env = { ...process.env, LC_ALL: "C", S_COLORS: "never", HOME: "/nonexistent" };
  return execFileSync(program, options, {
    encoding: "utf8",
    env,
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 1 << 28,
  });
}

function understood(tool: Tool, text: string): ReturnType<typeof parseText> {
  expect(tool.recognizes(text.split("\n").slice(0, 64))).toBeGreaterThan(0.7);
  const parsed = parseText(tool, text);
  expect(parsed.parser.unknown).toEqual(expect.objectContaining({ lines: 0 }));
  expect(parsed.reports.length).toBeGreaterThan(0);
  return parsed;
}

needs("procps").it("top", () => {
  const { reports } = understood(top, printed("top", "-b", "-n", "2", "-d", "0.2", "-w", "512"));
  expect(reports.map(({ sinceBoot }) => sinceBoot)).toEqual([true, false]);
  const processes = tablesNamed(reports, "process");
  expect(processes[0]!.rows.some(({ instance }) => instance.endsWith(`:${process.pid}`))).toBe(
    true,
  );
});

needs("sysstat").it("pidstat", () => {
  const { reports } = understood(
    pidstat,
    printed("pidstat", "-h", "-u", "-r", "-d", "-w", "-v", "-p", "ALL", "1", "1"),
  );
  const rows = tablesNamed(reports, "process").flatMap(({ rows }) => rows);
  expect(rows.some(({ instance }) => instance.endsWith(`:${process.pid}`))).toBe(true);
});

needs("sysstat").it("sar and sadf", () => {
  const folder = mkdtempSync(join(tmpdir(), "perfmon-sar-"));
  const file = join(folder, "sa");
  understood(sar, printed("sar", "-A", "-o", file, "1", "1"));
  const text = understood(sar, printed("sar", "-A", "-f", file));
  const json = understood(sadf, printed("sadf", "-j", file, "--", "-A"));
  understood(sadf, printed("sadf", "-d", file, "--", "-A"));
  const idle = cellsOf(tablesNamed(text.reports, "cpu")[0], "all")["%idle"];
  expect(cellsOf(tablesNamed(json.reports, "cpu-load")[0], "all")["idle"]).toBe(idle);
  rmSync(folder, { recursive: true });
});
