import { describe, expect, it } from "vitest";
import { xoshiro128 } from "../../analysis/statistics/random.ts";
import { BucketColumns } from "./bucket-columns.ts";

type Row = readonly [bucket: number, value: number, weight: number];

/** In stretches of so many rows, as a database hands them out. */
function collected(rows: readonly Row[], stretch: number, expected = { first: 0, last: 1000 }) {
  const columns = new BucketColumns(expected, false);
  for (let at = 0; at < rows.length; at += stretch) {
    const part = rows.slice(at, at + stretch);
    const column = (i: 0 | 1 | 2) => Float64Array.from(part, (row) => row[i]);
    columns.add(column(0), column(1), column(2), 0, part.length);
  }
  return columns.columns();
}

function shuffled(rows: readonly Row[]): Row[] {
  const random = xoshiro128([1, 2, 3, 4]);
  return rows
    .map((row) => ({ row, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ row }) => row);
}

const LONG: Row[] = Array.from({ length: 900 }, (_, i) => [i + 20, (i * 37) % 101, 1.001]);

describe("BucketColumns", () => {
  it.each([1, 7, 300, 900])(
    "has rows at their place in whatever order, %d at a time",
    (stretch) => {
      const inOrder = collected(LONG, stretch);
      expect(inOrder.first).toBe(20);
      expect([...inOrder.mean]).toEqual(LONG.map(([, value]) => value));
      expect(collected([...LONG].reverse(), stretch)).toEqual(inOrder);
      expect(collected(shuffled(LONG), stretch)).toEqual(inOrder);
    },
  );

  it("leaves buckets without a value out, also before 0 and outside of what was expected", () => {
    const rows: Row[] = [
      [-5, 1, 2],
      [-3, 2, 3],
      [2000, 3, 4],
    ];
    for (const order of [rows, [...rows].reverse()]) {
      const { first, mean, weight } = collected(order, 1);
      expect(first).toBe(-5);
      expect(mean.length).toBe(2006);
      expect([mean[0], mean[1], mean[2], mean[2005]]).toEqual([1, NaN, 2, 3]);
      expect([weight[0], weight[1], weight[2], weight[2005]]).toEqual([2, 0, 3, 4]);
    }
  });

  it("takes the weighted mean of several rows of a bucket, the same in whatever order", () => {
    const rows: Row[] = LONG.flatMap(([bucket, value]): Row[] => [
      [bucket, value, 1],
      [bucket, value + 1 / 3, 3],
      [bucket, 1e8 - value, 1e-3],
    ]);
    const { mean, weight } = collected(rows, 50);
    for (const [i, [, value]] of LONG.entries()) {
      const expected = (value + 3 * (value + 1 / 3) + 1e-3 * (1e8 - value)) / 4.001;
      expect(Math.abs(mean[i]! - expected)).toBeLessThan(1e-8 * Math.abs(expected));
      expect(mean[i]).toBe(Number(mean[i]!.toPrecision(9)));
    }
    expect(weight[0]).toBe(4.001);
    expect(collected(shuffled(rows), 50).mean).toEqual(mean);
  });

  it("gives equal values as they are", () => {
    const rows: Row[] = [0.1, 0.1, 0.1].map((value) => [4, value, 1.001]);
    expect([...collected(rows, 1).mean]).toEqual([0.1]);
  });
});
