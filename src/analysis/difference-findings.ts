/** Findings out of counters that differ: intervals from buckets of the few that differ most. */
import { patternMatcher } from "./counter-path.ts";
import type { BucketRange } from "./attribution.ts";
import type { Finding, SideName } from "./comparison.ts";
import {
  effectOf,
  rankedDifferences,
  comparedPatterns,
  type Difference,
  type Scales,
} from "./differences.ts";
import { meanSql, type EvidenceContext } from "./evidence.ts";
import { columnsInterval, hostsAreObservations, type HostColumn } from "./intervals.ts";
import { counterText, shortNumber } from "./number-text.ts";
import { workSelector } from "./side.ts";
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
  const columnsOf = await hostColumns(told, context, scales);
  const level = 1 - (MISSES * told.length) / compared;
  return told.flatMap((difference) => {
    const interval = columnsInterval(difference.path, columnsOf(difference), level);
    if (interval && interval.low <= 0 && interval.high >= 0) return [];
    return [differenceFinding(difference, interval, context)];
  });
}

type ColumnsOf = (difference: Difference) => Readonly<Record<SideName, readonly HostColumn[]>>;

/** Where hosts are the observations their means suffice; else the course of the counters is fetched. */
async function hostColumns(
  told: readonly Difference[],
  { sides, work }: EvidenceContext,
  { weights, roles }: Scales,
): Promise<ColumnsOf> {
  const few = told.filter(
    ({ means }) => !hostsAreObservations(means.baseline.length, means.candidate.length),
  );
  const bucketsOf = async (side: SideName): Promise<BucketedSeries[]> => {
    const { source, selector, originMs, bucketMs } = sides[side];
    const patterns = few.map(({ pattern }) => pattern);
    return few.length > 0 ? source.buckets(selector, patterns, originMs, bucketMs) : [];
  };
  const baseline = await bucketsOf("baseline");
  const buckets = { baseline, candidate: await bucketsOf("candidate") };
  return (difference) => {
    const matches = patternMatcher(difference.pattern);
    const of = (side: SideName): HostColumn[] => {
      const column = (host: string, rest: Pick<HostColumn, "values" | "weights" | "mean">) => ({
        share: weights[side].get(host) ?? 0,
        role: roles[side].get(host) ?? "",
        ...rest,
      });
      return few.includes(difference)
        ? buckets[side]
            .filter(({ series }) => matches(series) && (weights[side].get(series.host) ?? 0) > 0)
            .map((one) => column(one.series.host, inRange(one, work[side].range)))
        : difference.means[side].map(({ host, mean }) => column(host, { values: [], mean }));
    };
    return { baseline: of("baseline"), candidate: of("candidate") };
  };
}

function inRange({ first, mean, weight }: BucketedSeries, { from, to }: BucketRange) {
  const start = Math.max(0, from - first);
  const end = Math.max(start, Math.min(mean.length, to - first));
  const known = (_: number, i: number) => weight[start + i]! > 0;
  const values = mean.subarray(start, end).filter(known);
  const weights = weight.subarray(start, end).filter(known);
  const whole = weights.reduce((sum, one) => sum + one, 0);
  const average = values.reduce((sum, value, i) => sum + value * weights[i]!, 0) / whole;
  return { values, weights, mean: average };
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
