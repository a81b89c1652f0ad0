/**
 * The Wilcoxon-Mann-Whitney test of two small groups of hosts: do values of one tend to be larger?
 * Exact by counting arrangements (Mann and Whitney, 1947) without ties and up to 30 a side, else by
 * the normal approximation with correction for ties and continuity.
 */

/** @returns two-sided p-value; 1 when a group is empty */
export function rankSumP(first: readonly number[], second: readonly number[]): number {
  const m = first.length;
  const n = second.length;
  if (m === 0 || n === 0) return 1;
  let u = 0;
  let ties = 0;
  for (const a of first) {
    for (const b of second) {
      if (a > b) u++;
      else if (a === b) {
        u += 0.5;
        ties++;
      }
    }
  }
  const small = Math.min(u, m * n - u);
  if (ties === 0 && m <= 30 && n <= 30) return Math.min(1, 2 * exactLowerTail(small, m, n));
  return normalTail(small, first, second);
}

/** P(U ≤ u): arrangements with at most u pairs in the wrong order, of all (m+n over m). */
function exactLowerTail(u: number, m: number, n: number): number {
  let below = 0;
  let all = 0;
  arrangements(m, n).forEach((count, s) => {
    all += count;
    if (s <= u) below += count;
  });
  return below / all;
}

/** Many counters of the same hosts are tested one after the other. */
const known = new Map<string, Float64Array>();

/** How many arrangements have each U. */
function arrangements(m: number, n: number): Float64Array {
  const key = `${m} ${n}`;
  const counts = known.get(key) ?? countArrangements(m, n);
  known.set(key, counts);
  return counts;
}

function countArrangements(m: number, n: number): Float64Array {
  // ways[i][s]: choices of i of the ranks seen so far whose U is s.
  const size = m * n + 1;
  const ways = Array.from({ length: m + 1 }, () => new Float64Array(size));
  ways[0]![0] = 1;
  for (let rank = 0; rank < m + n; rank++) {
    for (let i = Math.min(rank + 1, m); i >= 1; i--) {
      const add = rank - (i - 1);
      if (add > n) continue;
      const from = ways[i - 1]!;
      const to = ways[i]!;
      for (let s = size - 1; s >= add; s--) to[s]! += from[s - add]!;
    }
  }
  return ways[m]!;
}

function normalTail(u: number, first: readonly number[], second: readonly number[]): number {
  const m = first.length;
  const n = second.length;
  const total = m + n;
  const counts = new Map<number, number>();
  for (const value of [...first, ...second]) counts.set(value, (counts.get(value) ?? 0) + 1);
  let tied = 0;
  for (const count of counts.values()) tied += count ** 3 - count;
  const variance = ((m * n) / 12) * (total + 1 - tied / (total * (total - 1)));
  if (!(variance > 0)) return 1;
  const z = Math.min(0, (u + 0.5 - (m * n) / 2) / Math.sqrt(variance));
  return Math.min(1, 2 * normalBelow(z));
}

/** Φ(z) by Abramowitz and Stegun 26.2.17, error below 7.5e-8. */
export function normalBelow(z: number): number {
  const x = Math.abs(z);
  const t = 1 / (1 + 0.2316419 * x);
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const series =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const upper = density * series;
  return z < 0 ? upper : 1 - upper;
}
