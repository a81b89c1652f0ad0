import { describe, expect, it } from "vitest";
import type { UnitEntry } from "./block.ts";
import { denseEntries, looseEntries } from "./unit-entries.ts";

const java = { role: "DataNode", user: "hdfs" };
const ENTRIES: readonly UnitEntry[] = [
  [1, 0, 0, "sda"],
  [2, 1, 0, "java:7", "", java],
  [3, 1, 1, "java:7", "", java],
  [4, 1, 0, "java:8", "", { ...java }],
  [5, 1, 2, "java:7", "", java],
];

describe("lists of units", () => {
  it("have what an instance is once, and come back whole", () => {
    const dense = JSON.stringify(denseEntries(ENTRIES));
    expect(dense.match(/java:7/g)).toHaveLength(1);
    expect(dense).toContain("[5,1,2,2]");
    expect(looseEntries(JSON.parse(dense), 2)).toEqual(ENTRIES);
  });

  it("are refused when they name a unit that did not come before", () => {
    for (const wrong of [
      [[1, 0, 0, 2]],
      [[1, 0, 0, 1]],
      [[1, 0, 0, "a"], 7],
      [[1, 9, 0, "a"]],
      {},
    ]) {
      expect(() => looseEntries(wrong, 2)).toThrow(/./);
    }
  });
});
