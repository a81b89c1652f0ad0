/** A store on any engine that speaks the shared SQL: ties the pieces of this folder together. */
import type {
  BucketedSeries,
  CoverageRow,
  Evidence,
  RunDescription,
  RunSelector,
  SeriesMean,
  SeriesPattern,
  SeriesStatistics,
} from "../../analysis/source.ts";
import { UserError } from "../../util/errors.ts";
import type {
  LoadSession,
  QueryResult,
  RecordingToLoad,
  RunSummary,
  Store,
  StoreCapabilities,
  StoredSamples,
  StoredSeries,
} from "../store.ts";
import type { SqlEngine } from "./engine.ts";
import { evidenceSql } from "./evidence-sql.ts";
import { explainSql } from "./explain-sql.ts";
import { beginSqlLoad } from "./load-session.ts";
import { describeRun, listRuns } from "./run-source.ts";
import { storedSamples, storedSeries } from "./stored-samples.ts";
import { buckets } from "./series-buckets.ts";
import { coverage, means } from "./summed-series.ts";
import { statistics } from "./values-source.ts";

export class SqlStore implements Store {
  readonly id: string;
  readonly capabilities: StoreCapabilities;
  private readonly engine: SqlEngine;
  private loading = false;

  constructor(engine: SqlEngine) {
    this.engine = engine;
    this.id = engine.id;
    this.capabilities = engine.capabilities;
  }

  runs(): Promise<RunSummary[]> {
    return listRuns(this.engine);
  }

  async beginLoad(recording: RecordingToLoad): Promise<LoadSession> {
    if (!this.engine.writable) {
      throw new UserError(`${this.engine.location} is open for reading only.`);
    }
    // One connection, one transaction: a second load would end up inside the first.
    if (this.loading) throw new Error("a load is under way on this store");
    this.loading = true;
    try {
      return await beginSqlLoad(this.engine, recording, () => (this.loading = false));
    } catch (error) {
      this.loading = false;
      throw error;
    }
  }

  query(sql: string): Promise<QueryResult> {
    return this.engine.query(sql);
  }

  describeRun(run: RunSelector): Promise<RunDescription> {
    return describeRun(this.engine, run);
  }

  series(run: RunSelector, patterns: readonly SeriesPattern[]): Promise<StoredSeries[]> {
    return storedSeries(this.engine, run, patterns);
  }

  samples(run: RunSelector, series: readonly StoredSeries[]): Promise<StoredSamples> {
    return storedSamples(this.engine, run, series);
  }

  coverage(run: RunSelector): Promise<CoverageRow[]> {
    return coverage(this.engine, run);
  }

  means(run: RunSelector, patterns: readonly SeriesPattern[]): Promise<SeriesMean[]> {
    return means(this.engine, run, patterns);
  }

  statistics(run: RunSelector, patterns: readonly SeriesPattern[]): Promise<SeriesStatistics[]> {
    return statistics(this.engine, run, patterns);
  }

  buckets(
    run: RunSelector,
    patterns: readonly SeriesPattern[],
    originMs: number,
    bucketMs: number,
  ): Promise<BucketedSeries[]> {
    return buckets(this.engine, run, patterns, originMs, bucketMs);
  }

  evidenceSql(evidence: Evidence): string {
    return evidenceSql(evidence);
  }

  explainSql(run: RunSelector, pattern: SeriesPattern): string {
    return explainSql(this.engine.dialect, run, pattern);
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}
