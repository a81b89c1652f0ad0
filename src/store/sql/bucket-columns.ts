/**
 * The buckets of one series while rows come in: in whatever order a database has them, which for
 * stretches of a series is that of time, or the opposite.
 */
import type { BucketedSeries } from "../../analysis/source.ts";
import { roundTo9Digits as round } from "../significant-digits.ts";

const FIRST_CAPACITY = 256;

export class BucketColumns {
  length = 0;
  private bucket = new Int32Array(FIRST_CAPACITY);
  private mean = new Float64Array(FIRST_CAPACITY);
  private weight = new Float64Array(FIRST_CAPACITY);
  private rises = true;
  private falls = true;
  private readonly sum = new LastBucket();

  /** Rows `start` to before `end` of the columns; one row is a value or the mean of several. */
  add(
    bucket: Float64Array,
    value: Float64Array,
    weight: Float64Array,
    start: number,
    end: number,
  ): void {
    this.makeRoom(end - start);
    let { length } = this;
    let last = length > 0 ? this.bucket[length - 1]! : NaN;
    for (let i = start; i < end; i++) {
      const at = bucket[i]!;
      if (at === last) {
        this.merge(length - 1, value[i]!, weight[i]!);
        continue;
      }
      if (at < last) this.rises = false;
      else if (at > last) this.falls = false;
      this.bucket[length] = last = at;
      this.mean[length] = value[i]!;
      this.weight[length] = weight[i]!;
      length++;
    }
    this.length = length;
  }

  /** By bucket, each once, rounded as a store's answers are. To be asked once. */
  inOrder(): Pick<BucketedSeries, "bucket" | "mean" | "weight"> {
    const { length } = this;
    if (!this.rises && !this.falls) return this.sorted().inOrder();
    const bucket = this.bucket.subarray(0, length);
    const mean = this.mean.subarray(0, length);
    const weight = this.weight.subarray(0, length);
    if (!this.rises) for (const column of [bucket, mean, weight]) column.reverse();
    for (let i = 0; i < length; i++) {
      mean[i] = round(mean[i]!);
      weight[i] = round(weight[i]!);
    }
    return { bucket, mean, weight };
  }

  private sorted(): BucketColumns {
    const { length } = this;
    const bucket = this.bucket.subarray(0, length);
    const order = orderOf(bucket);
    const result = new BucketColumns();
    const column = (values: Int32Array | Float64Array) =>
      Float64Array.from(order, (i) => values[i]!);
    result.add(column(bucket), column(this.mean), column(this.weight), 0, length);
    return result;
  }

  private merge(at: number, value: number, weight: number): void {
    const { sum } = this;
    if (sum.position !== at) sum.begin(at, this.mean[at]!, this.weight[at]!);
    sum.add(value, weight);
    this.mean[at] = sum.mean;
    this.weight[at] = sum.weight;
  }

  private makeRoom(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bucket.length) return;
    const capacity = Math.max(needed, 2 * this.bucket.length);
    const larger = <T extends Int32Array | Float64Array>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.bucket = larger(new Int32Array(capacity), this.bucket);
    this.mean = larger(new Float64Array(capacity), this.mean);
    this.weight = larger(new Float64Array(capacity), this.weight);
  }
}

/** Positions in ascending order of their numbers; equal ones as they come. */
function orderOf(numbers: Int32Array): Uint32Array {
  let least = Infinity;
  let most = -Infinity;
  for (const one of numbers) {
    if (one < least) least = one;
    if (one > most) most = one;
  }
  const order = new Uint32Array(numbers.length);
  if (most - least > 4 * numbers.length) {
    for (let i = 0; i < order.length; i++) order[i] = i;
    return order.sort((a, b) => numbers[a]! - numbers[b]! || a - b);
  }
  // Dense, as buckets are: counted instead of compared.
  const starts = new Uint32Array(most - least + 2);
  for (const one of numbers) starts[one - least + 1]!++;
  for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
  for (let i = 0; i < numbers.length; i++) order[starts[numbers[i]! - least]!++] = i;
  return order;
}

/** Sums of the bucket that rows are being added to, compensated: the order must not show. */
class LastBucket {
  position = -1;
  weight = 0;
  private moment = 0;
  private lost = 0;
  private min = 0;
  private max = 0;

  begin(position: number, value: number, weight: number): void {
    this.position = position;
    this.weight = 0;
    this.moment = 0;
    this.lost = 0;
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
