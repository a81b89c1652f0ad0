import { describe, expect, it } from "vitest";
import { parseBanner } from "./banner.ts";
import { parseNumber, parseScaled } from "./number.ts";
import { dayNumber, leadingTime, parseClock, parseDate, parseIso } from "./time.ts";

const day = dayNumber(2026, 11, 24)!;

describe("numbers", () => {
  it.each([
    ["0.00", 0],
    ["1234.5", 1234.5],
    ["1234,56", 1234.56],
    ["1.234,5", 1234.5],
    ["1,234.5", 1234.5],
    ["1.234.567", 1234567],
    ["1,234,567", 1234567],
    ["1 234,5", 1234.5],
    ["1\u202f234,5", 1234.5],
    ["1'234.50", 1234.5],
    ["-0,3", -0.3],
    ["1e3", 1000],
    ["007", 7],
  ])("%s", (text, value) => expect(parseNumber(text)).toBe(value));

  it.each([
    "",
    "-",
    "nan",
    "-nan",
    "inf",
    "sda",
    "12:30",
    "1.2.3,4,5",
    "0x10",
    "9".repeat(5000) + "x",
  ])("%s is none", (text) => expect(parseNumber(text)).toBeUndefined());

  it("takes the separator it is told", () => {
    expect(parseNumber("1.234", ",")).toBe(1234);
    expect(parseNumber("1,234", ".")).toBe(1234);
  });

  it("scales sizes", () => {
    expect(parseScaled("512", 1024)).toBe(512 * 1024);
    expect(parseScaled("512", 1)).toBe(512);
    expect(parseScaled("1.5g", 1024)).toBe(1.5 * 1024 ** 3);
    expect(parseScaled("1,5Gi", 1)).toBe(1.5 * 1024 ** 3);
    expect(parseScaled("2G", 1, 1000)).toBe(2e9);
    expect(parseScaled("2Gi", 1, 1000)).toBe(2 * 1024 ** 3);
    expect(parseScaled("24k", 1)).toBe(24 * 1024);
    expect(parseScaled("0B", 1024)).toBe(0);
    expect(parseScaled("12B", 1024)).toBe(12);
    expect(parseScaled("3.2 MB", 1)).toBe(3.2 * 1024 ** 2);
    for (const text of ["", "k", "B", "1.5x", "sda", "12 apples"]) {
      expect(parseScaled(text, 1)).toBeUndefined();
    }
  });
});

describe("times", () => {
  it.each([
    ["12:18:38", 44318],
    ["00:00:00", 0],
    ["12.18.38", 44318],
    ["12\u664218\u520638\u79d2", 44318],
    ["12h18m38s", 44318],
    ["12:18:38.250", 44318.25],
  ])("%s", (text, seconds) => expect(parseClock(text)).toBe(seconds));

  it.each(["24:00:00", "12:60:00", "12:18", "all", "", "1:2:3:4"])("%s is none", (text) =>
    expect(parseClock(text)).toBeUndefined(),
  );

  it("knows both halves of the day", () => {
    expect(parseClock("12:18:38", "AM")).toBe(18 * 60 + 38);
    expect(parseClock("12:18:38", "PM")).toBe(44318);
    expect(parseClock("01:00:00", "p.m.")).toBe(13 * 3600);
    expect(parseClock("01:00:00", "\u5348\u5f8c")).toBe(13 * 3600);
    expect(parseClock("13:00:00", "PM")).toBeUndefined();
    expect(parseClock("01:00:00", "CPU")).toBeUndefined();
  });

  it.each([
    "2026-11-24",
    "2026/11/24",
    "2026\u5e7411\u670824\u65e5",
    "11/24/2026",
    "24/11/2026",
    "11/24/26",
    "24.11.2026",
    "24.11.26",
    "24-11-26",
  ])("date %s", (text) => expect(parseDate(text)).toBe(day));

  it("decides what could be either", () => {
    expect(parseDate("04/05/2026")).toBe(dayNumber(2026, 4, 5));
    expect(parseDate("04.05.2026")).toBe(dayNumber(2026, 5, 4));
    expect(parseDate("04/05/2026", "day-first")).toBe(dayNumber(2026, 5, 4));
    expect(parseDate("31/12/99")).toBe(dayNumber(1999, 12, 31));
    for (const text of ["31/31/2026", "30.02.2026", "1/2", "12:18:38", ""]) {
      expect(parseDate(text)).toBeUndefined();
    }
  });

  it("reads ISO times with and without offset", () => {
    expect(parseIso("2026-11-24T12:18:38+0100")).toEqual({
      day,
      secondOfDay: 44318,
      offsetMinutes: 60,
    });
    expect(parseIso("2026-11-24T12:18:38Z")?.offsetMinutes).toBe(0);
    expect(parseIso("2026-11-24T12:18:38-03:30")?.offsetMinutes).toBe(-210);
    expect(parseIso("2026-11-24 12:18:38")).toEqual({ day, secondOfDay: 44318 });
    expect(parseIso("2026-11-24")).toBeUndefined();
  });

  it.each([
    ["12:18:38 all 1.0", { secondOfDay: 44318 }, 1],
    ["12:18:38 PM all 1.0", { secondOfDay: 44318 }, 2],
    ["24.11.2026 12:18:38", { day, secondOfDay: 44318 }, 2],
    ["11/24/2026 12:18:38 PM", { day, secondOfDay: 44318 }, 3],
    ["24/11/2026 12:18:38", { day, secondOfDay: 44318 }, 2],
    ["05/04/2026 12:18:38", { day: dayNumber(2026, 4, 5), secondOfDay: 44318 }, 2],
    ["05/04/2026 12:18:38 PM", { day: dayNumber(2026, 5, 4), secondOfDay: 44318 }, 3],
    ["2026-11-24T12:18:38+0100 x", { day, secondOfDay: 44318, offsetMinutes: 60 }, 1],
    ["2026-11-24 12:18:38 UTC", { day, secondOfDay: 44318, offsetMinutes: 0 }, 3],
    ["11/24/26", { day }, 1],
  ])("leading %s", (line, time, words) =>
    expect(leadingTime(line.split(" "))).toEqual({ time, words }),
  );

  it("finds no time in front of other words", () => {
    for (const line of ["", "all 1.0", "sda 12:18:38", "1 2 3"]) {
      expect(leadingTime(line.split(" "))).toBeUndefined();
    }
  });
});

describe("banner", () => {
  it("is read in every locale", () => {
    const expected = { host: "node7", kernel: "6.1.0-28-amd64", day, cpus: 2 };
    for (const date of [
      "11/24/26",
      "11/24/2026",
      "24.11.2026",
      "2026-11-24",
      "2026\u5e7411\u670824\u65e5",
    ]) {
      const line = `Linux 6.1.0-28-amd64 (node7) \t${date} \t_x86_64_\t(2 CPU)`;
      expect(parseBanner(line)).toEqual(expected);
    }
  });

  it("is read of old versions", () => {
    expect(parseBanner("Linux 2.6.9-5.EL (node7) \t11/24/2026")).toEqual({
      host: "node7",
      kernel: "2.6.9-5.EL",
      day,
    });
  });

  it("is nothing else", () => {
    for (const line of [
      "",
      "Linux",
      "Linux is (very) fine",
      "top - 12:18:38 up 1 day",
      "x".repeat(1e5),
    ]) {
      expect(parseBanner(line)?.day).toBeUndefined();
    }
  });
});
