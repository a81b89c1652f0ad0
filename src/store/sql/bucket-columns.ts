/**
 * The buckets of one series while rows come in, in whatever order a database has them: columns that
 * are dense in time.
 */
import type { BucketedSeries } from "../../analysis/source.ts";
import { roundTo9Digits as round } from "../significant-digits.ts";

/** Where the buckets of a long series are expected: room is made for all of them at once. */
export interface BucketWindow {
  readonly first: number;
  readonly last: number;
}

/** Fewer values at first than this are not taken for a long series: a process may live for seconds. */
const LONG_ROWS = 200;
/** Up to here no weight in seconds, to the millisecond, has more than 9 digits. */
const SHORT_WEIGHT = 1e6;

export class BucketColumns {
  private readonly expected: BucketWindow;
  private readonly roundsAll: boolean;
  private base = 0;
  private mean = new Float64Array(0);
  private weight = new Float64Array(0);
  private lowest = Infinity;
  private highest = -Infinity;
  /** By bucket, where it has several rows. */
  private readonly sums = new Map<number, BucketSum>();

  /** @param roundsAll rows are computed; else they are stored values, whose fractions are rounded already */
  constructor(expected: BucketWindow, roundsAll: boolean) {
    this.expected = expected;
    this.roundsAll = roundsAll;
  }

  get isEmpty(): boolean {
    return this.highest < this.lowest;
  }

  /** Rows `start` to before `end` of the columns; one row is a value or the mean of several. */
  add(
    bucket: Float64Array,
    value: Float64Array,
    weight: Float64Array,
    start: number,
    end: number,
  ): void {
    let lowest = Infinity;
    let highest = -Infinity;
    for (let i = start; i < end; i++) {
      if (bucket[i]! < lowest) lowest = bucket[i]!;
      if (bucket[i]! > highest) highest = bucket[i]!;
    }
    this.makeRoom(lowest, highest, end - start);
    const { base, mean, weight: weights } = this;
    for (let i = start; i < end; i++) {
      const at = bucket[i]! - base;
      if (mean[at]! !== mean[at]!) {
        mean[at] = value[i]!;
        weights[at] = weight[i]!;
      } else {
        this.merge(at, value[i]!, weight[i]!);
      }
    }
  }

  /** Rounded as a store's answers are; to be asked once. */
  columns(): Pick<BucketedSeries, "first" | "mean" | "weight"> {
    const from = this.lowest - this.base;
    const to = this.highest - this.base + 1;
    const mean = this.mean.subarray(from, to);
    const weight = this.weight.subarray(from, to);
    for (const [at, sum] of this.sums) mean[at - this.lowest] = round(sum.mean);
    for (let i = 0; i < mean.length; i++) {
      // Whole numbers are stored as they are, whatever their length.
      if (this.roundsAll || !(Math.abs(mean[i]!) < 1e9)) mean[i] = round(mean[i]!);
      if (this.roundsAll || weight[i]! > SHORT_WEIGHT) weight[i] = round(weight[i]!);
    }
    return { first: this.lowest, mean, weight };
  }

  private merge(at: number, value: number, weight: number): void {
    let sum = this.sums.get(at + this.base);
    if (!sum) {
      sum = new BucketSum(this.mean[at]!, this.weight[at]!);
      this.sums.set(at + this.base, sum);
    }
    sum.add(value, weight);
    this.weight[at] = round(sum.weight);
  }

  private makeRoom(lowest: number, highest: number, rows: number): void {
    const { base, mean, expected } = this;
    this.lowest = Math.min(this.lowest, lowest);
    this.highest = Math.max(this.highest, highest);
    if (lowest >= base && highest < base + mean.length) return;
    let first = mean.length > 0 ? Math.min(base, lowest) : lowest;
    let last = mean.length > 0 ? Math.max(base + mean.length - 1, highest) : highest;
    if (rows >= LONG_ROWS || last - first >= LONG_ROWS) {
      first = Math.min(first, expected.first);
      last = Math.max(last, expected.last);
    } else if (mean.length > 0) {
      // Twice as large each time, on the side where it was too small.
      if (lowest < base) first -= mean.length;
      else last += mean.length;
    }
    const larger = (from: Float64Array, empty: number) => {
      const to = new Float64Array(last - first + 1);
      if (empty !== 0) to.fill(empty);
      if (from.length > 0) to.set(from, base - first);
      return to;
    };
    this.mean = larger(mean, NaN);
    this.weight = larger(this.weight, 0);
    this.base = first;
  }
}

/** Of several values in one bucket; compensated: the order must not show. */
class BucketSum {
  weight = 0;
  private moment = 0;
  private lost = 0;
  private min: number;
  private max: number;

  constructor(value: number, weight: number) {
    this.min = this.max = value;
    this.add(value, weight);
  }

  add(value: number, weight: number): void {
    const term = value * weight;
    const moment = this.moment + term;
    // Neumaier: what the sum cannot hold is kept beside it.
    this.lost +=
      Math.abs(this.moment) >= Math.abs(term)
        ? this.moment - moment + term
        : term - moment + this.moment;
    this.moment = moment;
    this.weight += weight;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  /** Of equal values their very value. */
  get mean(): number {
    return this.min === this.max ? this.min : (this.moment + this.lost) / this.weight;
  }
}
