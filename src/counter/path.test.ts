import { describe, expect, it } from "vitest";
import { UsageError } from "../util/errors.ts";
import { counterPathMatcher, formatCounterPath, parseCounterPath, pathSafe } from "./path.ts";

describe("counter paths", () => {
  it.each([
    [
      String.raw`\\node1\PhysicalDisk(sda)\Disk Reads/sec`,
      { host: "node1", object: "PhysicalDisk", instance: "sda", counter: "Disk Reads/sec" },
    ],
    [String.raw`\Memory\Available Bytes`, { object: "Memory", counter: "Available Bytes" }],
    [
      String.raw`\Disk Partition(sda/sda1)\*`,
      { object: "Disk Partition", parent: "sda", instance: "sda1", counter: "*" },
    ],
    [
      String.raw`\Process(java#2)\% Processor Time`,
      { object: "Process", instance: "java", index: 2, counter: "% Processor Time" },
    ],
    [
      String.raw`\Process(Web Content:12)\Thread Count`,
      { object: "Process", instance: "Web Content:12", counter: "Thread Count" },
    ],
  ])("reads %s and writes it again", (text, path) => {
    expect(parseCounterPath(text)).toEqual(path);
    expect(formatCounterPath(parseCounterPath(text))).toBe(text);
  });

  it("takes a path without its leading backslash, and never writes #0", () => {
    expect(parseCounterPath(String.raw`Memory\Free Bytes`).object).toBe("Memory");
    const path = parseCounterPath(String.raw`\Process(java#0)\Thread Count`);
    expect(formatCounterPath(path)).toBe(String.raw`\Process(java)\Thread Count`);
  });

  it("replaces reserved characters as Perfmon does", () => {
    expect(pathSafe("Intel(R) PRO/1000 #2")).toBe("Intel[R] PRO_1000 _2");
    expect(
      formatCounterPath({ object: "Process", instance: "(sd-pam):7", counter: "Threads" }),
    ).toBe(String.raw`\Process([sd-pam]:7)\Threads`);
  });

  it.each([
    "",
    "Memory",
    "\\Memory",
    "\\\\host",
    "\\\\host\\Memory",
    "\\(x)\\y",
    "\\Memory\\",
    "\\a\\b\\c",
  ])("refuses %j with the form of a path", (text) => {
    expect(() => parseCounterPath(text)).toThrow(UsageError);
    expect(() => parseCounterPath(text)).toThrow(/not a counter path/);
  });

  it.each([
    [String.raw`\PhysicalDisk(*)\Disk*Bytes/sec`, true],
    [String.raw`\physicaldisk(SD*)\disk read bytes/SEC`, true],
    [String.raw`\PhysicalDisk\*`, true],
    [String.raw`\\node*\*(sda)\*`, true],
    [String.raw`\\other\PhysicalDisk(sda)\*`, false],
    [String.raw`\PhysicalDisk(sdb)\*`, false],
    [String.raw`\PhysicalDisk(sda)\Disk Read Bytes`, false],
    [String.raw`\PhysicalDisk(sda#1)\*`, false],
  ])("matches %s: %s", (pattern, expected) => {
    const path = {
      host: "node1",
      object: "PhysicalDisk",
      instance: "sda",
      counter: "Disk Read Bytes/sec",
    };
    expect(counterPathMatcher(parseCounterPath(pattern))(path)).toBe(expected);
  });
});
