import { describe, expect, it } from "vitest";
import { columnPaths, parseColumn, type ColumnName } from "./columns.ts";
import {
  parseFirstCell,
  parsePdhNumber,
  parsePdhTime,
  pdhHeader,
  pdhNumber,
  pdhRow,
  pdhTime,
} from "./pdh-text.ts";

const zone = { name: "Europe/Berlin", biasMinutes: -120 };
const TIME_MS = Date.UTC(2026, 6, 5, 22, 4, 9, 7);

describe("PDH text, written", () => {
  it("has the zone and its bias, full paths, quoted cells, US dates", () => {
    expect(pdhHeader("csv", zone, [String.raw`\\h\System\Processes`, 'a"b'])).toBe(
      String.raw`"(PDH-CSV 4.0) (Europe/Berlin)(-120)","\\h\System\Processes","a""b"`,
    );
    expect(pdhHeader("tsv", zone, ["p"])).toBe('"(PDH-TSV 4.0) (Europe/Berlin)(-120)"\t"p"');
    // In the zone it is the next day already.
    expect(pdhTime(TIME_MS, zone)).toBe("07/06/2026 00:04:09.007");
    expect(pdhRow("csv", TIME_MS, zone, [1, NaN, undefined, 0.5])).toBe(
      '"07/06/2026 00:04:09.007","1"," "," ","0.5"',
    );
  });

  it.each([
    [8.57e-7, "8.57e-007"],
    [1.5e300, "1.5e+300"],
    [-1e21, "-1e+021"],
    [-0, "0"],
    [123456789012345680000, "123456789012345680000"],
    [0.1 + 0.2, "0.30000000000000004"],
    [Infinity, " "],
  ])("writes %d as %s", (value, text) => {
    expect(pdhNumber(value)).toBe(text);
    if (Number.isFinite(value)) expect(parsePdhNumber(text)).toBe(value + 0);
  });
});

describe("PDH text, read", () => {
  it.each([
    ["(PDH-CSV 4.0) (Eastern Daylight Time)(240)", "csv", "Eastern Daylight Time", 240],
    ["(PDH-TSV 4.0) (Hora de verano romance)(-120)", "tsv", "Hora de verano romance", -120],
    ["(PDH-CSV 4.0) (W. Europe Standard Time (x))(-60)", "csv", "W. Europe Standard Time (x)", -60],
    ["(PDH-CSV 4.0) (RTZ 2 (", "csv", "RTZ 2 (", undefined],
    ["(PDH-CSV 4.0)", "csv", undefined, undefined],
    ["(PDH-CSV 4.0) ()(0)", "csv", undefined, 0],
  ])("first cell %s", (cell, format, name, biasMinutes) => {
    expect(parseFirstCell(cell)).toEqual({ format, zone: name, biasMinutes });
  });

  it("refuses other first cells", () => {
    expect(parseFirstCell("time")).toBeUndefined();
    expect(parseFirstCell("(PDH-BLG 4.0)")).toBeUndefined();
  });

  it("times", () => {
    expect(parsePdhTime("07/06/2026 00:04:09.007")).toBe(TIME_MS + 120 * 60_000);
    expect(parsePdhTime("7/6/2026 0:04:09")).toBe(TIME_MS + 120 * 60_000 - 7);
    expect(parsePdhTime("07/06/2026 00:04:09.5")).toBe(TIME_MS + 120 * 60_000 + 493);
    for (const text of ["13/06/2026 00:00:00", "07/06/2026 24:00:00", "2026-07-06 00:00:00", ""]) {
      expect(parsePdhTime(text)).toBeUndefined();
    }
  });

  it.each([
    ["8.5699999999999996016e-005", 8.57e-5],
    ["1071.0223", 1071.0223],
    ["12,5", 12.5],
    [" ", NaN],
    ["", NaN],
    ["-1.#IND", NaN],
  ])("number %j", (text, value) => {
    expect(parsePdhNumber(text)).toBe(value);
  });
});

describe("columns", () => {
  const column = (instance: string, parent?: string): ColumnName => ({
    host: "h",
    object: "Process",
    counter: "% User Time",
    instance,
    ...(parent === undefined ? undefined : { parent }),
  });

  it("are none twice, and keep the index that they came with", () => {
    const names = ["java:42", "java:42", "(sd-pam):9", "[sd-pam]:9", "chrome#2", "chrome", "", ""];
    const paths = columnPaths(names.map((name) => column(name)));
    expect(paths.map((path) => path.replace(String.raw`\\h\Process`, "").split("\\")[0])).toEqual([
      "(java:42)",
      "(java:42#1)",
      "([sd-pam]:9)",
      "([sd-pam]:9#1)",
      "(chrome#2)",
      "(chrome)",
      "",
      "(_#1)",
    ]);
    const back = paths.map((path) => parseColumn(path)!.instance);
    expect(back.slice(4, 6)).toEqual(["chrome#2", "chrome"]);
  });

  it("are read with parents, odd names of Windows, and none for what is no path", () => {
    expect(parseColumn(columnPaths([column("sda1", "sda")])[0]!)).toEqual(column("sda1", "sda"));
    expect(parseColumn(String.raw`\\PC\Thermal Zone Information(\_TZ.THM0)\Temperature`)).toEqual({
      host: "PC",
      object: "Thermal Zone Information",
      instance: String.raw`\_TZ.THM0`,
      counter: "Temperature",
    });
    expect(parseColumn(String.raw`\\PC\MSSQL$X:Buffer Manager\Page reads/sec`)).toMatchObject({
      object: "MSSQL$X:Buffer Manager",
      instance: "",
    });
    expect(parseColumn(String.raw`\Memory\Available Bytes`)).toMatchObject({ host: "" });
    expect(parseColumn("comments")).toBeUndefined();
    expect(parseColumn("")).toBeUndefined();
  });
});
