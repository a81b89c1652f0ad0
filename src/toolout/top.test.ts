import { describe, expect, it } from "vitest";
import {
  cellsOf,
  parseText,
  tablesNamed,
  toolText,
  toolFixtures,
} from "../../test/support/tool-text.ts";
import { PROCESS_STATES } from "../procfs/pid-stat.ts";
import { stateNumber, topSeconds } from "./top-values.ts";
import { top } from "./top.ts";

const parse = (name: string) => parseText(top, toolText("top", name));

describe("top as captured", () => {
  it.each(toolFixtures("top"))("%s is understood to the last line", (name) => {
    const text = toolText("top", name);
    const { reports, parser } = parseText(top, text);
    expect(parser.unknown.lines).toBe(0);
    expect(reports.length).toBe(text.match(/^(top -|Mem:)/gm)!.length);
    expect(reports.map(({ sinceBoot }) => sinceBoot)).toEqual(reports.map((_, i) => i === 0));
    const rows = reports.map((report) => report.tables[report.tables.length - 1]!.rows.length);
    // What follows a line of titles until the next blank line or report.
    const printed = text.split(/^.*\bPID\b.*\n/m).slice(1);
    expect(rows).toEqual(
      printed.map((part) => part.split(/^(?:top -|Mem:|\s*$)/m)[0]!.match(/^.+$/gm)!.length),
    );
  });

  it("reads the summary", () => {
    const report = parse("default.txt").reports[1]!;
    expect(report.time).toEqual({ secondOfDay: 12 * 3600 + 22 * 60 + 26 });
    const of = (name: string, instance = "") =>
      cellsOf(
        report.tables.find((t) => t.name === name),
        instance,
      );
    expect(of("host")).toEqual({
      up: (3 * 60 + 54) * 60,
      users: 0,
      "load 1 min": 0.26,
      "load 5 min": 0.15,
      "load 15 min": 0.38,
    });
    expect(of("tasks")).toEqual({ total: 11, running: 4, sleeping: 7, stopped: 0, zombie: 0 });
    expect(of("cpu", "all")).toEqual({
      us: 48.9,
      sy: 18.6,
      ni: 31.2,
      id: 0,
      wa: 0.9,
      hi: 0,
      si: 0.4,
      st: 0,
    });
    expect(of("memory")).toEqual({
      total: 24105.6 * 1024,
      free: 21818.3 * 1024,
      used: 654.7 * 1024,
      "buff/cache": 1946.4 * 1024,
    });
    expect(of("swap")).toEqual({ total: 0, free: 0, used: 0, "avail Mem": 23450.9 * 1024 });
  });

  it("reads processes, sizes with suffixes and names with blanks", () => {
    const [table] = tablesNamed(parse("default.txt").reports.slice(0, 1), "process");
    expect(cellsOf(table, "python3:3")).toEqual({
      USER: "root",
      PR: 20,
      NI: 0,
      VIRT: 3072.2 * 1024 ** 2,
      RES: 167216,
      SHR: 6724,
      S: 1,
      "%CPU": 0,
      "%MEM": 0.7,
      "TIME+": 0.15,
      COMMAND: "python3",
    });
    expect(table!.rows.map(({ instance }) => instance)).toContain("a b:c:6");
    const lines = tablesNamed(parse("command-line.txt").reports, "process")[0]!;
    expect(lines.rows.slice(0, 2).map(({ instance }) => instance)).toEqual(["bash:7", "bash:10"]);
    expect(cellsOf(lines, "bash:7")["COMMAND"]).toBe("bash -c while :; do :; done");
  });

  it("tells threads from processes", () => {
    const { reports } = parse("threads.txt");
    expect(reports[1]!.tables.map(({ name }) => name)).toEqual([
      "host",
      "threads",
      "cpu",
      "memory",
      "swap",
      "thread",
    ]);
  });

  it("reads CPUs beside one another, and memory beside swap", () => {
    const report = parse("cpus.txt").reports[1]!;
    const cpus = report.tables.find(({ name }) => name === "cpu")!;
    expect(cpus.rows.map(({ instance }) => instance)).toEqual(["0", "1"]);
    expect(cellsOf(cpus, "1")).toMatchObject({ us: 68.4, ni: 26.3 });
    expect(
      cellsOf(
        report.tables.find(({ name }) => name === "swap"),
        "",
      ),
    ).toMatchObject({
      "avail Mem": 23442.9 * 1024,
    });
  });

  it("reads bars", () => {
    const [, report] = parse("graphs.txt").reports;
    expect(cellsOf(report!.tables[2], "all")).toEqual({ "us+ni": 0, "sy+hi+si": 8.4, busy: 8 });
    expect(cellsOf(report!.tables[3], "")).toEqual({ "% used": 2.3, total: 24105.6 * 1024 });
  });

  it("knows the titles and numbers of other languages", () => {
    const reports = { de: parse("de_DE.txt").reports[1]!, fr: parse("fr_FR.txt").reports[1]! };
    for (const report of Object.values(reports)) {
      const { columns } = report.tables[report.tables.length - 1]!;
      expect(columns).toEqual("USER PR NI VIRT RES SHR S %CPU %MEM TIME+ COMMAND".split(" "));
    }
    expect(cellsOf(reports.fr.tables[2], "all")).toMatchObject({ us: 54.5, ni: 25.3 });
    expect(cellsOf(reports.fr.tables[4], "")).toMatchObject({
      free: 0,
      "avail Mem": 23447.6 * 1024,
    });
    expect(cellsOf(reports.de.tables[3], "")).toMatchObject({
      total: 24105.6 * 1024,
      free: 21782.2 * 1024,
    });
    expect(cellsOf(reports.de.tables[5], "python3:3")["VIRT"]).toBe(3072.2 * 1024 ** 2);
  });

  it("reads every column there is, in any order", () => {
    const first = tablesNamed(parse("all-fields-1.txt").reports, "process")[0]!;
    expect(first.columns.length).toBeGreaterThan(65);
    expect(cellsOf(first, "pytho+:3")).toMatchObject({
      PPID: 1,
      nTH: 2,
      TTY: "?",
      nMin: 4421,
      CGROUPS: "4:mem+",
      ioR: 240 * 1024 ** 2,
      ioWop: 1005,
      AGNI: 0,
    });
    // Half a million page faults and more, in units of 1,024.
    expect(cellsOf(first, "pytho+:4")["nMin"]).toBe(803 * 1024);
    const second = tablesNamed(parse("all-fields-2.txt").reports, "process")[0]!;
    expect(cellsOf(second, "python3:3")).toMatchObject({
      COMMAND: "python3",
      EXE: "python3.11",
      STARTED: 245 * 60 + 45,
      "%CUU": 15.625,
      nsTIME: 4026531834,
    });
  });
});

describe("busybox", () => {
  it("is read with what stands without a blank between", () => {
    const [report] = parse("busybox.txt").reports;
    expect(report!.tables.map(({ name }) => name)).toEqual([
      "memory",
      "cpu",
      "host",
      "busybox-process",
    ]);
    expect(cellsOf(report!.tables[1], "all")).toMatchObject({ usr: 50, sirq: 0 });
    expect(cellsOf(report!.tables[2], "")).toMatchObject({
      "load 1 min": 1.32,
      running: 4,
      total: 111,
    });
    expect(cellsOf(report!.tables[3], "python3:3")).toMatchObject({
      VSZ: 3072 * 1024 ** 2,
      "%VSZ": 12289,
      STAT: 1,
    });
    expect(report!.tables[3]!.rows.map(({ instance }) => instance)).toContain("sleep:4");
  });

  it("has states with blanks, and CPUs of their own", () => {
    const { reports, parser } = parseText(
      top,
      [
        "Mem: 31672K used, 93504K free, 0K shrd, 3112K buff, 12100K cached",
        "CPU0:   9% usr   0% sys   0% nic  90% idle   0% io   0% irq   0% sirq",
        "CPU1:   0.5% usr   0% sys   0% nic  99% idle   0% io   0% irq   0% sirq",
        "Load average: 0.10 0.05 0.01 1/41 902",
        "  PID  PPID USER     STAT   VSZ %MEM CPU %CPU COMMAND",
        "  800     2 root     SW<      0   0%   1   0% [kworker/0:1H]",
        "  902   801 root     S <   1380   1%   0   9% /usr/sbin/dropbear -F",
      ].join("\n"),
    );
    expect(parser.unknown.lines).toBe(0);
    const [report] = reports;
    expect(report!.tables[1]!.rows.map(({ instance }) => instance)).toEqual(["0", "1"]);
    expect(report!.tables[3]!.rows.map(({ instance }) => instance)).toEqual([
      "kworker/0:1H:800",
      "dropbear:902",
    ]);
  });
});

describe("old versions", () => {
  const report = (...lines: string[]) => {
    const parsed = parseText(top, lines.join("\n"));
    expect(parsed.parser.unknown.lines).toBe(0);
    return (name: string, instance = "") => cellsOf(tablesNamed(parsed.reports, name)[0], instance);
  };

  it("3.2 (2012)", () => {
    const of = report(
      "top - 10:01:23 up 10 days,  3:15,  2 users,  load average: 0.08, 0.03, 0.05",
      "Tasks: 143 total,   1 running, 142 sleeping,   0 stopped,   0 zombie",
      "Cpu(s): 12.5%us,  0.7%sy,  0.0%ni, 86.6%id,  0.1%wa,  0.0%hi,  0.1%si,  0.0%st",
      "Mem:   8061404k total,  7860520k used,   200884k free,   283604k buffers",
      "Swap:  4194296k total,       48k used,  4194248k free,  5424488k cached",
      "",
      "  PID USER      PR  NI  VIRT  RES  SHR S %CPU %MEM    TIME+  COMMAND",
      " 2411 hdfs      20   0 4650m 1.2g  14m S 99.8 15.6 1234:56 java",
      " 2412 root      RT  -5  3172k  972k 596 D  0.0  0.0   0:00.01 migration/0",
    );
    expect(of("host")).toMatchObject({ up: (10 * 24 * 60 + 3 * 60 + 15) * 60, users: 2 });
    expect(of("cpu", "all")).toMatchObject({ us: 12.5, id: 86.6, st: 0 });
    expect(of("memory")).toEqual({ total: 8061404, used: 7860520, free: 200884, buffers: 283604 });
    expect(of("swap")).toEqual({ total: 4194296, used: 48, free: 4194248, cached: 5424488 });
    expect(of("process", "java:2411")).toMatchObject({
      VIRT: 4650 * 1024,
      RES: 1.2 * 1024 ** 2,
      SHR: 14 * 1024,
      "TIME+": 1234 * 60 + 56,
    });
    expect(of("process", "migration/0:2412")).toMatchObject({ PR: -100, NI: -5, RES: 972, S: 2 });
  });

  it("3.1, with a blank before the word", () => {
    const of = report(
      "top - 10:01:23 up 5 min,  1 user,  load average: 1.08, 0.53, 0.15",
      "Cpu(s):  0.3% us,  0.7% sy,  0.0% ni, 98.9% id,  0.1% wa,  0.0% hi,  0.0% si",
    );
    expect(of("host")).toMatchObject({ up: 300, users: 1 });
    expect(of("cpu", "all")).toEqual({ us: 0.3, sy: 0.7, ni: 0, id: 98.9, wa: 0.1, hi: 0, si: 0 });
  });

  it("3.3.9, in KiB and with used before free", () => {
    const of = report(
      "top - 10:01:23 up 1 day,  2:03,  3 users,  load average: 1.08, 0.53, 0.15",
      "KiB Mem:   8054916 total,  7919316 used,   135600 free,   283336 buffers",
      "KiB Swap:  4095996 total,       48 used,  4095948 free.  5174088 cached Mem",
    );
    expect(of("memory")).toEqual({ total: 8054916, used: 7919316, free: 135600, buffers: 283336 });
    expect(of("swap")["cached"]).toBe(5174088);
  });

  it("3.3.10 to 3.3.12, which cut what is longer than eight digits", () => {
    const of = report(
      "top - 10:01:23 up 1 day,  2:03,  3 users,  load average: 1.08, 0.53, 0.15",
      "KiB Mem : 13174486+total,  5213412 free, 10012340+used, 26408048 buff/cache",
      "KiB Swap:  4095996 total,  4095996 free,        0 used. 51234567 avail Mem ",
    );
    // Only ten times either adds up: free + used + cache = total.
    expect(of("memory")).toEqual({
      total: 131744860,
      free: 5213412,
      used: 100123400,
      "buff/cache": 26408048,
    });
  });

  it("takes no cut number for what it may not be", () => {
    const of = report(
      "top - 10:01:23 up 1 day,  2:03,  3 users,  load average: 1.08, 0.53, 0.15",
      "KiB Mem : 40000000+total, 10000000+free, 20000000+used, 10000000+buff/cache",
    );
    expect(of("memory")).toEqual({ total: null, free: null, used: null, "buff/cache": null });
    const mib = report(
      "top - 10:01:23 up 1 day,  2:03,  3 users,  load average: 1.08, 0.53, 0.15",
      "MiB Mem : 2063912.+total, 1000000.+free, 63912.4 used, 1000000.+buff/cache",
    );
    expect(mib("memory")["total"]).toBe(2063912 * 1024);
  });
});

describe("values", () => {
  it.each([
    ["1:23.45", 83.45],
    ["123:45", 7425],
    ["12,34", 12 * 3600 + 34 * 60],
    ["15h", 54_000],
    ["3d", 259_200],
    ["2w", 1_209_600],
    ["1:02:03", 3723],
    ["4+01:02:03", 4 * 86_400 + 3723],
  ])("time %s", (text, seconds) => expect(topSeconds(text)).toBeCloseTo(seconds, 9));

  it.each(["", "-", "12", "1:2", "x:00"])("%s is no time", (text) =>
    expect(topSeconds(text)).toBeUndefined(),
  );

  it("numbers states as the Process object does", () => {
    for (const letter of PROCESS_STATES)
      expect(stateNumber(letter)).toBe(PROCESS_STATES.indexOf(letter));
    expect(stateNumber("?")).toBeNull();
  });
});
