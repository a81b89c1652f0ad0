import { describe, expect, it } from "vitest";
import { ByteScanner } from "./byte-scanner.ts";
import { NumberTable } from "./number-table.ts";

const scanner = new ByteScanner();

function read(table: NumberTable, text: string): Record<string, number> {
  table.read(scanner.reset(Buffer.from(text, "latin1")));
  return Object.fromEntries(table.names.map((name, i) => [name ?? "-", table.values[i]!]));
}

describe("NumberTable", () => {
  const keyed = (): NumberTable =>
    new NumberTable((words) => words.map((_, i) => (i === 1 ? words[0] : undefined)));

  it("reads numbers under their names, whatever the padding", () => {
    const table = keyed();
    expect(read(table, "MemTotal:   12 kB\nFree: 3 kB\n")).toEqual({ "MemTotal:": 12, "Free:": 3 });
    const { names } = table;
    expect(read(table, "MemTotal:    9 kB\nFree: 18446744073709551615 kB\n")).toEqual({
      "MemTotal:": 9,
      // As a double: 2^64.
      "Free:": 2 ** 64,
    });
    expect(table.names).toBe(names);
  });

  it("reads negative numbers", () => {
    expect(read(keyed(), "MaxConn -1\n")).toEqual({ MaxConn: -1 });
  });

  it.each([
    ["a line between", "a 1\nx 7\nb 2\n", { a: 1, x: 7, b: 2 }],
    ["a line gone", "b 2\n", { b: 2 }],
    ["a line more at the end", "a 1\nb 2\nc 3\n", { a: 1, b: 2, c: 3 }],
    ["lines exchanged", "b 2\na 1\n", { b: 2, a: 1 }],
    ["a longer word", "ab 1\nb 2\n", { ab: 1, b: 2 }],
    ["a word for a number", "a none\nb 2\n", { b: 2 }],
    ["a digit more in a word", "a1 5\nb 2\n", { a1: 5, b: 2 }],
    ["a number that goes on in letters", "a 1k\nb 2\n", { b: 2 }],
  ])("learns anew after %s", (_, text, expected) => {
    const table = keyed();
    expect(read(table, "a 100\nb 200\n")).toEqual({ a: 100, b: 200 });
    const { names } = table;
    expect(read(table, text)).toEqual(expected);
    expect(table.names).not.toBe(names);
    expect(read(table, text)).toEqual(expected);
  });

  it("takes an empty text", () => {
    expect(read(keyed(), "")).toEqual({});
  });
});
