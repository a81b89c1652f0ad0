/**
 * Intervals by resampling. Seconds of one host are not independent of each other, so blocks of
 * neighboring buckets are drawn, not single ones (circular block bootstrap: Politis and Romano,
 * 1992; block length n^(1/3), the optimal order: Hall, Horowitz and Jing, 1995).
 *
 * With few hosts only time within each host is resampled: the interval then speaks of these hosts,
 * not of a population they came from. With many, whole hosts are drawn.
 */
import type { Random } from "./random.ts";
import { mean, nearestRank, present } from "./summary.ts";

export const REPLICATES = 400;
/** From so many hosts a side on, hosts are resampled instead of time. */
export const MANY_HOSTS = 6;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** @param hosts per host its values in order of time; NaN is skipped */
export function replicateMeans(
  hosts: readonly ArrayLike<number>[],
  random: Random,
  replicates = REPLICATES,
): Float64Array {
  const series = hosts
    .map((host) => coarsened(present(Array.from(host))))
    .filter((host) => host.length > 0);
  const result = new Float64Array(replicates);
  if (series.length === 0) return result.fill(NaN);
  if (series.length >= MANY_HOSTS) {
    const means = series.map((values) => mean(values));
    for (let r = 0; r < replicates; r++) {
      let sum = 0;
      for (let i = 0; i < means.length; i++) sum += means[random.integer(means.length)]!;
      result[r] = sum / means.length;
    }
    return result;
  }
  for (const values of series) {
    for (let r = 0; r < replicates; r++) result[r]! += blockMean(values, random) / series.length;
  }
  return result;
}

/** Longer columns are cut into so many stretches, whose means are resampled: blocks of blocks. */
const MOST_VALUES = 600;

function coarsened(values: readonly number[]): readonly number[] {
  if (values.length <= MOST_VALUES) return values;
  return Array.from({ length: MOST_VALUES }, (_, i) =>
    mean(
      values.slice(
        Math.floor((i * values.length) / MOST_VALUES),
        Math.floor(((i + 1) * values.length) / MOST_VALUES),
      ),
    ),
  );
}

/** Mean of as many values as there are, drawn in blocks that wrap around the end. */
function blockMean(values: readonly number[], random: Random): number {
  const n = values.length;
  const length = Math.max(1, Math.round(Math.cbrt(n)));
  let sum = 0;
  for (let drawn = 0; drawn < n;) {
    const start = random.integer(n);
    for (let i = 0; i < length && drawn < n; i++, drawn++) sum += values[(start + i) % n]!;
  }
  return sum / n;
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
