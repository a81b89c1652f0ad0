/**
 * Every column that is mapped leads to a declared counter, in its unit; every column that a tool
 * prints is in its page of docs.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../../test/support/source-files.ts";
import { parseFixture, toolFixtures } from "../../../test/support/tool-text.ts";
import { collectors } from "../../collectors/all.ts";
import type { Counter, Unit } from "../../counter/declaration.ts";
import { free } from "../../toolout/free.ts";
import { ifstat } from "../../toolout/ifstat.ts";
import { iostat } from "../../toolout/iostat.ts";
import { mpstat } from "../../toolout/mpstat.ts";
import type { Tool } from "../../toolout/tool-report.ts";
import { vmstat } from "../../toolout/vmstat.ts";
import { freeMapping } from "./free.ts";
import { ifstatMapping } from "./ifstat.ts";
import { iostatMapping } from "./iostat.ts";
import type { ToolMapping } from "./mapping.ts";
import { mpstatMapping } from "./mpstat.ts";
import { vmstatMapping } from "./vmstat.ts";

const tools: readonly { tool: Tool; mapping: ToolMapping }[] = [
  { tool: iostat, mapping: iostatMapping },
  { tool: vmstat, mapping: vmstatMapping },
  { tool: mpstat, mapping: mpstatMapping },
  { tool: free, mapping: freeMapping },
  { tool: ifstat, mapping: ifstatMapping },
];

function declared(object: string, counter: string): Counter | undefined {
  const found = collectors.find((collector) => collector.object.name === object);
  return found?.object.counters.find(({ name }) => name === counter);
}

/**
 * Printed units by title: what one of them is in ours. From the manuals of the tools, not from the
 * mappings.
 */
const PRINTED: readonly [pattern: RegExp, unit: Unit, scale: number][] = [
  [/^(iostat \S+ %|mpstat \S+ %|vmstat system (us|sy|id|wa|st|gu)$)/, "%", 1],
  [/^iostat .* (Blk_\w+\/s|[rwd]sec\/s)$/, "bytes/s", 512],
  [/^iostat .* (kB_\w+\/s|[rwd]kB\/s)$/, "bytes/s", 1024],
  [/^iostat .* (MB_\w+\/s|[rwd]MB\/s)$/, "bytes/s", 1_048_576],
  [/^iostat .* avgrq-sz$/, "bytes/op", 512],
  [/^iostat .* [rwd]areq-sz$/, "bytes/op", 1024],
  [/^iostat .* (await|[rwdf]_await)$/, "seconds", 0.001],
  [/^iostat .* (tps|[rwdf]\/s|[rwd]rqm\/s)$/, "count/s", 1],
  [/^iostat .* %/, "%", 1],
  [/^iostat .* (avgqu|aqu)-sz$/, "count", 1],
  [/^mpstat .*\/s$/, "count/s", 1],
  [/^vmstat system [rb]$/, "count", 1],
  [/^vmstat system (in|cs)$/, "count/s", 1],
  [/^vmstat system (free|buff|inact|active)$/, "bytes", 1024],
  [/^vmstat system b[io]$/, "bytes/s", 1024],
  [/^vmstat system s[io]$/, "count/s", 0.25],
  [/^free /, "bytes", 1024],
  [/^ifstat interface KB\/s /, "bytes/s", 1024],
  [/^ifstat interface Kbps /, "bytes/s", 128],
];

describe.each(tools)("$tool.id: mapping", ({ tool, mapping }) => {
  const columns = mapping.tables.flatMap(({ table, columns: of }) =>
    Object.entries(of).map(([title, target]) => ({ table, title, target })),
  );

  it("is this tool's", () => {
    expect(mapping.tool).toBe(tool.id);
    expect(columns.length).toBeGreaterThan(3);
  });

  it.each(columns)(
    "$table $title is a counter of ours, in its unit",
    ({ table, title, target }) => {
      const counter = declared(target.object, target.counter);
      expect(counter, `${target.object}\\${target.counter}`).toBeDefined();
      const printed = PRINTED.find(([pattern]) => pattern.test(`${tool.id} ${table} ${title}`));
      expect(printed, "a printed unit").toBeDefined();
      expect([counter!.unit, target.scale ?? 1]).toEqual(printed!.slice(1));
    },
  );

  it.each(
    mapping.tables.flatMap(({ table, derived = [] }) => derived.map((to) => ({ table, to }))),
  )("$table: $to.counter follows from $to.from", ({ to }) => {
    const counter = declared(to.object, to.counter);
    expect(counter, `${to.object}\\${to.counter}`).toBeDefined();
    expect(new Set(to.from).size).toBe(to.value.length || to.from.length);
    const value = to.value(...to.from.map(() => 0));
    expect(value === undefined || Number.isFinite(value)).toBe(true);
    if (counter!.unit === "%") expect(value ?? 0).toBeLessThanOrEqual(100);
  });

  it("names no column and no instance twice for one row", () => {
    const tables = new Map<string, Set<string>>();
    for (const { table, columns: of, instance } of mapping.tables) {
      for (const row of ["", "all", "0", "sda", "sda1", "eth0", "lo", "Total"]) {
        const name = instance ? instance(row) : row;
        if (name === undefined) continue;
        const seen = tables.get(`${table} ${row}`) ?? new Set();
        for (const title of Object.keys(of)) {
          expect(seen.has(title), `${table} ${title} of ${row}`).toBe(false);
          seen.add(title);
        }
        tables.set(`${table} ${row}`, seen);
      }
    }
  });
});

describe("values", () => {
  const valueOf = (mapping: ToolMapping, table: string, counter: string, cells: number[]) =>
    mapping.tables
      .filter((of) => of.table === table)
      .flatMap(({ derived = [] }) => derived)
      .find((to) => to.counter === counter && to.from.length === cells.length)!
      .value(...cells);

  it("follow from what is printed", () => {
    expect(valueOf(iostatMapping, "cpu", "% Processor Time", [70, 9, 1])).toBe(20);
    expect(valueOf(iostatMapping, "cpu", "% Processor Time", [99, 1, 0.01])).toBe(0);
    // 10 reads of 2 ms and 30 writes of 6 ms.
    const mean = valueOf(iostatMapping, "extended", "Avg. Disk sec/Transfer", [10, 30, 2, 6]);
    expect(mean).toBeCloseTo(0.005, 12);
    expect(valueOf(iostatMapping, "extended", "Avg. Disk sec/Transfer", [0, 0, 0, 0])).toBe(
      undefined,
    );
    expect(valueOf(freeMapping, "memory 3.3", "Used Bytes", [4096, 1024])).toBe(3072 * 1024);
    expect(valueOf(freeMapping, "swap", "% Swap Used", [25, 100])).toBe(25);
    expect(valueOf(freeMapping, "swap", "% Swap Used", [0, 0])).toBeUndefined();
    expect(valueOf(ifstatMapping, "interface", "Bytes Total/sec", [1, 2])).toBe(3 * 1024);
  });

  it("belong to the right instance", () => {
    const instances = (mapping: ToolMapping, table: string, row: string) =>
      mapping.tables
        .filter((of) => of.table === table)
        .map((of) => [Object.values(of.columns)[0]!.object, of.instance?.(row) ?? undefined])
        .filter(([, name]) => name !== undefined);
    expect(instances(iostatMapping, "extended", "sda")).toEqual([["PhysicalDisk", "sda"]]);
    expect(instances(iostatMapping, "extended", "sda1")).toEqual([["Disk Partition", "sda/sda1"]]);
    expect(instances(ifstatMapping, "interface", "eth0")).toEqual([["Network Interface", "eth0"]]);
    expect(instances(ifstatMapping, "interface", "lo")).toEqual([
      ["Virtual Network Interface", "lo"],
    ]);
    expect(instances(ifstatMapping, "interface", "Total")).toEqual([]);
    expect(instances(mpstatMapping, "cpu", "all")).toEqual([["Processor", "_Total"]]);
    expect(instances(mpstatMapping, "cpu", "3")).toEqual([["Processor", "3"]]);
  });
});

interface DocumentedColumn {
  readonly table: string;
  readonly title: string;
  readonly carriedBy: string;
  readonly unit: string;
  readonly meaning: string;
}

/**
 * Rows of the tables below headings "### Table `extended`": titles, unit, what carries them, text.
 */
function documentedColumns(tool: string): DocumentedColumn[] {
  const text = readFileSync(join(projectRoot, `docs/tools/${tool}.md`), "utf8");
  let table = "";
  return text.split("\n").flatMap((line) => {
    table = /^#+ Table `([^`]+)`/.exec(line)?.[1] ?? (line.startsWith("## ") ? "" : table);
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    if (table === "" || !cells[1]?.startsWith("`")) return [];
    const [, titles, unit, carriedBy, meaning] = cells;
    return Array.from(titles.matchAll(/`([^`]+)`/g)).map(([, title]) => ({
      table,
      title: title!,
      carriedBy: carriedBy?.replace(/^`|`$/g, "") ?? "",
      unit: unit ?? "",
      meaning: meaning ?? "",
    }));
  });
}

describe.each(tools)("$tool.id: page", ({ tool, mapping }) => {
  const documented = documentedColumns(tool.id);

  it("explains each column once, with its unit", () => {
    for (const { table, title, unit, meaning } of documented) {
      expect(unit, `${table} ${title}`).not.toBe("");
      expect(meaning, `${table} ${title}`).toMatch(/^.{15,}[.]$/);
    }
    const names = documented.map(({ table, title }) => `${table} ${title}`);
    expect(names).toEqual([...new Set(names)]);
  });

  it("says of every mapped column what carries it", () => {
    for (const { table, columns } of mapping.tables) {
      for (const title of Object.keys(columns)) {
        const found = documented.find((row) => row.table === table && row.title === title);
        expect(found, `${table} ${title}`).toBeDefined();
      }
    }
  });

  it("says nothing else than the mapping", () => {
    for (const { table, title, carriedBy } of documented) {
      const targets = mapping.tables
        .filter((of) => of.table === table)
        .flatMap(({ columns, attributes }) => {
          if (attributes?.includes(title)) return ["attribute"];
          const target = columns[title];
          return target ? [`${target.object}\\${target.counter}`] : [];
        });
      const path = carriedBy.replace(/\([^()]*\)\\/, "\\");
      const imported = ["Imported", `Imported\\${tool.id} ${title}`];
      expect(targets.length > 0 ? targets : imported, `${table} ${title}`).toContain(path);
    }
  });

  it("names the counters made of several columns", () => {
    const text = readFileSync(join(projectRoot, `docs/tools/${tool.id}.md`), "utf8");
    for (const { counter } of mapping.tables.flatMap(({ derived = [] }) => derived))
      expect(text).toMatch(new RegExp(`^- .*\\\\${counter.replace(/[.]/g, "\\.")}\``, "m"));
  });

  it("has every column that the tool was seen to print", () => {
    /** Titles that the kernel makes: interrupts by number and name. */
    const open = new Set(["interrupts by kind", "softirqs"]);
    const reports = toolFixtures(tool.id).flatMap((file) => parseFixture(tool, file).reports);
    const printed = new Set(
      reports
        .flatMap(({ tables }) => tables)
        .filter(({ name }) => !open.has(name) && name !== "group")
        .flatMap(({ name, columns }) => columns.map((title) => `${name} ${title}`)),
    );
    const known = new Set(documented.map(({ table, title }) => `${table} ${title}`));
    expect(printed.size).toBeGreaterThan(5);
    expect([...printed].filter((name) => !known.has(name))).toEqual([]);
  });
});
