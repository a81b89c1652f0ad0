import { describe, expect, it } from "vitest";
import { roundTo9Digits } from "./significant-digits.ts";

describe("roundTo9Digits", () => {
  it.each([
    [0, 0],
    [1 / 3, 0.333333333],
    [-2 / 3, -0.666666667],
    [123456789, 123456789],
    [1234567890123, 1234567890000],
    [99.99999999999, 100],
    [0.1 + 0.2, 0.3],
    [1.23456789049e-20, 1.23456789e-20],
    [1.234567891e300, 1.23456789e300],
  ])("makes %d into %d", (value, rounded) => {
    expect(roundTo9Digits(value)).toBe(rounded);
  });

  it("agrees with the decimal conversion over many magnitudes", () => {
    let seed = 1;
    const different: number[] = [];
    for (let i = 0; i < 20_000; i++) {
      seed = (seed * 48271) % 0x7fffffff;
      const value = (seed / 0x7fffffff) * 10 ** ((i % 40) - 20);
      // Math.round and toPrecision may break an exact tie differently; there is none here.
      if (roundTo9Digits(value) !== Number(value.toPrecision(9))) different.push(value);
    }
    expect(different).toEqual([]);
  });

  it("takes the last bits away, and changes nothing the second time", () => {
    expect(roundTo9Digits(41.99999999999999)).toBe(roundTo9Digits(42.00000000000001));
    expect(roundTo9Digits(roundTo9Digits(Math.PI))).toBe(roundTo9Digits(Math.PI));
    expect(Object.is(roundTo9Digits(-0), 0)).toBe(true);
  });

  it("leaves what is no number alone", () => {
    expect(roundTo9Digits(NaN)).toBeNaN();
    expect(roundTo9Digits(Infinity)).toBe(Infinity);
  });
});
