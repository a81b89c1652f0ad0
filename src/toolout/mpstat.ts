/**
 * `mpstat` of sysstat 5 to 12: plain, `-P`, `-u`, `-I`, `-n`, `-N`, `-T`, `-A`, JSON.
 *
 * Tables: `cpu`, `node`, `interrupts` (of all CPUs together), `interrupts per cpu`, `interrupts by
 * kind`, `softirqs`.
 */
import type { Tool, ToolRow, ToolTable } from "./tool-report.ts";
import { MpstatTextParser, splitSums } from "./mpstat-text.ts";
import { objectsOf, SysstatJsonParser, tableOf, type JsonObject } from "./sysstat-json.ts";
import { lineStarts, parserByFirstLine } from "./text/lines.ts";

export const mpstat: Tool = {
  id: "mpstat",
  recognizes(firstLines) {
    const head = lineStarts(firstLines);
    // sadf's JSON has a "cpu-load" too; its times are objects.
    if (head.some((line) => /"file-date"|"timestamp"\s*:\s*\{/.test(line))) return 0;
    if (head.some((line) => /^\s*"(cpu|node)-load"\s*:|"sum-interrupts"\s*:/.test(line))) return 1;
    // sar has a column CPU as well: its -u prints %user and %system, its -u ALL %steal before %irq.
    const isShares = (line: string) =>
      /\s(CPU|NODE)\s.*\s%(usr|sys)\s.*\s%idle/.test(line) && !/%iowait\s+%steal/.test(line);
    if (head.some(isShares)) return 0.9;
    return head.some((line) => /\sCPU\s+(intr|[A-Z0-9_]+)\/s(\s|$)/.test(line)) ? 0.7 : 0;
  },
  parser: () =>
    parserByFirstLine((line) =>
      // One that ran without an interval prints since boot, but so that nothing tells.
      line.trimStart().startsWith("{")
        ? new SysstatJsonParser(jsonTables, false)
        : new MpstatTextParser(),
    ),
};

function jsonTables(element: JsonObject): ToolTable[] {
  const sums = tableOf("interrupts", objectsOf(element["sum-interrupts"]), "cpu");
  return [
    shareTable("cpu", element["cpu-load"]),
    shareTable("node", element["node-load"]),
    ...(sums ? splitSums({ ...sums, columns: ["intr/s"] }) : []),
    interruptTable("interrupts by kind", element["individual-interrupts"]),
    interruptTable("softirqs", element["soft-interrupts"]),
  ].flatMap((table) => (table ? [table] : []));
}

/** `[{"cpu": "all", "usr": 64.65, ...}]`, in the titles of the text: `%usr`. */
function shareTable(name: string, value: unknown): ToolTable | undefined {
  const table = tableOf(name, objectsOf(value), name);
  return table && { ...table, columns: table.columns.map((key) => `%${key}`) };
}

/**
 * `[{"cpu": "0", "intr": [{"name": "LOC", "value": 238.00}]}]`, in the titles of the text: `LOC/s`.
 */
function interruptTable(name: string, value: unknown): ToolTable | undefined {
  const columns: string[] = [];
  const rows = objectsOf(value).map((cpu): ToolRow => {
    const cells: (number | null)[] = [];
    for (const { name: kind, value: rate } of objectsOf(cpu.intr)) {
      const title = `${String(kind)}/s`;
      const known = columns.indexOf(title);
      cells[known < 0 ? columns.push(title) - 1 : known] = typeof rate === "number" ? rate : null;
    }
    return { instance: String(cpu.cpu), cells };
  });
  if (columns.length === 0) return undefined;
  return {
    name,
    columns,
    rows: rows.map((row) => ({ ...row, cells: columns.map((_, i) => row.cells[i] ?? null) })),
  };
}
