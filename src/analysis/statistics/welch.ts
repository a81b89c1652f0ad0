/**
 * The difference of two means of unequal variance (Welch, 1947), hosts as observations; within roles
 * first, since hosts of one role resemble each other more than those of another.
 */
import type { Interval } from "./bootstrap.ts";
import { tQuantile } from "./student-t.ts";
import { mean } from "./summary.ts";

/** Values of like things and what their mean weighs in the whole; the weights of a side sum to 1. */
export interface Stratum {
  readonly weight: number;
  readonly values: readonly number[];
}

/**
 * Of second minus first; null where no stratum has two values, so that nothing is known of their spread.
 */
export function welchInterval(
  first: readonly Stratum[],
  second: readonly Stratum[],
  level = 0.95,
): Interval | null {
  const terms = [...first, ...second].flatMap(({ weight, values }) => {
    const n = values.length;
    return n >= 2 ? [{ part: (weight ** 2 * variance(values)) / n, freedom: n - 1 }] : [];
  });
  if (terms.length === 0) return null;
  const spread = terms.reduce((sum, { part }) => sum + part, 0);
  const difference = weightedMean(second) - weightedMean(first);
  if (!(difference === difference)) return null;
  if (spread === 0) return { low: difference, high: difference };
  // Satterthwaite's degrees of freedom.
  const freedom = spread ** 2 / terms.reduce((sum, t) => sum + t.part ** 2 / t.freedom, 0);
  const half = tQuantile(0.5 + level / 2, freedom) * Math.sqrt(spread);
  return { low: difference - half, high: difference + half };
}

function weightedMean(strata: readonly Stratum[]): number {
  return strata.reduce((sum, { weight, values }) => sum + weight * mean(values), 0);
}

/** Of a sample: n − 1 in the denominator. */
export function variance(values: readonly number[]): number {
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
}
