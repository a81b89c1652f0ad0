import { describe, expect, it } from "vitest";
import {
  add,
  around,
  between,
  divide,
  evaluateFormula,
  host,
  ifAtLeast,
  max,
  min,
  orZero,
  rampOf,
  signalsOf,
  subtract,
  type Formula,
} from "./formula.ts";
import type { SignalId } from "./signals.ts";

const signals = new Map<SignalId, Float64Array>([
  ["busy", Float64Array.of(10, NaN, 30, 90)],
  ["idle", Float64Array.of(1, 2, NaN, 4)],
]);

function column(formula: Formula): number[] {
  const context = { signals, facts: { cpus: 4, memoryBytes: 8 }, length: 4, known: new Map() };
  return [...evaluateFormula(formula, context)];
}

describe("formulas", () => {
  it("leave what is unknown unknown in sums and quotients", () => {
    expect(column(add("busy", "idle"))).toEqual([11, NaN, NaN, 94]);
    expect(column(divide(subtract("busy", 10), host("cpus")))).toEqual([0, NaN, 5, 20]);
    expect(column(add("busy", "steal"))).toEqual([NaN, NaN, NaN, NaN]);
    expect(column(add(orZero("busy"), orZero("idle"), orZero("steal"), 1))).toEqual([
      12, 3, 31, 95,
    ]);
  });

  it("leave it out of extremes", () => {
    expect(column(max("busy", "idle"))).toEqual([10, 2, 30, 90]);
    expect(column(min("busy", "idle", 3))).toEqual([1, 2, 3, 3]);
    expect(column(between("busy", 20, 50))).toEqual([20, 20, 30, 50]);
  });

  it("have ramps and conditions that are 0 where nothing is known", () => {
    expect(column(rampOf("busy", 10, 50))).toEqual([0, 0, 0.5, 1]);
    expect(column(ifAtLeast("busy", 30, "idle"))).toEqual([0, 0, NaN, 4]);
  });

  it("average over neighbors that are known", () => {
    expect(column(around("busy", 1))).toEqual([10, 20, 60, 60]);
  });

  it("tell which signals they read", () => {
    expect(signalsOf(add("busy", max("idle", "busy"), host("cpus")))).toEqual(["busy", "idle"]);
  });
});
