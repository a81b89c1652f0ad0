import { describe, expect, it } from "vitest";
import { parseFixture, parseLines, rowOf, toolLines } from "../../test/support/tool-text.ts";
import { ifstat } from "./ifstat.ts";

describe("ifstat of its own package", () => {
  it("reads a pair per interface", () => {
    const { reports } = parseFixture(ifstat, "all-time-total.txt");
    expect(reports.map(({ time }) => time?.secondOfDay)).toEqual([45_470, 45_471, 45_472]);
    const rows = reports[0]!.tables[0]!.rows.map(({ instance }) => instance);
    expect(rows).toEqual(["lo", "ifb0", "ifb1", "eth0", "veth0", "v0", "Total"]);
    expect(rowOf(reports[0], "interface", "lo")).toEqual({
      "KB/s in": 18_756.85,
      "KB/s out": 18_756.85,
    });
  });

  it("reads bits, headings that come again, wrapped lines and overwritten ones", () => {
    const bits = parseFixture(ifstat, "bits-one-header.txt").reports;
    expect(bits).toHaveLength(30);
    expect(rowOf(bits[0], "interface", "lo")).toEqual({
      "Kbps in": 155_398.8,
      "Kbps out": 155_398.8,
    });
    expect(parseFixture(ifstat, "headers.txt").reports).toHaveLength(50);
    expect(parseFixture(ifstat, "scroll.txt").reports).toHaveLength(5);
    const wrapped = parseFixture(ifstat, "wrapped.txt").reports;
    expect(wrapped).toHaveLength(3);
    expect(rowOf(wrapped[2], "interface", "Total")["KB/s in"]).toBe(18_482.99);
  });

  it("has no value for what is not there", () => {
    const { reports } = parseFixture(ifstat, "absent.txt");
    expect(rowOf(reports[0], "interface", "nosuch0")).toEqual({
      "KB/s in": null,
      "KB/s out": null,
    });
  });

  it("reads large numbers, and other interfaces after a new heading", () => {
    const { parser, reports } = parseLines(ifstat, [
      "       eth0       ",
      " Kbps in  Kbps out",
      " 5531.24  1.03e+06",
      "       eth0               eth1       ",
      " Kbps in  Kbps out   Kbps in  Kbps out",
      "    1.00      2.00      3.00      4.00",
      "    1.00      2.00      3.0",
      "    5.00      6.00      7.00      8.00",
    ]);
    expect(rowOf(reports[0], "interface", "eth0")["Kbps out"]).toBe(1_030_000);
    expect(rowOf(reports[2], "interface", "eth1")["Kbps out"]).toBe(8);
    expect(reports).toHaveLength(3);
    expect(parser.unknown.lines).toBe(1);
  });
});

describe("ifstat of iproute2", () => {
  it("reads counts, and no rates where none are kept", () => {
    const { reports } = parseFixture(ifstat, "iproute2.txt");
    expect(rowOf(reports[0], "counts", "lo")).toMatchObject({
      "RX Pkts": 1095,
      "RX Pkts Rate": null,
      "TX Data": 36_256_000,
      "RX Drop": 0,
      "TX Coll Rate": null,
    });
  });

  it("reads the rates of its daemon", () => {
    const { reports } = parseFixture(ifstat, "iproute2-daemon.txt");
    expect(rowOf(reports[0], "counts", "eth0")).toMatchObject({
      "RX Data": 1_536_000_000,
      "RX Data Rate": 36_000_000,
      "TX Pkts Rate": 1000,
    });
  });

  it("reads every error with -e, and several calls in one file", () => {
    const lines = toolLines("ifstat", "iproute2-errors.txt");
    const { reports } = parseLines(ifstat, [...lines, ...lines]);
    expect(reports.map(({ sinceBoot }) => sinceBoot)).toEqual([true, false]);
    expect(Object.keys(rowOf(reports[0], "counts", "eth0"))).toHaveLength(40);
  });

  it("reads its JSON, pretty or not", () => {
    const { reports } = parseFixture(ifstat, "iproute2.json");
    expect(rowOf(reports[0], "totals", "lo")).toMatchObject({ rx_bytes: 1_592_031_752 });
    expect(parseFixture(ifstat, "iproute2-pretty.json").reports).toEqual(reports);
  });
});
