/** What a database must do for the shared SQL of this folder; implemented once per engine. */
import type { MinuteSummary, QueryResult, SeriesValues, StoreCapabilities } from "../store.ts";
import type { SqlDialect } from "./dialect.ts";

/** A value in a row, after the engine's own types have been made plain. */
export type SqlValue = string | number | boolean | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

export interface SqlEngine {
  readonly id: string;
  readonly dialect: SqlDialect;
  readonly capabilities: StoreCapabilities;
  /** Queries that one question may run side by side. */
  readonly parallelQueries: number;
  /** False where the store was opened for reading only. */
  readonly writable: boolean;
  /** Where the store is, for messages; without a password. */
  readonly location: string;
  /** Runs one statement; integers come as numbers. */
  rows(sql: string, parameters?: readonly string[]): Promise<SqlRow[]>;
  /**
   * Runs a query whose columns are all numbers, none of them NULL. `take` gets the rows a stretch at a
   * time, one array per column, which are the engine's again when it returns. The whole result is in
   * memory: some 100,000 rows at a time are well. Several may run at a time.
   */
  numbers(sql: string, take: (columns: readonly Float64Array[]) => void): Promise<void>;
  /** Runs one or several statements without parameters. */
  execute(sql: string): Promise<void>;
  /** Adds a few rows; not for samples. */
  insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly SqlValue[])[],
  ): Promise<void>;
  /** Opens the way for many rows, within the transaction that is open. */
  bulkWriter(originMs: number): Promise<BulkWriter>;
  /** One statement of a person, held read-only by the engine. */
  query(sql: string): Promise<QueryResult>;
  /** Puts everything into its final place first. */
  close(): Promise<void>;
}

/** Takes samples and summaries of a segment; times become offsets from the run's origin. */
export interface BulkWriter {
  samples(series: SeriesValues): Promise<void> | void;
  summary(summary: MinuteSummary): Promise<void> | void;
  /** Everything taken so far is with the engine when this resolves; the writer is done with. */
  finish(): Promise<void>;
  /** Lets go without writing the rest. */
  abandon(): void;
}
