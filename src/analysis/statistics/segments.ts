/**
 * Change points of several columns together: the split of time into k segments within which the columns
 * stay closest to their means (least squares, exact by dynamic programming: Fisher, "On Grouping for
 * Maximum Homogeneity", 1958).
 */

/** Per number of segments from 1 on: where each begins, and the squared deviations that remain. */
export interface Split {
  readonly starts: readonly number[];
  readonly deviation: number;
}

/**
 * @param columns of one length n, without NaN
 * @param shortest fewest values of a segment
 * @returns splits into 1, 2, ... segments, as far as n allows
 */
export function bestSplits(
  columns: readonly ArrayLike<number>[],
  most: number,
  shortest: number,
): Split[] {
  const n = columns[0]?.length ?? 0;
  const cost = segmentCosts(columns, n);
  const splits: Split[] = [];
  let before = Float64Array.from({ length: n + 1 }, (_, end) =>
    end >= shortest ? cost(0, end) : Infinity,
  );
  const cuts: Int32Array[] = [];
  for (let k = 1; k <= most && k * shortest <= n; k++) {
    splits.push({ starts: startsOf(cuts, n), deviation: before[n]! });
    if (k === most) break;
    const next = new Float64Array(n + 1).fill(Infinity);
    const cut = new Int32Array(n + 1);
    for (let end = (k + 1) * shortest; end <= n; end++) {
      for (let start = k * shortest; start <= end - shortest; start++) {
        const value = before[start]! + cost(start, end);
        if (value < next[end]!) {
          next[end] = value;
          cut[end] = start;
        }
      }
    }
    cuts.push(cut);
    before = next;
  }
  return splits;
}

/** Follows the cuts back from the end. */
function startsOf(cuts: readonly Int32Array[], n: number): number[] {
  const starts: number[] = [];
  let end = n;
  for (let k = cuts.length - 1; k >= 0; k--) {
    end = cuts[k]![end]!;
    starts.unshift(end);
  }
  return [0, ...starts];
}

/** Squared deviations from the mean of [start, end), all columns together, from running sums. */
function segmentCosts(columns: readonly ArrayLike<number>[], n: number) {
  const sums = columns.map((values) => {
    const sum = new Float64Array(n + 1);
    const squares = new Float64Array(n + 1);
    for (let i = 0; i < n; i++) {
      sum[i + 1] = sum[i]! + values[i]!;
      squares[i + 1] = squares[i]! + values[i]! ** 2;
    }
    return { sum, squares };
  });
  return (start: number, end: number): number => {
    let cost = 0;
    for (let column = 0; column < sums.length; column++) {
      const { sum, squares } = sums[column]!;
      const total = sum[end]! - sum[start]!;
      cost += squares[end]! - squares[start]! - total ** 2 / (end - start);
    }
    return Math.max(0, cost);
  };
}
