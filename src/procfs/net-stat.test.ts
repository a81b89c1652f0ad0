import { describe, expect, it } from "vitest";
import { ByteScanner } from "../util/byte-scanner.ts";
import { NetStat } from "./net-stat.ts";

const read = (stat: NetStat, text: string): Record<string, number> => {
  stat.read(new ByteScanner().reset(Buffer.from(text)));
  return Object.fromEntries(stat.names.map((name, i) => [name, stat.values[i]!]));
};

describe("NetStat", () => {
  it("sums up CPUs, but not the entries that they share", () => {
    const text =
      "entries  drop insert_failed \n0000002A 00000001 00000010\n0000002a 000000ff 00000000\n";
    expect(read(new NetStat(32), text)).toEqual({ entries: 42, drop: 256, insert_failed: 16 });
  });

  it("wraps as its numbers do", () => {
    const text = "drop\nffffffff\n00000003\n";
    expect(read(new NetStat(32), text)).toEqual({ drop: 2 });
    expect(read(new NetStat(64), text)).toEqual({ drop: 2 ** 32 + 2 });
  });

  it("learns a first line anew when it changes, and bears short and long lines", () => {
    const stat = new NetStat(64);
    expect(read(stat, "a b\n1 2 3\n4\n")).toEqual({ a: 5, b: 2 });
    const { names } = stat;
    expect(read(stat, "a b\n1 2\n")).toEqual({ a: 1, b: 2 });
    expect(stat.names).toBe(names);
    expect(read(stat, "a c\n1 2")).toEqual({ a: 1, c: 2 });
    expect(read(stat, "")).toEqual({});
  });
});
