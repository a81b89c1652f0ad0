import { describe, expect, it } from "vitest";
import { parseFixture, rowOf } from "../../test/support/tool-text.ts";
import { mpstat } from "./mpstat.ts";

describe("mpstat", () => {
  it("reads a row per CPU, and tells the averages of the run", () => {
    const { reports } = parseFixture(mpstat, "all.txt");
    expect(reports.map(({ time, summary }) => [time?.secondOfDay, summary])).toEqual([
      [45_574, false],
      [45_575, false],
      [undefined, true],
    ]);
    expect(reports[0]!.tables[0]!.rows.map(({ instance }) => instance)).toEqual(["all", "0", "1"]);
    expect(rowOf(reports[0], "cpu", "all")).toMatchObject({ "%usr": 80.3, "%sys": 18.18 });
  });

  it.each(["all-de_DE.txt", "all-en_US.txt", "plain-fr_FR.txt", "plain-ja_JP.txt", "iso.txt"])(
    "reads %s",
    (file) => {
      const { reports } = parseFixture(mpstat, file);
      expect(reports.map(({ summary }) => summary)).toEqual([false, false, true]);
      const seconds = reports.map(({ time }) => time?.secondOfDay);
      expect(seconds[1]! - seconds[0]!).toBe(1);
      for (const { tables } of reports) {
        for (const { cells } of tables[0]!.rows) {
          const sum = (cells as number[]).reduce((total, cell) => total + cell, 0);
          expect(sum).toBeCloseTo(100, 1);
        }
      }
    },
  );

  it("reads everything, in text and JSON alike", () => {
    const names = [
      "cpu",
      "node",
      "interrupts",
      "interrupts per cpu",
      "interrupts by kind",
      "softirqs",
    ];
    const text = parseFixture(mpstat, "everything.txt").reports;
    const json = parseFixture(mpstat, "everything.json").reports;
    expect(text.map(({ tables }) => tables.map(({ name }) => name))).toEqual([names, names, names]);
    expect(json.map(({ tables }) => tables.map(({ name }) => name))).toEqual([names, names]);
    expect(json[0]!.tables.map(({ columns }) => columns)).toEqual(
      text[0]!.tables.map(({ columns }) => columns),
    );
    expect(rowOf(text[0], "interrupts", "all")).toEqual({ "intr/s": 1241 });
    expect(rowOf(json[0], "softirqs", "1")).toMatchObject({ "SCHED/s": 50, "RCU/s": 90 });
  });

  it("tells what is since boot by its heading", () => {
    const { reports } = parseFixture(mpstat, "since-boot.txt");
    expect(reports.map(({ sinceBoot }) => sinceBoot)).toEqual([true]);
    expect(parseFixture(mpstat, "all.txt").reports.some(({ sinceBoot }) => sinceBoot)).toBe(false);
  });

  it("leaves the place of all CPUs empty", () => {
    const { reports } = parseFixture(mpstat, "topology.txt");
    expect(rowOf(reports[0], "cpu", "all")).toMatchObject({ CORE: null, NODE: null });
    expect(rowOf(reports[0], "cpu", "1")).toMatchObject({ CORE: 1, SOCK: 0, "%usr": 76.29 });
  });

  it("reads old versions and half days", () => {
    const { reports } = parseFixture(mpstat, "sysstat-9.txt");
    expect(reports[0]!.time).toEqual({ secondOfDay: 22 * 3600 + 15 * 60 + 52 });
    expect(rowOf(reports[0], "cpu", "all")).toMatchObject({ "%usr": 1.5, "%idle": 97.5 });
  });

  it("is not taken for sadf, sar or pidstat, which print such columns too", () => {
    expect(mpstat.recognizes(['"timestamp": {"date": "2026-11-24"},', '"cpu-load": ['])).toBe(0);
    for (const line of [
      "12:00:00 AM     CPU     %user     %nice   %system   %iowait    %steal     %idle",
      "12:00:00  CPU  %usr  %nice  %sys  %iowait  %steal  %irq  %soft  %guest  %gnice  %idle",
      "12:00:00        CPU   total/s   dropd/s squeezd/s  rx_rps/s flw_lim/s",
      "12:00:00      UID       PID    %usr %system  %guest   %wait    %CPU   CPU  Command",
    ]) {
      expect(mpstat.recognizes([line])).toBe(0);
    }
  });
});
