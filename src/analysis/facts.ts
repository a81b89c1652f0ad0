/** What is known of a side once its columns are measured: numbers per host and over the hosts. */
import type { BucketRange } from "./attribution.ts";
import {
  MEASURE_IDS,
  measureHost,
  type MeasureColumns,
  type MeasureId,
  type PsiUse,
} from "./measures.ts";
import type { Side } from "./side.ts";
import { hostStates, type HostStates } from "./states.ts";
import { mean, nearestRank, present } from "./statistics/summary.ts";

export type Statistic = "mean" | "p95" | "max";

export interface HostFacts {
  readonly name: string;
  readonly role: string;
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

export function measureSide(side: Side, psi: PsiUse): MeasuredSide {
  const measures = side.hosts.map((host) => measureHost(host, psi));
  const states = side.hosts.map((host, i) => hostStates(host, measures[i]!, psi));
  return { side, measures, states };
}

export function sideFacts({ side, measures }: MeasuredSide, range: BucketRange): SideFacts {
  return {
    hosts: side.hosts.map((host, i) => ({
      name: host.name,
      role: host.role,
      columns: Object.fromEntries(
        MEASURE_IDS.flatMap((id) => {
          const column = measures[i]![id];
          return column ? [[id, column.subarray(range.from, range.to)]] : [];
        }),
      ),
    })),
  };
}

/** NaN when the host has no value. */
export function statisticOf(column: Float64Array | undefined, statistic: Statistic): number {
  const values = present(column ?? []);
  if (values.length === 0) return NaN;
  if (statistic === "mean") return mean(values);
  values.sort((a, b) => a - b);
  return statistic === "max" ? values[values.length - 1]! : nearestRank(values, 0.95);
}

/** Per host, in their order; NaN where a host has no value. */
export function perHost(facts: SideFacts, id: MeasureId, statistic: Statistic = "mean"): number[] {
  return facts.hosts.map((host) => statisticOf(host.columns[id], statistic));
}

/** Mean over the hosts; NaN when none has a value. */
export function overHosts(facts: SideFacts, id: MeasureId, statistic: Statistic = "mean"): number {
  return mean(perHost(facts, id, statistic));
}
