/**
 * Intervals of candidate minus baseline. From six hosts a side on, hosts are the observations, within
 * their roles; with fewer, time within these hosts is resampled.
 */
import type { SideName } from "./comparison.ts";
import { statisticOf, type HostFacts, type SideFacts } from "./facts.ts";
import type { MeasureId } from "./measures.ts";
import {
  differenceInterval,
  MANY_HOSTS,
  REPLICATES,
  replicateMeans,
  type Column,
  type Interval,
} from "./statistics/bootstrap.ts";
import { randomFromText } from "./statistics/random.ts";
import { welchInterval, type Stratum } from "./statistics/welch.ts";

type BySide<T> = Readonly<Record<SideName, T>>;

/** One host's column of something, and what the host weighs. */
export interface HostColumn extends Column {
  readonly role: string;
  readonly share: number;
  /** Its mean over the work. */
  readonly mean: number;
}

/** Of a measure, in its unit; 95 %. */
export function measureInterval(measure: MeasureId, facts: BySide<SideFacts>): Interval | null {
  const columns = (side: SideName) =>
    facts[side].hosts.flatMap((host) => hostColumn(host, measure));
  return columnsInterval(measure, {
    baseline: columns("baseline"),
    candidate: columns("candidate"),
  });
}

function hostColumn({ role, weight = 1, columns }: HostFacts, measure: MeasureId): HostColumn[] {
  const values = columns[measure];
  return values && weight > 0
    ? [{ role, share: weight, values, mean: statisticOf(values, "mean") }]
    : [];
}

/** With so many hosts a side that have the counter; their columns are then not looked at, only their means. */
export function hostsAreObservations(baseline: number, candidate: number): boolean {
  return Math.min(baseline, candidate) >= MANY_HOSTS;
}

/**
 * @param seed tells the random numbers of this comparison from those of others
 * @param level of one interval: higher where many are looked at and few are told
 */
export function columnsInterval(
  seed: string,
  columns: BySide<readonly HostColumn[]>,
  level = 0.95,
): Interval | null {
  const known = (side: SideName) => columns[side].filter((column) => column.mean === column.mean);
  const baseline = known("baseline");
  const candidate = known("candidate");
  if (hostsAreObservations(baseline.length, candidate.length)) {
    return welchInterval(strata(baseline), strata(candidate), level);
  }
  const fewest = Math.min(...[...baseline, ...candidate].map(({ values }) => countOf(values)));
  if (fewest < FEWEST_VALUES) return null;
  // Five replicates beyond each end at least.
  const replicates = Math.max(REPLICATES, Math.min(4000, Math.ceil(10 / (1 - level))));
  return differenceInterval(
    replicateMeans(baseline, randomFromText(`baseline ${seed}`), replicates),
    replicateMeans(candidate, randomFromText(`candidate ${seed}`), replicates),
    (before, after) => after - before,
    level,
  );
}

/** Fewer values of a host in time tell nothing of how they vary. */
const FEWEST_VALUES = 3;

function countOf(values: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) count++;
  return count;
}

/** Of hosts with a value, by role; the weights sum to 1. */
function strata(columns: readonly HostColumn[]): Stratum[] {
  const whole = columns.reduce((sum, { share }) => sum + share, 0);
  return [...new Set(columns.map(({ role }) => role))].map((role) => {
    const members = columns.filter((column) => column.role === role);
    return {
      weight: members.reduce((sum, { share }) => sum + share, 0) / whole,
      values: members.map((column) => column.mean),
    };
  });
}
