import { describe, expect, it } from "vitest";
import {
  binOf,
  binRange,
  decodeSketch,
  mergeSketches,
  quantileBounds,
  sketchOf,
  type Sketched,
} from "./sketch.ts";

function sketched(values: readonly number[]): Sketched {
  const min = Math.min(...values);
  const max = Math.max(...values);
  const all = Float64Array.from(values);
  const sketch = min === max ? new Uint8Array(0) : sketchOf(all, 0, all.length);
  return { count: values.length, min, max, sketch };
}

/** Numbers of all magnitudes and both signs, the same every time. */
function numbers(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 48271) % 0x7fffffff;
    const fraction = state / 0x7fffffff;
    return (fraction - 0.3) * 10 ** ((state % 30) - 15);
  });
}

describe("bins", () => {
  it("are ordered as numbers are", () => {
    const ordered = [
      -Infinity,
      -1e300,
      -2,
      -1.75,
      -1,
      -1e-300,
      0,
      1e-300,
      0.5,
      1,
      1.25,
      1.5,
      1.75,
      2,
      1e300,
      Infinity,
    ];
    const bins = ordered.map(binOf);
    expect([...bins].sort((a, b) => a - b)).toEqual(bins);
    expect(new Set(bins).size).toBe(bins.length);
    expect(binOf(-0)).toBe(binOf(0));
  });

  it("know their range: a quarter of a power of two", () => {
    expect(binRange(binOf(1.3))).toEqual([1.25, 1.5 - 2 ** -52]);
    expect(binRange(binOf(-1.3))).toEqual([-(1.5 - 2 ** -52), -1.25]);
    expect(binRange(binOf(0))[0]).toBe(0);
    for (const value of numbers(2000, 7)) {
      const [least, greatest] = binRange(binOf(value));
      expect(least <= value && value <= greatest).toBe(true);
    }
  });
});

describe("a sketch", () => {
  it("counts per bin, sparsely", () => {
    const values = Float64Array.of(9, 1, 1.1, 100, 1, 9, -5, 9);
    expect(decodeSketch(sketchOf(values, 1, 7))).toEqual([
      { bin: binOf(-5), count: 1 },
      { bin: binOf(1), count: 3 },
      { bin: binOf(9), count: 1 },
      { bin: binOf(100), count: 1 },
    ]);
    // Nothing is left over for the next one.
    expect(decodeSketch(sketchOf(values, 0, 1))).toEqual([{ bin: binOf(9), count: 1 }]);
  });

  it("stays small: 60 values of one magnitude take few bytes", () => {
    const values = Float64Array.from({ length: 60 }, (_, i) => 100 + i);
    expect(sketchOf(values, 0, 60).length).toBeLessThan(12);
  });

  it("bounds quantiles by observed magnitudes", () => {
    const values = numbers(999, 3);
    const whole = sketched(values);
    const sorted = [...values].sort((a, b) => a - b);
    for (const fraction of [0.001, 0.05, 0.5, 0.95, 0.99, 1]) {
      const exact = sorted[Math.ceil(fraction * values.length) - 1]!;
      const [least, greatest] = quantileBounds(whole, fraction);
      expect(least <= exact && exact <= greatest).toBe(true);
      expect(Math.abs(greatest - least)).toBeLessThanOrEqual(
        0.26 * Math.max(Math.abs(least), Math.abs(greatest)),
      );
    }
  });

  it("merges to what one over all values would be", () => {
    const values = numbers(500, 11);
    const parts = [values.slice(0, 100), values.slice(100, 101), values.slice(101)].map(sketched);
    expect(parts[1]!.sketch.length).toBe(0);
    expect(mergeSketches(parts)).toEqual(sketched(values).sketch);
    expect(mergeSketches([...parts].reverse())).toEqual(mergeSketches(parts));
  });

  it("is empty for equal values, also when merged", () => {
    const seven = sketched([7, 7, 7]);
    expect(mergeSketches([seven, seven]).length).toBe(0);
    expect(quantileBounds(seven, 0.5)).toEqual([7, 7]);
    expect(decodeSketch(mergeSketches([seven, sketched([8])]))).toEqual([
      { bin: binOf(7), count: 3 },
      { bin: binOf(8), count: 1 },
    ]);
    expect(mergeSketches([])).toEqual(new Uint8Array(0));
  });

  it("that is damaged is an error", () => {
    expect(() => decodeSketch(Uint8Array.of(2, 1, 1))).toThrow(/damaged/);
    expect(() => decodeSketch(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff))).toThrow(
      /damaged/,
    );
  });
});
