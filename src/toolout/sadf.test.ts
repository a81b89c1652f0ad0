import { describe, expect, it } from "vitest";
import {
  cellsOf,
  parseText,
  tablesNamed,
  toolText,
  toolFixtures,
} from "../../test/support/tool-text.ts";
import { JsonElements } from "./json-elements.ts";
import { sadf } from "./sadf.ts";
import { sar } from "./sar.ts";
import type { ToolReport } from "./tool-report.ts";

const parse = (name: string) => parseText(sadf, toolText("sadf", name));
const at = (hour: number, minute: number, second: number) => (hour * 60 + minute) * 60 + second;

/** `cpu 0 %usr` at a second of the day -> value. */
function values(reports: readonly ToolReport[]): Map<string, unknown> {
  const all = new Map<string, unknown>();
  for (const { time, tables, summary } of reports) {
    if (summary || !time) continue;
    for (const { name, columns, rows } of tables) {
      if (name === "timestamp" || name === "restart") continue;
      for (const { instance, cells } of rows) {
        columns.forEach((title, i) =>
          all.set(`${time.secondOfDay} ${name} ${instance} ${title}`, cells[i]),
        );
      }
    }
  }
  return all;
}

describe("sadf as captured", () => {
  it.each(toolFixtures("sadf"))("%s is understood to the last line", (name) => {
    const { reports, parser } = parse(name);
    expect(parser.unknown.lines).toBe(0);
    expect(parser.banner).toMatchObject({ host: "node1", cpus: 2 });
    // A restart, and statistics before and after.
    const seconds = new Set(reports.map(({ time }) => time!.secondOfDay! % 3600));
    for (const second of [48, 49, 50, 51]) expect(seconds).toContain(25 * 60 + second);
    expect(cellsOf(tablesNamed(reports, "restart")[0], "")).toEqual({ CPU: 2 });
    expect(cellsOf(tablesNamed(reports, "timestamp")[0], "")).toEqual({ interval: 1 });
  });

  it("-d says the same as sar, to the digit, in lines and flattened", () => {
    const expected = values(parseText(sar, toolText("sar", "all.txt")).reports);
    expect(expected.size).toBeGreaterThan(1000);
    // Whether each CPU has a column of interrupts of its own, sar decides by the CPU.
    expect(values(parse("all.csv").reports)).toEqual(expected);
    expect(values(parse("flat.csv").reports)).toEqual(expected);
  });

  it("-j has the tables where they stand", () => {
    const [report] = parse("all.json").reports;
    const cells = (table: string, instance = "") =>
      cellsOf(
        report!.tables.find(({ name }) => name === table),
        instance,
      );
    expect(report!.time).toEqual({ day: 20781, secondOfDay: at(12, 25, 48), offsetMinutes: 0 });
    expect(cells("cpu-load", "1")).toMatchObject({ usr: 9, sys: 91 });
    expect(cells("network.net-dev", "lo")).toMatchObject({ rxpck: 0, "ifutil-percent": 0 });
    expect(cells("io")).toEqual({ tps: 121 });
    expect(cells("io.io-writes")).toEqual({ wtps: 117, bwrtn: 2304 });
    expect(cells("interrupts-total")).toEqual({ "intr/s": 661 });
    expect(cells("interrupts-by-cpu", "LOC/1")).toEqual({ "intr/s": 270 });
    expect(cells("psi.psi-io")["some_avg300"]).toBe(4);
    expect(cells("serial", "0")).toMatchObject({ rcvin: 0 });
  });

  it("tells comments, and times of every kind", () => {
    for (const name of ["comments.json", "comments.csv"]) {
      const [table] = tablesNamed(parse(name).reports, "comment");
      expect(cellsOf(table, "")).toEqual({ COM: "job begins here; part 1" });
    }
    const first = (name: string) => parse(name).reports[0]!.time;
    const utc = { day: 20781, secondOfDay: at(12, 25, 48), offsetMinutes: 0 };
    const local = { day: 20781, secondOfDay: at(7, 25, 48) };
    expect([first("unix.csv"), first("all.csv"), first("unix.json")]).toEqual([utc, utc, utc]);
    expect([first("local-time.csv"), first("local-time.json")]).toEqual([local, local]);
    expect(cellsOf(parse("de_DE.csv").reports[0]!.tables[1], "all")["%system"]).toBe(48.5);
  });

  it("does not guess where a flattened table ends", () => {
    const { reports, parser } = parseText(
      sadf,
      [
        "# hostname;interval;timestamp;DEV;tps;%util[...];IFACE;rxpck/s;txpck/s[...]",
        "node1;1;2026-11-24 12:25:48 UTC;sda;1;2;sdb;3;4;lo;5;6;eth0;7;8",
        "node1;1;2026-11-24 12:25:49 UTC;data;1;2;more;3;4;lo;5;6;eth0;7;8",
      ].join("\n"),
    );
    expect(
      reports.map(({ tables }) => tables.map(({ rows }) => rows.map(({ instance }) => instance))),
    ).toEqual([[[""], ["sda", "sdb"], ["lo", "eth0"]]]);
    expect(parser.unknown.lines).toBe(1);
  });
});

describe("JSON in pieces", () => {
  const text = JSON.stringify(JSON.parse(toolText("sadf", "all.json")));

  it("is the same however it is cut into lines", () => {
    const expected = parse("all.json").reports;
    const parser = sadf.parser();
    const reports = [...parser.push(text), ...parser.end()];
    expect(reports).toEqual(expected);
    const pretty = sadf.parser();
    const lines = JSON.stringify(JSON.parse(text), undefined, 1).split("\n");
    expect(lines.flatMap((line) => [...pretty.push(line)])).toEqual(expected);
  });

  it("comes out element by element, and keeps no more than one", () => {
    const elements = new JsonElements(["statistics"]);
    const begin = '{"sysstat": {"hosts": [{"nodename": "n}[\\"1", "statistics": [';
    expect(elements.push(begin)).toEqual([]);
    for (let i = 0; i < 1000; i++) {
      expect(elements.push(`${i > 0 ? "," : ""}{"a": [1, {"b": "]}\\""`)).toEqual([]);
      const found = elements.push(`}], "n": ${i}}`);
      expect(found.map(({ text }) => JSON.parse(text) as unknown)).toEqual([
        { a: [1, { b: ']}"' }], n: i },
      ]);
    }
    expect(elements.outside.length).toBeLessThan(200);
  });
});
