/** Location and spread of a handful of numbers. NaN stands for "no value" and is skipped. */

export function present(values: Iterable<number>): number[] {
  const result: number[] = [];
  for (const value of values) if (value === value) result.push(value);
  return result;
}

/** NaN when there is no value. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value !== value) continue;
    sum += value;
    count++;
  }
  return count > 0 ? sum / count : NaN;
}

/** Middle value, or the mean of the two middle ones; NaN when there is none. */
export function median(values: Iterable<number>): number {
  const sorted = present(values).sort((a, b) => a - b);
  if (sorted.length === 0) return NaN;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Median of the absolute deviations from the median; times 1.4826 it estimates a normal σ. */
export function medianAbsoluteDeviation(values: Iterable<number>): number {
  const numbers = present(values);
  const center = median(numbers);
  return median(numbers.map((value) => Math.abs(value - center)));
}

/**
 * Nearest-rank quantile: the smallest observed value that is not exceeded by fewer than q of all.
 *
 * @param sorted ascending, without NaN
 * @param q in [0, 1]
 */
export function nearestRank(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return NaN;
  const rank = Math.ceil(q * sorted.length - 1e-9);
  return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1]!;
}
