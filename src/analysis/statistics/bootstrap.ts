/**
 * Intervals by resampling. Seconds of one host are not independent of each other, so blocks of
 * neighboring buckets are drawn, not single ones (circular block bootstrap: Politis and Romano,
 * 1992), as long as values resemble each other (`block-length.ts`).
 *
 * Only time within each host is resampled: the interval speaks of these hosts, not of a population
 * they came from. With many hosts a side they are the observations instead (`welch.ts`).
 */
import { blockLength } from "./block-length.ts";
import type { Random } from "./random.ts";
import { nearestRank, present } from "./summary.ts";

export const REPLICATES = 400;
/** From so many hosts a side on, hosts are the observations instead of stretches of time. */
export const MANY_HOSTS = 6;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A host's values in order of time; NaN is skipped. */
export interface Column {
  readonly values: ArrayLike<number>;
  /** Per value; 1 when left out. */
  readonly weights?: ArrayLike<number>;
  /** What the host's mean weighs among those of the side; 1 when left out. */
  readonly share?: number;
}

/** Weighted means over the hosts, as time within each of them is drawn again. */
export function replicateMeans(
  hosts: readonly Column[],
  random: Random,
  replicates = REPLICATES,
): Float64Array {
  const series = hosts
    .map((host) => ({ ...coarsened(host), share: host.share ?? 1 }))
    .filter(({ values, share }) => values.length > 0 && share > 0);
  const result = new Float64Array(replicates);
  if (series.length === 0) return result.fill(NaN);
  const shares = series.reduce((sum, { share }) => sum + share, 0);
  for (const { values, weights, share } of series) {
    const length = blockLength(values);
    for (let r = 0; r < replicates; r++) {
      result[r]! += (blockMean(values, weights, length, random) * share) / shares;
    }
  }
  return result;
}

/** Longer columns are cut into so many stretches, whose means are resampled: blocks of blocks. */
const MOST_VALUES = 600;

function coarsened({ values, weights }: Column): { values: number[]; weights: number[] } {
  const kept: number[] = [];
  const weighed: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const weight = weights?.[i] ?? 1;
    if (values[i]! !== values[i]! || !(weight > 0)) continue;
    kept.push(values[i]!);
    weighed.push(weight);
  }
  if (kept.length <= MOST_VALUES) return { values: kept, weights: weighed };
  const stretches = Array.from({ length: MOST_VALUES }, (_, i) => {
    let sum = 0;
    let weight = 0;
    const to = Math.floor(((i + 1) * kept.length) / MOST_VALUES);
    for (let k = Math.floor((i * kept.length) / MOST_VALUES); k < to; k++) {
      sum += kept[k]! * weighed[k]!;
      weight += weighed[k]!;
    }
    return { mean: sum / weight, weight };
  });
  return {
    values: stretches.map(({ mean }) => mean),
    weights: stretches.map(({ weight }) => weight),
  };
}

/** Weighted mean of as many values as there are, drawn in blocks that wrap around the end. */
function blockMean(
  values: readonly number[],
  weights: readonly number[],
  length: number,
  random: Random,
): number {
  const n = values.length;
  let sum = 0;
  let weight = 0;
  for (let drawn = 0; drawn < n;) {
    const start = random.integer(n);
    for (let i = 0; i < length && drawn < n; i++, drawn++) {
      const at = (start + i) % n;
      sum += values[at]! * weights[at]!;
      weight += weights[at]!;
    }
  }
  return sum / weight;
}

/** Percentile interval of a function of two independently resampled sides. */
export function differenceInterval(
  baseline: Float64Array,
  candidate: Float64Array,
  statistic: (baseline: number, candidate: number) => number,
  level = 0.95,
): Interval | null {
  const values = new Float64Array(baseline.length);
  for (let i = 0; i < values.length; i++) values[i] = statistic(baseline[i]!, candidate[i]!);
  const sorted = Float64Array.from(present(values)).sort();
  if (sorted.length < values.length / 2) return null;
  const tail = (1 - level) / 2;
  return { low: nearestRank(sorted, tail), high: nearestRank(sorted, 1 - tail) };
}
