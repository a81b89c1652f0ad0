/**
 * What an analysis may ask of a store: generic questions only, no knowledge of verdicts. Stores
 * implement it, in-memory sources implement it in tests; the analysis never sees SQL or a dialect.
 *
 * Every average is Σ(value·weight)/Σ(weight). Numbers are rounded to 9 significant digits by the
 * implementation before they are returned, and lists are ordered by host name, then counter path,
 * so that every store gives the same bytes.
 */

import type { Formula, HostFact } from "./formula.ts";
import type { SignalId } from "./signals.ts";

/**
 * One run, or a window of it; times in milliseconds since 1970, UTC. Values are stamped with the end
 * of their interval, so a window is open at its start and closed at its end: (fromMs, toMs].
 */
export interface RunSelector {
  readonly cluster: string;
  readonly run: string;
  readonly fromMs?: number;
  readonly toMs?: number;
}

export interface RunDescription {
  readonly cluster: string;
  readonly run: string;
  /** First and last sample of any host inside the window. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The program a run was recorded around, when it was; of the host where it ran longest. */
  readonly command?: {
    readonly program: string;
    readonly durationSeconds: number;
    readonly exitCode: number;
  };
  readonly hosts: readonly HostDescription[];
  readonly events: readonly RunEvent[];
}

export interface HostDescription {
  readonly id: number;
  readonly name: string;
  readonly role: string;
  readonly intervalMs: number;
  /** Inventory document, as recorded; keys as in `src/inventory`. */
  readonly inventory: Readonly<Record<string, unknown>>;
  readonly fromMs: number;
  readonly toMs: number;
  /** Intervals with at least one value. */
  readonly samples: number;
}

export interface RunEvent {
  readonly host: string;
  readonly timeMs: number;
  /** `mark`, `gap`, `reboot`, `clock-step`, `damage`, `dropped`, `command-start`, `command-end`. */
  readonly kind: string;
  readonly text: string;
}

export interface SeriesKey {
  readonly hostId: number;
  readonly host: string;
  readonly object: string;
  readonly counter: string;
  readonly parent: string;
  /** Empty for an object without instances. */
  readonly instance: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Selects series; every part may hold `*` globs and is matched without regard to case. */
export interface SeriesPattern {
  readonly object: string;
  readonly counter: string;
  /** All instances when left out. */
  readonly instance?: string;
}

/** A counter that has values in the window, over all hosts. */
export interface CoverageRow {
  readonly object: string;
  readonly counter: string;
  readonly hosts: number;
  /** Of all hosts. */
  readonly instances: number;
  readonly values: number;
}

/** Over the window. */
export interface SeriesMean {
  readonly series: SeriesKey;
  readonly count: number;
  readonly weight: number;
  readonly mean: number;
}

/** Over the window; quantiles are nearest-rank by count: observed values. Costs a sort of all values. */
export interface SeriesStatistics {
  readonly series: SeriesKey;
  readonly count: number;
  readonly weight: number;
  readonly mean: number;
  /** Weighted population standard deviation. */
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/**
 * Weighted means per bucket. Bucket k covers (originMs + k·bucketMs, originMs + (k+1)·bucketMs], by the
 * end of the interval.
 */
export interface BucketedSeries {
  readonly series: SeriesKey;
  /** Bucket of the first number; may be negative. */
  readonly first: number;
  /** NaN where a bucket has no value. */
  readonly mean: Float64Array;
  /** 0 where there is no value. Of a series that never changes it may be that of all of its time, spread evenly. */
  readonly weight: Float64Array;
}

/** One stretch of a run, host by host: what a finding's numbers are computed over. */
export interface EvidenceSide {
  readonly side: "baseline" | "candidate";
  readonly run: RunSelector;
  /** Buckets as for `Source.buckets`; of them those from `from` to before `to` count. */
  readonly originMs: number;
  readonly from: number;
  readonly to: number;
  /** Per role what a host of it weighs in the mean; hosts of other roles are left out. */
  readonly weights: Readonly<Record<string, number>>;
  readonly facts: Readonly<Record<HostFact, Readonly<Record<string, number>>>>;
}

/** A signal of a formula, and how several instances become one column; `_Total` is then left out. */
export interface EvidenceSignal {
  readonly id: SignalId;
  readonly pattern: SeriesPattern;
  readonly across?: "max" | "sum" | "weighted";
}

/** How a finding's two numbers come from the values of a store. */
export type Evidence = {
  readonly sides: readonly EvidenceSide[];
  readonly bucketMs: number;
} & (
  | {
      /** Per host a statistic over its buckets, then the mean over hosts by their weights. */
      readonly kind: "formula";
      readonly formula: Formula;
      readonly signals: readonly EvidenceSignal[];
      readonly statistic: "mean" | "p95" | "max";
    }
  | {
      /** Per host the weighted mean over all of the time, then as above. */
      readonly kind: "mean";
      readonly pattern: SeriesPattern;
    }
  | {
      /** Value times weight of all series together, by the seconds and hosts of the side. */
      readonly kind: "total";
      readonly patterns: readonly SeriesPattern[];
      readonly hostSeconds: Readonly<Record<"baseline" | "candidate", number>>;
    }
);

export interface Source {
  describeRun(run: RunSelector): Promise<RunDescription>;
  coverage(run: RunSelector): Promise<CoverageRow[]>;
  means(run: RunSelector, patterns: readonly SeriesPattern[]): Promise<SeriesMean[]>;
  statistics(run: RunSelector, patterns: readonly SeriesPattern[]): Promise<SeriesStatistics[]>;
  buckets(
    run: RunSelector,
    patterns: readonly SeriesPattern[],
    originMs: number,
    bucketMs: number,
  ): Promise<BucketedSeries[]>;
  /** SQL that shows a person the series behind a finding; runs with `perfmon query`. */
  explainSql(run: RunSelector, pattern: SeriesPattern): string;
  /**
   * SQL that computes a finding's numbers anew: rows of side, hostname, value; a side's number is in
   * the row whose hostname is `*`.
   */
  evidenceSql(evidence: Evidence): string;
}
