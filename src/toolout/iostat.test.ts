import { describe, expect, it } from "vitest";
import { parseFixture, parseLines, rowOf, toolLines } from "../../test/support/tool-text.ts";
import { iostat } from "./iostat.ts";

const EXTENDED_12 =
  "r/s rkB/s rrqm/s %rrqm r_await rareq-sz w/s wkB/s wrqm/s %wrqm w_await wareq-sz d/s dkB/s drqm/s %drqm d_await dareq-sz f/s f_await aqu-sz %util";

describe("iostat", () => {
  it("reads the time, the CPUs and the devices of each report", () => {
    const { parser, reports } = parseFixture(iostat, "extended-time.txt");
    expect(parser.banner).toEqual({ host: "node1", kernel: "6.18.44", day: 20_781, cpus: 2 });
    expect(reports.map(({ time }) => time)).toEqual(
      [45_484, 45_485, 45_486].map((secondOfDay) => ({ day: 20_781, secondOfDay })),
    );
    expect(reports.map(({ sinceBoot }) => sinceBoot)).toEqual([true, false, false]);
    expect(reports[0]!.tables.map(({ name }) => name)).toEqual(["cpu", "extended"]);
    expect(reports[0]!.tables[1]!.columns.join(" ")).toBe(EXTENDED_12);
    expect(rowOf(reports[0], "cpu")).toEqual({
      "%user": 11.24,
      "%nice": 0.16,
      "%system": 2.75,
      "%iowait": 0.3,
      "%steal": 0.01,
      "%idle": 85.53,
    });
  });

  it.each(["de_DE", "en_US", "fr_FR", "ja_JP", "en_GB", "fi_FI", "cs_CZ"])(
    "reads the numbers and dates of %s",
    (locale) => {
      const { reports } = parseFixture(iostat, `extended-time-${locale}.txt`);
      expect(reports.map(({ time }) => time?.day)).toEqual([20_781, 20_781]);
      expect(reports[1]!.time!.secondOfDay! - reports[0]!.time!.secondOfDay!).toBe(1);
      const cpu = Object.values(rowOf(reports[1], "cpu")) as number[];
      expect(cpu.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, 1);
      expect(rowOf(reports[0], "extended", "vda")["wareq-sz"]).toBeCloseTo(418.3, 0);
    },
  );

  it("reads ISO times with their offset", () => {
    const { reports } = parseFixture(iostat, "device-iso.txt");
    expect(reports[0]!.time).toEqual({ day: 20_781, secondOfDay: 45_493, offsetMinutes: 0 });
  });

  it("gives JSON the titles of the text", () => {
    const { parser, reports } = parseFixture(iostat, "extended.json");
    expect(parser.banner).toEqual({ host: "node1", kernel: "6.18.44", day: 20_781, cpus: 2 });
    expect([...reports[1]!.tables[1]!.columns].sort()).toEqual(EXTENDED_12.split(" ").sort());
    expect(reports.map(({ sinceBoot }) => sinceBoot)).toEqual([true, false, false]);
    const old = parseFixture(iostat, "sysstat-11.json").reports[0];
    expect(rowOf(old, "extended", "sda")).toMatchObject({ "wrqm/s": 56, "w/s": 65, "wkB/s": 504 });
    expect(rowOf(old, "extended", "sda")).toMatchObject({ await: 3.02, "%util": 0.8 });
  });

  it("reads JSON on one line, and as far as it goes", () => {
    const text = toolLines("iostat", "extended.json").join("");
    const whole = parseFixture(iostat, "extended.json").reports;
    expect(parseLines(iostat, [text]).reports).toEqual(whole);
    expect(parseLines(iostat, [text.slice(0, -200)]).reports).toEqual(whole.slice(0, 2));
  });

  it("knows that -y leaves out what is since boot", () => {
    for (const file of ["no-first.txt", "no-first-device.txt"]) {
      const { reports } = parseFixture(iostat, file);
      expect(reports.map(({ sinceBoot }) => sinceBoot)).toEqual([false, false]);
    }
  });

  it("joins the tables of -h, and brings its sizes to the unit of the column", () => {
    const row = rowOf(parseFixture(iostat, "human-extended.txt").reports[0], "extended", "vda");
    expect(Object.keys(row).join(" ")).toBe(EXTENDED_12);
    expect(row).toMatchObject({ "%util": 1.1, "wkB/s": 11.1 * 1024 });
    const old = parseFixture(iostat, "sysstat-11-human.txt").reports[0];
    expect(rowOf(old, "cpu")["%idle"]).toBe(98.6);
    expect(rowOf(old, "extended", "sda")).toMatchObject({
      "w/s": 1857,
      "wkB/s": 463.5 * 1024,
      "%util": 100,
    });
  });

  it("reads the columns of old versions", () => {
    const sysstat9 = parseFixture(iostat, "sysstat-9.txt").reports;
    expect(sysstat9.map(({ sinceBoot }) => sinceBoot)).toEqual([true, false]);
    expect(rowOf(sysstat9[1], "extended", "sda")).toEqual({
      "rrqm/s": 0,
      "wrqm/s": 0,
      "r/s": 50,
      "w/s": 0,
      "rsec/s": 11_672,
      "wsec/s": 0,
      "avgrq-sz": 233.44,
      "avgqu-sz": 0.06,
      await: 1.28,
      svctm: 1.24,
      "%util": 6.2,
    });
    const sysstat10 = parseFixture(iostat, "sysstat-10.txt").reports[1];
    expect(sysstat10!.time).toEqual({ day: 18_435, secondOfDay: 46 * 60 + 11 });
    expect(rowOf(sysstat10, "extended", "vda")).toMatchObject({ w_await: 0.74, "%util": 84.44 });
  });

  it("names tables by what their columns mean", () => {
    const names = (file: string) =>
      parseFixture(iostat, file).reports[0]!.tables.map(({ name }) => name);
    expect(names("sysstat-10-plain.txt")).toEqual(["cpu", "device"]);
    expect(names("plain.txt")).toEqual(["cpu", "device with discards"]);
    expect(names("short.txt")).toEqual(["cpu", "short"]);
    expect(names("group.txt")).toEqual(["device with discards", "group"]);
    expect(names("cpu.txt")).toEqual(["cpu"]);
  });

  it("reads several runs in one file, and the last report without its empty line", () => {
    const lines = toolLines("iostat", "plain.txt");
    const twice = parseLines(iostat, [...lines, ...lines]);
    expect(twice.reports.map(({ sinceBoot }) => sinceBoot)).toEqual([
      true,
      false,
      false,
      true,
      false,
      false,
    ]);
    while (lines[lines.length - 1] === "") lines.pop();
    expect(parseLines(iostat, lines).reports).toHaveLength(3);
    expect(parseLines(iostat, lines.slice(0, -1)).reports).toHaveLength(2);
  });
});
