import { describe, expect, it } from "vitest";
import {
  cellsOf,
  parseText,
  tablesNamed,
  toolText,
  toolFixtures,
} from "../../test/support/tool-text.ts";
import { sar } from "./sar.ts";

const parse = (name: string) => parseText(sar, toolText("sar", name));
const clock = (hour: number, minute: number, second: number) => (hour * 60 + minute) * 60 + second;

describe("sar as captured", () => {
  it.each(toolFixtures("sar"))("%s is understood to the last line", (name) => {
    const { reports, parser } = parse(name);
    expect(parser.unknown).toEqual(expect.objectContaining({ lines: 0 }));
    expect(parser.banner).toEqual({ host: "node1", kernel: "6.18.44", day: 20781, cpus: 2 });
    expect(reports.length).toBeGreaterThan(2);
    expect(reports.filter(({ summary }) => summary).length).toBeGreaterThan(0);
    for (const { tables, summary, time } of reports) {
      expect(time === undefined).toBe(summary);
      for (const { columns, name, rows } of tables) {
        expect(name).not.toMatch(/^table /);
        for (const { cells } of rows) expect(cells.length).toBe(columns.length);
      }
    }
  });

  it("has every activity", () => {
    const { reports } = parse("all.txt");
    const names = new Set(reports.flatMap(({ tables }) => tables.map(({ name }) => name)));
    expect(names.size).toBe(40);
    const cells = (table: string, instance = "") =>
      cellsOf(tablesNamed(reports, table)[0], instance);
    expect(cells("cpu", "1")).toMatchObject({ "%usr": 9, "%sys": 91, "%idle": 0 });
    expect(cells("disk with discards", "vda")).toMatchObject({
      tps: 121,
      "wkB/s": 1152,
      await: 2.07,
      "%util": 5.2,
    });
    expect(cells("filesystem", "/dev/vda")).toMatchObject({ MBfsfree: 220220, "%Iused": 4.63 });
    expect(cells("memory")).toMatchObject({ kbavail: 23584236, kbvmused: 15356 });
    expect(cells("psi-io")).toMatchObject({ "%sio-300": 4, "%fio": 0.43 });
    expect(cells("tcp-errors")).toHaveProperty("estres/s");
    expect(cells("nfs-client")).toHaveProperty("getatt/s");
  });

  it("turns interrupts by CPU into rows", () => {
    const { reports } = parse("all.txt");
    const [report] = reports.filter(({ tables }) =>
      tables.some(({ name }) => name === "interrupts"),
    );
    const cells = (table: string, instance: string) =>
      cellsOf(
        report!.tables.find(({ name }) => name === table),
        instance,
      );
    expect(cells("interrupts-total", "")).toEqual({ "intr/s": 661 });
    expect(cells("interrupts", "LOC")).toEqual({ "intr/s": 623 });
    expect(cells("interrupts-by-cpu", "LOC/0")).toEqual({ "intr/s": 353 });
    expect(cells("interrupts-by-cpu", "sum/1")).toEqual({ "intr/s": 294 });
  });

  it("tells restarts and comments", () => {
    const { reports } = parse("all-comments.txt");
    const [comment] = reports;
    expect(comment!.time).toEqual({ secondOfDay: clock(12, 25, 47) });
    expect(cellsOf(comment!.tables[0], "")).toEqual({ COM: "job begins here; part 1" });
    const restart = reports.find(({ tables }) => tables[0]!.name === "restart")!;
    expect(restart.time).toEqual({ secondOfDay: clock(12, 25, 50) });
    expect(restart.tables[0]!.rows[0]!.cells).toEqual([2]);
  });

  it("reads the same from every language and format of time", () => {
    const expected = parse("en_US.txt").reports;
    for (const name of ["de_DE.txt", "fr_FR.txt", "fi_FI.txt", "ja_JP.txt"]) {
      expect(parse(name).reports).toEqual(expected);
    }
    expect(expected[0]!.time).toEqual({ secondOfDay: clock(12, 25, 48) });
    const [iso] = parse("iso.txt").reports;
    expect(iso).toEqual(parse("default.txt").reports[0]);
  });

  it("reads sizes for people in the unit of the column", () => {
    const { reports } = parse("human.txt");
    expect(cellsOf(tablesNamed(reports, "memory")[0], "")).toMatchObject({
      kbmemfree: 19.8 * 1024 ** 2,
      "%memused": 3.1,
    });
    expect(cellsOf(tablesNamed(reports, "disk with discards")[0], "vda")).toMatchObject({
      "wkB/s": 1.1 * 1024,
      "areq-sz": 9.7,
    });
    const free = Number(cellsOf(tablesNamed(reports, "filesystem")[0], "/dev/vda")["MBfsfree"]);
    expect(free / 220220).toBeCloseTo(1, 2);
  });

  it("finds devices at the end of the line (--pretty, -p)", () => {
    for (const name of ["pretty.txt", "disk-pretty.txt"]) {
      const [table] = tablesNamed(parse(name).reports, "disk with discards");
      expect(cellsOf(table, "vda")).toMatchObject({ tps: 121, "%util": 5.2 });
    }
  });

  it("puts together what it prints of one instant", () => {
    const { reports } = parse("live.txt");
    expect(reports.map(({ tables }) => tables.map(({ name }) => name))).toEqual(
      Array.from({ length: 3 }, () => ["cpu", "memory", "disk with discards"]),
    );
  });
});

describe("old versions", () => {
  it("has the columns that were", () => {
    const { reports, parser } = parseText(
      sar,
      [
        "Linux 2.6.18-398.el5 (node7) \t03/14/2014",
        "",
        "10:00:01 AM       CPU     %user     %nice   %system   %iowait    %steal     %idle",
        "10:10:01 AM       all      4.38      0.00      1.20      0.32      0.00     94.10",
        "",
        "10:00:01 AM      INTR    intr/s",
        "10:10:01 AM       sum   1012.34",
        "",
        "10:00:01 AM       CPU   i000/s   i008/s",
        "10:10:01 AM         0   999.50     0.00",
        "",
        "10:00:01 AM   frmpg/s   shmpg/s   bufpg/s   campg/s",
        "10:10:01 AM     -1.25      0.00      0.03      3.52",
        "",
        "10:00:01 AM kbmemfree kbmemused  %memused kbbuffers  kbcached kbswpfree kbswpused  %swpused  kbswpcad",
        "10:10:01 AM    112345   3912345     97.21    212345   2512345   2096440        36      0.00         4",
        "",
        "10:00:01 AM dentunusd   file-sz  inode-sz  super-sz %super-sz  dquot-sz %dquot-sz  rtsig-sz %rtsig-sz",
        "10:10:01 AM     23423      1020     21212         0      0.00         0      0.00         0      0.00",
        "",
        "10:00:01 AM       DEV       tps  rd_sec/s  wr_sec/s  avgrq-sz  avgqu-sz     await     svctm     %util",
        "10:10:01 AM    dev8-0      5.42      0.05     92.70     17.11      0.02      4.21      0.61      0.33",
        "Average:       dev8-0      5.42      0.05     92.70     17.11      0.02      4.21      0.61      0.33",
        "",
        "10:00:01 AM     IFACE   rxpck/s   txpck/s   rxbyt/s   txbyt/s   rxcmp/s   txcmp/s  rxmcst/s",
        "10:10:01 AM      eth0     12.30     10.10   1532.10   2212.20      0.00      0.00      0.02",
        "",
        "11:02:03 AM       LINUX RESTART",
      ].join("\n"),
    );
    expect(parser.unknown.lines).toBe(0);
    expect(parser.banner).toEqual({ host: "node7", kernel: "2.6.18-398.el5", day: 16143 });
    expect(reports.flatMap(({ tables }) => tables.map(({ name }) => name))).toEqual([
      "cpu",
      "interrupts-total",
      "interrupts-by-cpu",
      "memory-changes",
      "memory",
      "kernel-tables",
      "disk",
      "disk",
      "network",
      "restart",
    ]);
    expect(cellsOf(tablesNamed(reports, "interrupts-by-cpu")[0], "0/0")).toEqual({
      "intr/s": 999.5,
    });
    expect(cellsOf(tablesNamed(reports, "disk")[0], "dev8-0")["wr_sec/s"]).toBe(92.7);
    expect(cellsOf(tablesNamed(reports, "restart")[0], "")).toEqual({ CPU: null });
  });

  it("keeps words of sensors and USB devices", () => {
    const { reports, parser } = parseText(
      sar,
      [
        "10:00:01         TEMP      degC     %temp               DEVICE",
        "10:10:01            1     42.50     50.00       coretemp-isa-0000",
        "",
        "10:00:01          BUS  idvendor    idprod  maxpower                manufact                                         product",
        "10:10:01            1      1d6b         2         0    Linux_foundation                                   USB 2.0 root hub",
      ].join("\n"),
    );
    expect(parser.unknown.lines).toBe(0);
    expect(cellsOf(tablesNamed(reports, "temperature")[0], "1")).toMatchObject({
      DEVICE: "coretemp-isa-0000",
      degC: 42.5,
    });
    expect(cellsOf(tablesNamed(reports, "usb")[0], "1")).toMatchObject({
      idvendor: "1d6b",
      product: "USB 2.0 root hub",
    });
  });

  it("takes a table to come as it is, and its rows for no other's", () => {
    const { reports, parser } = parseText(
      sar,
      [
        "10:00:01       proc/s   cswch/s",
        "10:10:01         1.00      2.00",
        "",
        "10:00:01       %newone   other/s",
        "10:10:01         3.00      4.00",
        "",
        "10:00:01       nothing  thatisknown",
        "10:10:01         5.00      6.00",
      ].join("\n"),
    );
    expect(reports[0]!.tables.map(({ name, rows }) => [name, rows[0]!.cells])).toEqual([
      ["tasks", [1, 2]],
      ["table %newone", [3, 4]],
    ]);
    expect(parser.unknown.lines).toBe(2);
  });
});
