/** What is known of a side once its columns are measured: numbers per host and over the hosts. */
import type { BucketRange } from "./attribution.ts";
import { measureHost } from "./measure-host.ts";
import { MEASURE_IDS, type MeasureColumns, type MeasureId, type PsiUse } from "./measures.ts";
import type { Side } from "./side.ts";
import { filledBackward } from "./slow-columns.ts";
import { hostStates, type Causes, type HostStates } from "./states.ts";
import { mean, nearestRank } from "./statistics/summary.ts";
import type { Thresholds } from "./thresholds.ts";
import { unreadPart } from "./unread.ts";

export type Statistic = "mean" | "p95" | "max";

export interface HostFacts {
  readonly name: string;
  readonly role: string;
  /** In averages of the side; those of a side sum to 1. All alike when left out. */
  readonly weight?: number;
  /** The host's columns, cut to the time at work. */
  readonly columns: MeasureColumns;
}

export interface SideFacts {
  readonly hosts: readonly HostFacts[];
}

export interface MeasuredSide {
  readonly side: Side;
  readonly measures: readonly MeasureColumns[];
  readonly states: readonly HostStates[];
}

export function measureSide(side: Side, psi: PsiUse, limits: Thresholds): MeasuredSide {
  const measures = side.hosts.map((host) => measureHost(host, psi, limits));
  return { side, measures, states: statesOf(side, measures, psi, limits) };
}

/** The same measures, with what both runs together tell. */
export function withCauses(
  { side, measures }: MeasuredSide,
  psi: PsiUse,
  limits: Thresholds,
  causes: Causes,
): MeasuredSide {
  return { side, measures, states: statesOf(side, measures, psi, limits, causes) };
}

function statesOf(
  { hosts, buckets }: Side,
  measures: readonly MeasureColumns[],
  psi: PsiUse,
  limits: Thresholds,
  causes?: Causes,
): HostStates[] {
  const unread = unreadPart(hosts, buckets);
  return hosts.map((host, i) =>
    hostStates(host, filledBackward(measures[i]!), psi, limits, causes, unread),
  );
}

/** @param weights per host, as `hostWeights` gives them */
export function sideFacts(
  { side, measures }: MeasuredSide,
  range: BucketRange,
  weights: readonly number[],
): SideFacts {
  return {
    hosts: side.hosts.map((host, i) => ({
      name: host.name,
      role: host.role,
      weight: weights[i]!,
      columns: Object.fromEntries(
        MEASURE_IDS.flatMap((id) => {
          const column = measures[i]![id];
          return column ? [[id, column.subarray(range.from, range.to)]] : [];
        }),
      ),
    })),
  };
}

/** Rules and the verdict ask for the same numbers again and again. */
const known = {
  mean: new WeakMap<Float64Array, number>(),
  p95: new WeakMap<Float64Array, number>(),
  max: new WeakMap<Float64Array, number>(),
} as const satisfies Record<Statistic, WeakMap<Float64Array, number>>;

/** NaN when the host has no value. */
export function statisticOf(column: Float64Array | undefined, statistic: Statistic): number {
  if (!column) return NaN;
  const value = known[statistic].get(column) ?? COMPUTED[statistic](column);
  known[statistic].set(column, value);
  return value;
}

const COMPUTED: Readonly<Record<Statistic, (column: Float64Array) => number>> = {
  mean,
  p95: (column) => nearestRank(column.filter((value) => value === value).sort(), 0.95),
  max: (column) => {
    let most = NaN;
    for (const value of column) if (!(value <= most) && value === value) most = value;
    return most;
  },
};

/** Per host, in their order; NaN where a host has no value. */
export function perHost(facts: SideFacts, id: MeasureId, statistic: Statistic = "mean"): number[] {
  return facts.hosts.map((host) => statisticOf(host.columns[id], statistic));
}

/** Mean over the hosts by their weights; NaN when none has a value. */
export function overHosts(facts: SideFacts, id: MeasureId, statistic: Statistic = "mean"): number {
  return weightedMean(facts, perHost(facts, id, statistic));
}

/** @param values one per host; NaN is left out */
export function weightedMean({ hosts }: SideFacts, values: readonly number[]): number {
  let sum = 0;
  let weights = 0;
  values.forEach((value, i) => {
    const weight = hosts[i]!.weight ?? 1;
    if (value !== value || weight === 0) return;
    sum += value * weight;
    weights += weight;
  });
  return weights > 0 ? sum / weights : NaN;
}
