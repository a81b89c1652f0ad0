/**
 * Cooking: raw readings in, values of intervals out. The only place where rates, percentages and
 * averages are computed, for the loader and for live views alike.
 *
 * Every value belongs to the interval between two readings of its unit and is stamped with the
 * interval's end. No value (rather than a wrong one) comes of a first reading, a counter that was
 * reset, a reboot, or a gap in the sampling; intervals are measured on the monotonic clock.
 *
 * Each value has a weight such that Σ(value·weight)/Σ(weight) over any set of intervals is the
 * true average: the change of the base where there is one, else the interval in seconds.
 */
import { cookedValue } from "./cooked-object.ts";
import type { RecordedCounter, RecordedObject, Terms } from "./recorded.ts";

/** When the samples of a stretch were taken; one entry per sample, in order. */
export interface SampleClock {
  /** Milliseconds of the host's monotonic clock (since boot). */
  readonly monotonicMs: Float64Array;
  /** Milliseconds since 1970, UTC: wall time at the start, continued on the monotonic clock. */
  readonly timeMs: Float64Array;
  /** Raised at a gap, a reboot or a new recording process: no interval spans a change of it. */
  readonly epoch: Uint32Array;
}

/** Readings of one field group of one instance. */
export interface RawColumns {
  readonly object: RecordedObject;
  readonly group: number;
  /** Which samples of the clock the readings belong to, ascending. */
  readonly at: Uint32Array;
  /** Per field of the group one raw number per reading. */
  readonly columns: readonly Float64Array[];
}

/** Readings made ready for cooking. */
export interface Intervals {
  readonly at: Uint32Array;
  /** Seconds since the reading before; NaN where no interval ends (first reading, gap, reboot). */
  readonly seconds: Float64Array;
  /** 1 where a counter of the unit was reset: no differences across it. */
  readonly reset: Uint8Array;
  /** As `RawColumns.columns`, with wraps undone, so that differences can be taken blindly. */
  readonly columns: readonly Float64Array[];
  /** Seconds since boot of each reading. */
  readonly uptimeSeconds: Float64Array;
  readonly raw: RawColumns;
}

/** The values of one series; the arrays may be longer than `length`. */
export interface CookedSeries {
  length: number;
  /** Sample of the clock at which the interval ends. */
  at: Uint32Array;
  values: Float64Array;
  weights: Float64Array;
}

const WRAP_32 = 2 ** 32;
const WRAP_64 = 2 ** 64;

export function cookedSeries(capacity: number): CookedSeries {
  return {
    length: 0,
    at: new Uint32Array(capacity),
    values: new Float64Array(capacity),
    weights: new Float64Array(capacity),
  };
}

export function prepareIntervals(raw: RawColumns, clock: SampleClock): Intervals {
  const { at } = raw;
  const seconds = new Float64Array(at.length).fill(NaN);
  const uptimeSeconds = new Float64Array(at.length);
  const reset = new Uint8Array(at.length);
  for (let i = 0; i < at.length; i++) {
    const sample = at[i]!;
    const now = clock.monotonicMs[sample]!;
    uptimeSeconds[i] = now / 1000;
    if (i === 0) continue;
    const before = at[i - 1]!;
    const elapsed = now - clock.monotonicMs[before]!;
    if (clock.epoch[sample] === clock.epoch[before] && elapsed > 0) seconds[i] = elapsed / 1000;
  }
  const fields = raw.object.groups[raw.group]?.fields ?? [];
  const columns = fields.map((field, position) => {
    const column = raw.columns[position]!;
    if (field.kind === "gauge") return column;
    return unwrapped(column, field.bits ?? 64, field.mayDecrease === true, seconds, reset);
  });
  return { at, seconds, reset, columns, uptimeSeconds, raw };
}

/**
 * Undoes wraps and marks resets. A counter that fell from the upper half of its range into the
 * lower half wrapped; any other fall is a reset. Returns the column itself when it never falls.
 */
function unwrapped(
  column: Float64Array,
  bits: 32 | 64,
  mayDecrease: boolean,
  seconds: Float64Array,
  reset: Uint8Array,
): Float64Array {
  let result = column;
  let carry = 0;
  const range = bits === 32 ? WRAP_32 : WRAP_64;
  for (let i = 1; i < column.length; i++) {
    const previous = column[i - 1]!;
    const current = column[i]!;
    if (current < previous) {
      if (result === column) result = column.slice();
      if (Number.isNaN(seconds[i])) carry = 0;
      else if (mayDecrease) carry += previous - current;
      else if (previous >= range / 2 && previous < range && current < range / 2) carry += range;
      else reset[i] = 1;
    }
    if (result !== column) result[i] = current + carry;
  }
  return result;
}

/** Cooks one counter of a unit into `out`, which must have room for all its readings. */
export function cook(counter: RecordedCounter, intervals: Intervals, out: CookedSeries): void {
  if (intervals.raw.object.cooked) {
    takeCooked(intervals, out);
    return;
  }
  const value = sumOf(counter.value, intervals.columns);
  const base = counter.base ? sumOf(counter.base, intervals.columns) : undefined;
  out.length = 0;
  switch (counter.type) {
    case "gauge":
      cookInstant(intervals, out, (i) => value[i]! * counter.scale);
      break;
    case "elapsed":
      cookInstant(intervals, out, (i) => intervals.uptimeSeconds[i]! - value[i]! * counter.scale);
      break;
    case "fraction":
      if (isGauge(counter, intervals.raw)) {
        const factor = 100 * counter.scale;
        cookInstant(intervals, out, (i) =>
          base![i]! > 0 ? (factor * value[i]!) / base![i]! : NaN,
        );
      } else cookRatio(intervals, value, base!, 100 * counter.scale, 0, out);
      break;
    case "average":
      cookRatio(intervals, value, base!, counter.scale, 0, out);
      break;
    case "percent-time":
      if (base) cookRatio(intervals, value, base, 100 * counter.scale, 0, out);
      else cookRate(intervals, value, 100 * counter.scale, 0, out);
      break;
    case "inverse-percent-time":
      if (base) cookRatio(intervals, value, base, -100 * counter.scale, 100, out);
      else cookRate(intervals, value, -100 * counter.scale, 100, out);
      break;
    case "rate":
      cookRate(intervals, value, counter.scale, 0, out);
      break;
    case "delta":
      cookDelta(intervals, value, counter.scale, out);
      break;
  }
}

/** Values as they were printed, with the weights that came with them: also of a first reading. */
function takeCooked({ at, columns }: Intervals, out: CookedSeries): void {
  const [digits, decimals, weight] = columns;
  out.length = 0;
  for (let i = 0; i < at.length; i++) {
    push(out, at[i]!, cookedValue(digits![i]!, decimals![i]!), weight![i]! / 1000);
  }
}

function cookInstant(
  intervals: Intervals,
  out: CookedSeries,
  valueAt: (i: number) => number,
): void {
  const { at, seconds } = intervals;
  for (let i = 1; i < at.length; i++) {
    const elapsed = seconds[i]!;
    if (elapsed !== elapsed) continue;
    const value = valueAt(i);
    if (value === value) push(out, at[i]!, value, elapsed);
  }
}

/** (offset + factor·ΔN/Δt), weighted by Δt. */
function cookRate(
  { at, seconds, reset }: Intervals,
  value: Float64Array,
  factor: number,
  offset: number,
  out: CookedSeries,
): void {
  for (let i = 1; i < at.length; i++) {
    const elapsed = seconds[i]!;
    if (elapsed !== elapsed || reset[i] === 1) continue;
    push(out, at[i]!, offset + (factor * (value[i]! - value[i - 1]!)) / elapsed, elapsed);
  }
}

function cookDelta(
  { at, seconds, reset }: Intervals,
  value: Float64Array,
  factor: number,
  out: CookedSeries,
): void {
  for (let i = 1; i < at.length; i++) {
    const elapsed = seconds[i]!;
    if (elapsed !== elapsed || reset[i] === 1) continue;
    push(out, at[i]!, factor * (value[i]! - value[i - 1]!), elapsed);
  }
}

/** (offset + factor·ΔN/ΔB), weighted by ΔB; no value where the base did not move. */
function cookRatio(
  { at, seconds, reset }: Intervals,
  value: Float64Array,
  base: Float64Array,
  factor: number,
  offset: number,
  out: CookedSeries,
): void {
  for (let i = 1; i < at.length; i++) {
    const elapsed = seconds[i]!;
    if (elapsed !== elapsed || reset[i] === 1) continue;
    const change = base[i]! - base[i - 1]!;
    if (!(change > 0)) continue;
    push(out, at[i]!, offset + (factor * (value[i]! - value[i - 1]!)) / change, change);
  }
}

function push(out: CookedSeries, at: number, value: number, weight: number): void {
  const n = out.length;
  out.at[n] = at;
  out.values[n] = value;
  out.weights[n] = weight;
  out.length = n + 1;
}

function isGauge(counter: RecordedCounter, raw: RawColumns): boolean {
  const position = counter.base?.[0]?.[0] ?? counter.value[0]?.[0] ?? 0;
  return raw.object.groups[raw.group]?.fields[position]?.kind === "gauge";
}

/** The sum as a column of its own; the field's own column when there is but one term. */
function sumOf(terms: Terms, columns: readonly Float64Array[]): Float64Array {
  const [first, ...rest] = terms;
  if (!first) throw new Error("a counter needs at least one field");
  if (rest.length === 0 && first[1] === 1) return columns[first[0]]!;
  const sum = new Float64Array(columns[first[0]]!.length);
  for (const [position, sign] of terms) {
    const column = columns[position]!;
    for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + sign * column[i]!;
  }
  return sum;
}
