import { describe, expect, it } from "vitest";
import { filledBackward } from "./slow-columns.ts";

const filled = (...values: number[]) => [
  ...filledBackward({ quotaStop: Float64Array.from(values) }).quotaStop!,
];
const _ = NaN;

describe("filledBackward", () => {
  it("takes a value for all the time since the one before", () => {
    expect(filled(_, _, 7, _, _, 9, _, _, 8)).toEqual([7, 7, 7, 9, 9, 9, 8, 8, 8]);
    expect(filled(_, 7, _, _, 9, _)).toEqual([7, 7, 9, 9, 9, _]);
  });

  it("leaves longer gaps as they are", () => {
    expect(filled(7, _, 8, _, 9, _, _, _, _, 5, _, 6)).toEqual([
      7,
      8,
      8,
      9,
      9,
      _,
      _,
      _,
      _,
      5,
      6,
      6,
    ]);
  });

  it("leaves columns of every sample as they are, with their gaps", () => {
    const often = [1, 2, 3, _, _, 4, 5, 6, 7, 8, 9];
    expect(filled(...often)).toEqual(often);
    expect(filled(_, _, 5)).toEqual([_, _, 5]);
  });
});
