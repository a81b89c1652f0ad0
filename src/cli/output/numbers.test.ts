import { describe, expect, it } from "vitest";
import { cellText, formatValue, jsonDocument } from "./numbers.ts";

describe("formatValue", () => {
  it.each([
    [0, "0"],
    [7, "7"],
    [0.5, "0.50"],
    [0.01234, "0.0123"],
    [0.000012, "0.000012"],
    [12.345, "12.35"],
    [123.456, "123.5"],
    [1234.56, "1,235"],
    [-1_234_567.8, "-1,234,568"],
    [16_777_216_000, "16,777,216,000"],
  ])("%d is %s", (value, text) => {
    expect(formatValue(value)).toBe(text);
  });
});

describe("values of queries", () => {
  it("become text", () => {
    expect([null, undefined, 1n, true, "a", 1.5].map(cellText)).toEqual([
      "",
      "",
      "1",
      "true",
      "a",
      "1.5",
    ]);
    expect(cellText(new Date(0))).toBe("1970-01-01T00:00:00.000Z");
    expect(cellText([1n, "x"])).toBe('[1,"x"]');
  });

  it("become JSON without losing digits of large integers", () => {
    expect(JSON.parse(jsonDocument({ a: 5n, b: 2n ** 63n }))).toEqual({
      a: 5,
      b: "9223372036854775808",
    });
  });
});
