import { describe, expect, it } from "vitest";
import {
  cellsOf,
  parseText,
  tablesNamed,
  toolText,
  toolFixtures,
} from "../../test/support/tool-text.ts";
import { pidstat } from "./pidstat.ts";

const parse = (name: string) => parseText(pidstat, toolText("pidstat", name));
const noon = 12 * 3600;

describe("pidstat as captured", () => {
  it.each(toolFixtures("pidstat"))("%s is understood", (name) => {
    const text = toolText("pidstat", name);
    const { reports, parser } = parseText(pidstat, text);
    // With -l, line ends inside of a command line are printed as they are.
    const continued = text.match(/^(import|def|ts=|\[t\.| {4}while).*$/gm)?.length ?? 0;
    expect(parser.unknown.lines).toBe(continued);
    const rows = text.match(/^(?!#|Linux|.*\bCommand$).*\S.*$/gm)!.length - continued;
    const tables = reports.flatMap((report) => report.tables);
    expect(tables.reduce((sum, table) => sum + table.rows.length, 0)).toBe(rows);
    expect(parser.banner).toMatchObject({ host: "node1", day: 20781, cpus: 2 });
  });

  it("puts the tables of one instant together", () => {
    const { reports } = parse("all.txt");
    expect(
      reports.map(({ time, summary, tables }) => [time?.secondOfDay, summary, tables.length]),
    ).toEqual([
      [noon + 22 * 60 + 48, false, 7],
      [noon + 22 * 60 + 49, false, 7],
      [undefined, true, 7],
    ]);
    const tables = reports[0]!.tables;
    expect(cellsOf(tables[0], "bash:7")).toEqual({
      UID: "0",
      "%usr": 68.32,
      "%system": 0.99,
      "%guest": 0,
      "%wait": 32.67,
      "%CPU": 69.31,
      CPU: 1,
      Command: "bash",
    });
    expect(cellsOf(tables[1], "python3:3")).toMatchObject({
      VSZ: 3221405132,
      RSS: 166932,
      "%MEM": 0.68,
    });
    expect(tables[0]!.rows.map(({ instance }) => instance)).toContain("a b:c:6");
  });

  it("reads everything in one line (-h)", () => {
    const [report] = parse("h-all.txt").reports;
    expect(cellsOf(report!.tables[0], "bash:8")).toMatchObject({
      "minflt/s": 284.16,
      StkRef: 12,
      "kB_wr/s": 790811.88,
      "nvcswch/s": 46.53,
      threads: 1,
      "fd-nr": 5,
      policy: "NORMAL",
      Command: "bash",
    });
    const epoch = parse("h-epoch.txt").reports[0]!;
    expect(epoch.time).toEqual({ day: 20781, secondOfDay: noon + 23 * 60 + 6, offsetMinutes: 0 });
  });

  it("tells threads from their process", () => {
    for (const name of ["threads.txt", "h-threads.txt", "iso.txt"]) {
      const { reports } = parse(name);
      const [process] = tablesNamed(reports, "process");
      const [thread] = tablesNamed(reports, "thread");
      expect(process!.rows.map(({ instance }) => instance)).toContain("python3:9");
      expect(thread!.rows.map(({ instance }) => instance)).toContain("python3:96");
      expect(process!.columns).not.toContain("TGID");
    }
  });

  it("knows a report of averages since the beginning", () => {
    expect(parse("since-boot.txt").reports.map(({ sinceBoot }) => sinceBoot)).toEqual([true]);
  });

  it("reads numbers and times of other places, and sizes for people", () => {
    const user = (name: string, pid: string) =>
      cellsOf(parse(name).reports[0]!.tables[0], `bash:${pid}`)["%usr"];
    expect([
      user("de_DE.txt", "7"),
      user("fi_FI.txt", "7"),
      user("ja_JP.txt", "7"),
      user("en_US.txt", "7"),
    ]).toEqual([67, 86, 71, 73]);
    expect(parse("en_US.txt").reports[0]!.time).toEqual({ secondOfDay: noon + 23 * 60 + 8 });
    expect(parse("fi_FI.txt").reports[0]!.time).toEqual({ secondOfDay: noon + 23 * 60 + 16 });
    expect(parse("fr_FR.txt").reports.map(({ summary }) => summary)).toEqual([false, false, true]);
    const human = parse("human.txt").reports[0]!.tables;
    expect(cellsOf(human[0], "bash:7")["%usr"]).toBe(92.1);
    expect(cellsOf(human[1], "bash:8")["VSZ"]).toBe(13.5 * 1024);
    expect(cellsOf(human[2], "bash:8")).toMatchObject({ "kB_wr/s": 891.1 * 1024, "kB_rd/s": 0 });
  });
});

describe("what may not be read", () => {
  it("has no value", () => {
    const { reports } = parseText(
      pidstat,
      [
        "# Time        UID       PID   kB_rd/s   kB_wr/s kB_ccwr/s iodelay threads   fd-nr  Command",
        "12:58:57        0         1     -1.00     -1.00     -1.00       0      13      -1  systemd",
      ].join("\n"),
    );
    expect(reports[0]!.tables[0]!.rows[0]!.cells).toEqual([
      "0",
      null,
      null,
      null,
      0,
      13,
      null,
      "systemd",
    ]);
  });
});

describe("old versions", () => {
  it("has the columns of sysstat 9", () => {
    const { reports, parser } = parseText(
      pidstat,
      [
        "Linux 2.6.32-754.el6.x86_64 (node7) \t03/14/2014 \t_x86_64_\t(16 CPU)",
        "",
        "10:00:01 AM       PID    %usr %system  %guest    %CPU   CPU  Command",
        "10:00:02 AM      2411   99.01    0.99    0.00  100.00     3  java",
        "",
        "#      Time       PID   kB_rd/s   kB_wr/s kB_ccwr/s  Command",
        " 1394791202      2411      0.00     12.00      0.00  java",
      ].join("\n"),
    );
    expect(parser.unknown.lines).toBe(0);
    expect(cellsOf(reports[0]!.tables[0], "java:2411")).toMatchObject({ "%usr": 99.01, CPU: 3 });
    expect(cellsOf(reports[1]!.tables[0], "java:2411")).toMatchObject({ "kB_wr/s": 12 });
    expect(reports[1]!.time).toEqual({ day: 16143, secondOfDay: 10 * 3600 + 2, offsetMinutes: 0 });
  });
});
