import { describe, expect, it } from "vitest";
import { DISKSTATS_COLUMNS, DiskstatsScanner } from "./diskstats.ts";

/** CentOS 6 and 7 (2.6.32, 3.10): 11 numbers. */
const KERNEL_3_10 = ` 252       0 vda 40894884 762897 4732260326 79610084 32058059 40015556 534598342 81434303 0 80401326 160952373
 252       1 vda1 766 349 9776 1421 20 18 304 55 0 1411 1476
 253       0 dm-0 3441091 0 135123810 11246 72073 0 720730 33 2 8123 11279
`;

/** RHEL 8 (4.18): 15 numbers; a hidden NVMe path and its head. */
const KERNEL_4_18 = `   0       0 nvme0c0n1 34706049 74843 4815165730 93876201 4187610 1925219 6989322264 47813633 0 45557635 118897696 312571 0 11200562376 857547
 259       1 nvme0n1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
`;

/** Debian 12 guest (6.18): 17 numbers. */
const KERNEL_6_18 = `   7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
 254       0 vda 30731 8232 2139106 9594 3046 13974 1288736 6827 0 6328 16787 3307 9 77808 351 214 13
`;

function parse(text: string) {
  const scanner = new DiskstatsScanner().reset(Buffer.from(text));
  const lines: { name: string; count: number; values: number[] }[] = [];
  while (scanner.next()) {
    lines.push({ name: scanner.name(), count: scanner.count, values: [...scanner.values] });
  }
  return lines;
}

describe("DiskstatsScanner", () => {
  it("reads the 11 numbers of old kernels and leaves the rest 0", () => {
    const lines = parse(KERNEL_3_10);
    expect(lines.map(({ name, count }) => [name, count])).toEqual([
      ["vda", 11],
      ["vda1", 11],
      ["dm-0", 11],
    ]);
    expect(lines[0]!.values.slice(0, 11)).toEqual([
      40894884, 762897, 4732260326, 79610084, 32058059, 40015556, 534598342, 81434303, 0, 80401326,
      160952373,
    ]);
    expect(lines[1]!.values.slice(11)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("reads discards since 4.18", () => {
    const [path, head] = parse(KERNEL_4_18);
    expect(path).toMatchObject({ name: "nvme0c0n1", count: 15 });
    expect(path!.values.slice(11)).toEqual([312571, 0, 11200562376, 857547, 0, 0]);
    expect(head!.values.every((value) => value === 0)).toBe(true);
  });

  it("reads flushes since 5.5", () => {
    const vda = parse(KERNEL_6_18)[1]!;
    expect(vda.count).toBe(17);
    const byName = Object.fromEntries(DISKSTATS_COLUMNS.map((id, i) => [id, vda.values[i]]));
    expect(byName).toMatchObject({
      in_flight: 0,
      io_ticks: 6328,
      discard_ios: 3307,
      flush_ios: 214,
      flush_ticks: 13,
    });
  });

  it("ignores numbers that later kernels may append", () => {
    const [line, next] = parse(
      "8 0 sda 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19\n8 16 sdb 1 2 3 4\n",
    );
    expect(line).toMatchObject({ name: "sda", count: 17 });
    expect(line!.values[16]).toBe(17);
    expect(next).toMatchObject({ name: "sdb", count: 4 });
  });

  it("copes with empty input, blank lines and a line without its end", () => {
    expect(parse("")).toEqual([]);
    expect(parse("\n\n")).toEqual([]);
    expect(parse("8 0 sda 7 8 9 10")[0]).toMatchObject({ name: "sda", count: 4 });
    expect(parse("8 0\n8 16 sdb 5 6 7 8\n").map((line) => line.name)).toEqual(["sdb"]);
  });

  it("skips lines that were cut off", () => {
    expect(parse("8 0 sda 7 8 9")).toEqual([]);
  });

  it("tells whether a line is of a device without making a string", () => {
    const scanner = new DiskstatsScanner().reset(Buffer.from("8 0 sda 1 2 3 4\n"));
    scanner.next();
    expect(scanner.isNamed(Buffer.from("sda"))).toBe(true);
    expect(scanner.isNamed(Buffer.from("sdb"))).toBe(false);
    expect(scanner.isNamed(Buffer.from("sda1"))).toBe(false);
  });
});
