/** Findings out of counters that differ: intervals from buckets of the few that differ most. */
import { patternMatcher } from "./counter-path.ts";
import type { Finding, SideName } from "./comparison.ts";
import {
  effectOf,
  rankedDifferences,
  comparedPatterns,
  type Difference,
  type Scales,
} from "./differences.ts";
import { meanSql, type EvidenceContext } from "./evidence.ts";
import { columnsInterval, type HostColumn } from "./intervals.ts";
import { counterText, shortNumber } from "./number-text.ts";
import { workSelector, type Side } from "./side.ts";
import type { BucketedSeries } from "./source.ts";
import type { Interval } from "./statistics/bootstrap.ts";

/** False coverage: of the intervals told, about so many may miss (Benjamini and Yekutieli, 2005). */
const MISSES = 0.05;

/** @param most so many findings at most */
export async function differenceFindings(
  context: EvidenceContext,
  scales: Scales,
  most: number,
): Promise<Finding[]> {
  const { sides, work } = context;
  if (most === 0) return [];
  const { differences, compared } = rankedDifferences(
    {
      baseline: await sides.baseline.source.means(
        workSelector(sides.baseline, work.baseline.range),
        comparedPatterns(),
      ),
      candidate: await sides.candidate.source.means(
        workSelector(sides.candidate, work.candidate.range),
        comparedPatterns(),
      ),
    },
    scales,
  );
  const told = differences.slice(0, most);
  if (told.length === 0) return [];
  const patterns = told.map(({ pattern }) => pattern);
  const bucketsOf = (side: SideName) => {
    const { source, selector, originMs, bucketMs } = sides[side];
    return source.buckets(selector, patterns, originMs, bucketMs);
  };
  const buckets = {
    baseline: await bucketsOf("baseline"),
    candidate: await bucketsOf("candidate"),
  };
  const level = 1 - (MISSES * told.length) / compared;
  return told.flatMap((difference) => {
    const matches = patternMatcher(difference.pattern);
    const columns = (side: SideName) =>
      hostColumns(
        buckets[side].filter(({ series }) => matches(series)),
        sides[side],
        work[side].range,
        scales.weights[side],
      );
    const interval = columnsInterval(
      difference.path,
      { baseline: columns("baseline"), candidate: columns("candidate") },
      level,
    );
    if (interval && interval.low <= 0 && interval.high >= 0) return [];
    return [differenceFinding(difference, interval, context)];
  });
}

function hostColumns(
  series: readonly BucketedSeries[],
  side: Side,
  { from, to }: { readonly from: number; readonly to: number },
  weights: ReadonlyMap<string, number>,
): HostColumn[] {
  const roles = new Map(side.hosts.map(({ name, role }) => [name, role]));
  return series.flatMap(({ series: { host }, bucket, mean, weight }) => {
    const share = weights.get(host) ?? 0;
    if (share === 0) return [];
    const inside = (_: number, i: number) => bucket[i]! >= from && bucket[i]! < to;
    const values = mean.filter(inside);
    const weighed = weight.filter(inside);
    const whole = weighed.reduce((sum, one) => sum + one, 0);
    const average = values.reduce((sum, value, i) => sum + value * weighed[i]!, 0) / whole;
    return [{ values, weights: weighed, share, role: roles.get(host) ?? "", mean: average }];
  });
}

function differenceFinding(
  difference: Difference,
  interval: Interval | null,
  context: EvidenceContext,
): Finding {
  const { pattern, path, baseline, candidate } = difference;
  const ratio = baseline > 0 && candidate >= 0 ? candidate / baseline : null;
  const text = (value: number) => counterText(value, pattern.counter);
  const times =
    ratio !== null && ratio > 0 ? ` (${ratio.toFixed(2)} times${perText(difference)})` : "";
  return {
    id: `counter-difference:${path}`,
    rule: "counter-difference",
    resource: difference.resource,
    severity: "info",
    cluster: "both",
    hosts: [],
    counter: path,
    baseline,
    candidate,
    ratio,
    interval: interval ? [interval.low, interval.high] : null,
    score: Math.min(1, carefulEffect(difference, interval) / 5),
    message: `${text(baseline)} in the baseline, ${text(candidate)} in the candidate${times}.`,
    why:
      difference.p === null
        ? "Means over the work of each side; the interval is by resampling blocks of time within these hosts, widened for the number of counters looked at."
        : `Means over the hosts of each side; adjusted p = ${difference.p.toPrecision(2)} (rank sum, false discovery rate).`,
    next: "See the course of this counter on both sides.",
    sql: meanSql(pattern, context),
  };
}

function perText({ by, baseline, scaled }: Difference): string {
  if (by === "hosts" || !(baseline > 0)) return "";
  return `, ${shortNumber(scaled / baseline)} times ${by === "work" ? "for the same work" : "per CPU"}`;
}

/** The effect at the end of the interval that is closer to none: a burst in one run counts little. */
function carefulEffect(difference: Difference, interval: Interval | null): number {
  if (!interval) return effectOf(difference);
  const { baseline, candidate, scaled } = difference;
  const least = Math.abs(interval.low) < Math.abs(interval.high) ? interval.low : interval.high;
  const careful = Math.max(0, baseline + least);
  const factor = candidate > 0 ? scaled / candidate : 1;
  return effectOf({ ...difference, candidate: careful, scaled: careful * factor });
}
