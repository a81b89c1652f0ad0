import { expect, it } from "vitest";
import { didYouMean, nearNames } from "./near-names.ts";

const objects = ["Processor", "Process", "PhysicalDisk", "Memory", "TCP"];

it("finds names that were mistyped, the closest first", () => {
  expect(nearNames("procesor", objects)).toEqual(["Processor", "Process"]);
  expect(nearNames("disk", objects)).toEqual(["PhysicalDisk"]);
  expect(nearNames("zzzzzz", objects)).toEqual([]);
});

it("asks in plain words", () => {
  expect(didYouMean([])).toBe("");
  expect(didYouMean(["a"])).toBe('Did you mean "a"? ');
  expect(didYouMean(["a", "b", "c"])).toBe('Did you mean "a", "b" or "c"? ');
});
