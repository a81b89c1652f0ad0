/**
 * Per-counter differences by host: every counter of the system objects, ranked by effect, kept only
 * where the effect is larger than the margin, hosts agree in its direction and its interval (few
 * hosts) or its adjusted p-value (six or more a side) says that it is no accident.
 */
import { patternPath } from "./counter-path.ts";
import type { Finding, SideName } from "./comparison.ts";
import type { BucketRange } from "./attribution.ts";
import { counterText } from "./number-text.ts";
import type { ResourceName } from "./resources.ts";
import type { Side } from "./side.ts";
import type { BucketedSeries, SeriesPattern, SeriesStatistics } from "./source.ts";
import {
  differenceInterval,
  MANY_HOSTS,
  replicateMeans,
  type Interval,
} from "./statistics/bootstrap.ts";
import { adjustedForDiscovery } from "./statistics/multiplicity.ts";
import { randomFromText } from "./statistics/random.ts";
import { rankSumP } from "./statistics/rank-sum.ts";
import { mean, median } from "./statistics/summary.ts";

/** The objects whose counters are compared, and the resource they speak of. */
const COMPARED: readonly (readonly [SeriesPattern, ResourceName | "system"])[] = [
  [{ object: "Processor", counter: "*", instance: "_Total" }, "cpu"],
  [{ object: "System", counter: "*" }, "cpu"],
  [{ object: "Memory", counter: "*" }, "memory"],
  [{ object: "Paging", counter: "*" }, "memory"],
  [{ object: "PhysicalDisk", counter: "*", instance: "_Total" }, "disk"],
  [{ object: "Network Interface", counter: "*", instance: "_Total" }, "network"],
  [{ object: "TCP", counter: "*" }, "network"],
  [{ object: "UDP", counter: "*" }, "network"],
  [{ object: "IP", counter: "*" }, "network"],
  [{ object: "Pressure", counter: "*", instance: "cpu" }, "cpu"],
  [{ object: "Pressure", counter: "*", instance: "memory" }, "memory"],
  [{ object: "Pressure", counter: "*", instance: "io" }, "disk"],
];

/** Counters that differ by nature, or only mirror another. */
const NOT_COMPARED =
  /Up Time|Elapsed|Total Bytes|Commit Limit|% Idle Time|Current Bandwidth|Online/;

/** Smallest absolute difference that a person would care about, by the unit in the name. */
function floorOf(counter: string): number {
  if (counter.includes("%")) return 2;
  if (/Bytes\/sec/.test(counter)) return 100_000;
  if (counter.includes("Bytes")) return 64 * 1024 * 1024;
  if (counter.includes("sec/")) return 0.002;
  return counter.endsWith("/sec") ? 20 : 1;
}

export interface Difference {
  readonly pattern: SeriesPattern;
  readonly resource: ResourceName | "system";
  /** Mean over the hosts of each side. */
  readonly baseline: number;
  readonly candidate: number;
  /** Per host. */
  readonly perHost: Readonly<Record<SideName, readonly number[]>>;
  /** Adjusted for the number of counters; null with few hosts. */
  readonly p: number | null;
}

export function comparedPatterns(): SeriesPattern[] {
  return COMPARED.map(([pattern]) => pattern);
}

/** Pairs the statistics of both sides by counter and keeps what differs, largest effect first. */
export function rankedDifferences(
  baseline: readonly SeriesStatistics[],
  candidate: readonly SeriesStatistics[],
  margin: number,
): Difference[] {
  const left = byCounter(baseline);
  const right = byCounter(candidate);
  const pairs = [...left].flatMap(([path, { pattern, means }]) => {
    const other = right.get(path);
    if (!other || NOT_COMPARED.test(pattern.counter)) return [];
    return [{ path, pattern, perHost: { baseline: means, candidate: other.means } }];
  });
  pairs.sort((a, b) => (a.path < b.path ? -1 : 1));
  const many = pairs.every(
    ({ perHost }) =>
      perHost.baseline.length >= MANY_HOSTS && perHost.candidate.length >= MANY_HOSTS,
  );
  const adjusted = many
    ? adjustedForDiscovery(
        pairs.map(({ perHost }) => rankSumP(perHost.baseline, perHost.candidate)),
      )
    : [];
  return pairs
    .flatMap(({ pattern, perHost }, i): Difference[] => {
      const before = mean(perHost.baseline);
      const after = mean(perHost.candidate);
      if (!differs(pattern.counter, before, after, margin) || !agree(perHost)) return [];
      const p = many ? adjusted[i]! : null;
      if (p !== null && p > 0.05) return [];
      return [
        { pattern, resource: resourceOf(pattern), baseline: before, candidate: after, perHost, p },
      ];
    })
    .sort((a, b) => effectOf(b) - effectOf(a));
}

function differs(counter: string, before: number, after: number, margin: number): boolean {
  const change = Math.abs(after - before);
  return (
    change >= floorOf(counter) && change > margin * Math.min(Math.abs(before), Math.abs(after))
  );
}

/** Three of four hosts of a side lie on the same side of the other's median. */
function agree({ baseline, candidate }: Difference["perHost"]): boolean {
  const center = median(baseline);
  const above = candidate.filter((value) => value > center).length / candidate.length;
  return above >= 0.75 || above <= 0.25;
}

/** |ln ratio|, both sides lifted by the floor, so that a change from nothing is not infinite. */
function effectOf({ pattern, baseline, candidate }: Difference): number {
  const floor = floorOf(pattern.counter);
  return Math.abs(Math.log((Math.abs(candidate) + floor) / (Math.abs(baseline) + floor)));
}

/** The effect at the end of the interval that is closer to none: a burst in one run counts little. */
function carefulEffect(difference: Difference, interval: Interval | null): number {
  if (!interval) return effectOf(difference);
  const { baseline } = difference;
  const least = Math.abs(interval.low) < Math.abs(interval.high) ? interval.low : interval.high;
  return effectOf({ ...difference, candidate: Math.max(0, baseline + least) });
}

export function differenceFinding(
  difference: Difference,
  interval: Interval | null,
  sides: Readonly<Record<SideName, Side>>,
): Finding {
  const { pattern, baseline, candidate } = difference;
  const counter = patternPath(pattern);
  const ratio = baseline > 0 && candidate >= 0 ? candidate / baseline : null;
  const side = sides.candidate;
  const text = (value: number) => counterText(value, pattern.counter);
  const times = ratio !== null && ratio > 0 ? ` (${ratio.toFixed(2)} times)` : "";
  return {
    id: `counter-difference:${counter}`,
    rule: "counter-difference",
    resource: difference.resource,
    severity: "info",
    cluster: "both",
    hosts: [],
    counter,
    baseline,
    candidate,
    ratio,
    interval: interval ? [interval.low, interval.high] : null,
    score: Math.min(1, carefulEffect(difference, interval) / 5),
    message: `${text(baseline)} in the baseline, ${text(candidate)} in the candidate${times}.`,
    why:
      difference.p === null
        ? "Means over the work of each side; the interval is by resampling blocks of time within these hosts."
        : `Means over the hosts of each side; adjusted p = ${difference.p.toPrecision(2)} (rank sum, false discovery rate).`,
    next: "See the course of this counter on both sides.",
    sql: side.source.explainSql(side.selector, pattern),
  };
}

/** Interval of candidate minus baseline from bucketed columns, hosts as in `replicateMeans`. */
export function bucketInterval(
  path: string,
  baseline: readonly BucketedSeries[],
  baselineRange: BucketRange,
  candidate: readonly BucketedSeries[],
  candidateRange: BucketRange,
): Interval | null {
  return differenceInterval(
    replicateMeans(columns(baseline, baselineRange), randomFromText(`baseline ${path}`)),
    replicateMeans(columns(candidate, candidateRange), randomFromText(`candidate ${path}`)),
    (before, after) => after - before,
  );
}

function columns(series: readonly BucketedSeries[], range: BucketRange): Float64Array[] {
  return series.map(({ bucket, mean: means }) =>
    means.filter((_, i) => bucket[i]! >= range.from && bucket[i]! < range.to),
  );
}

function byCounter(
  statistics: readonly SeriesStatistics[],
): Map<string, { pattern: SeriesPattern; means: number[] }> {
  const result = new Map<string, { pattern: SeriesPattern; means: number[] }>();
  for (const { series, mean: value } of statistics) {
    const { object, counter, instance } = series;
    const pattern = { object, counter, ...(instance ? { instance } : {}) };
    const path = patternPath(pattern);
    const entry = result.get(path);
    if (entry) entry.means.push(value);
    else result.set(path, { pattern, means: [value] });
  }
  return result;
}

function resourceOf(pattern: SeriesPattern): ResourceName | "system" {
  if (/Steal|Accounted/.test(pattern.counter)) return "virtualization";
  const match = COMPARED.find(
    ([{ object, instance }]) =>
      object === pattern.object &&
      (instance === undefined || instance === "_Total" || instance === pattern.instance),
  );
  return match?.[1] ?? "system";
}
