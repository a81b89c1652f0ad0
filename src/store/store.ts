/**
 * What every database must be able to do. One folder per database below this one; nothing outside
 * such a folder knows its dialect. Each implementation passes `test/store/conformance.ts`.
 */
import type { RunSelector, SeriesKey, SeriesPattern, Source } from "../analysis/source.ts";
import type { RecordedCounter } from "../counter/recorded.ts";
import type { InstanceIdentity } from "../counter/sample-row.ts";
import type { CommandResult, RecordingIdentity } from "../counter/recording-identity.ts";

/** A series as a recording knows it; the store gives it a number. */
export interface SeriesDefinition {
  readonly object: string;
  readonly counter: RecordedCounter;
  readonly instance: InstanceIdentity;
}

/** Values of one series, in order of time. Arrays may be longer than `length`. */
export interface SeriesValues {
  readonly seriesId: number;
  readonly length: number;
  /** Milliseconds since 1970 at which each interval ends; stored to the whole millisecond. */
  readonly timeMs: Float64Array;
  /** Of at most 9 significant digits (`roundTo9Digits`): they are given back as they are. */
  readonly values: Float64Array;
  /** Below 1e15; at most three decimals (milliseconds of seconds) are kept. */
  readonly weights: Float64Array;
}

/** One minute of one series; minute = ⌊(end of interval, ms since 1970) / 60,000⌋. */
export interface MinuteSummary {
  readonly seriesId: number;
  readonly minute: number;
  readonly count: number;
  readonly weight: number;
  readonly mean: number;
  /** Σ weight·(value − mean)². */
  readonly m2: number;
  readonly min: number;
  readonly max: number;
  /** Fixed-bin sketch of the values (see `src/load/sketch.ts`); empty when min = max. */
  readonly sketch: Uint8Array;
}

/** What of a segment has been loaded: the ledger's unit. */
export interface LedgerEntry {
  readonly recordingId: string;
  readonly segment: number;
  /** Blocks [firstBlock, firstBlock + blocks) of the segment. */
  readonly firstBlock: number;
  readonly blocks: number;
  /** Samples of the segment that this entry covers; entries of one segment follow each other. */
  readonly samples: number;
  readonly values: number;
  /** Size of the segment's file when it was read: a larger one has more to give. */
  readonly segmentBytes: number;
  /** First and last sample, milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface LoadEvent {
  readonly timeMs: number;
  readonly kind: string;
  readonly text: string;
}

export interface RecordingToLoad extends RecordingIdentity {
  readonly startedMs: number;
  /** When it was closed in order. */
  readonly finishedMs?: number;
  readonly command?: CommandResult;
  /** Inventory document, JSON. */
  readonly inventory: Readonly<Record<string, unknown>>;
}

/** Adds one recording; nothing of a segment is visible before it is committed. */
export interface LoadSession {
  /** What earlier loads of this recording committed. */
  readonly ledger: readonly LedgerEntry[];
  /** Numbers for series, made where they are new; same order. Repeated calls are cheap. */
  seriesIds(
    definitions: readonly SeriesDefinition[],
  ): Promise<readonly number[]> | readonly number[];
  /** Begins a segment; whatever an earlier, interrupted load left of it is removed. */
  beginSegment(segment: number): Promise<void>;
  /** Adds instants at which at least one interval with a value ends, milliseconds since 1970. */
  appendInstants(timesMs: Float64Array): Promise<void> | void;
  /** The arrays are the caller's again when this returns, before its promise resolves. */
  appendSamples(series: SeriesValues): Promise<void> | void;
  appendSummary(summary: MinuteSummary): Promise<void> | void;
  /** An event that is already there is not added again. */
  appendEvent(event: LoadEvent): Promise<void> | void;
  /** @throws UserError when the segment overlaps another recording of this host in this run. */
  commitSegment(entry: LedgerEntry): Promise<void>;
  /**
   * Writes down what no segment holds (the command's result, marks that were set beside the log), and
   * lets go of the lock.
   */
  finish(command?: CommandResult, events?: readonly LoadEvent[]): Promise<void>;
  /** Gives up: the open segment leaves no trace. */
  abort(): Promise<void>;
}

export interface RunSummary {
  readonly cluster: string;
  readonly run: string;
  readonly hosts: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly series: number;
  readonly values: number;
  readonly commandSeconds: number | null;
}

/** A series as a store has it. */
export interface StoredSeries {
  readonly id: number;
  readonly key: SeriesKey;
  readonly unit: string;
  readonly type: string;
}

/** Values of several series, one row each, in no particular order; arrays of one length. */
export interface StoredSamples {
  readonly seriesId: Float64Array;
  /** Milliseconds since 1970 at which the interval ends. */
  readonly timeMs: Float64Array;
  readonly value: Float64Array;
  readonly weight: Float64Array;
}

export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** What an engine cannot do, for those above to respect. */
export interface StoreCapabilities {
  /** A load is all or nothing by transaction; else the ledger alone makes it so. */
  readonly transactions: boolean;
  /** `query` is held read-only by the engine itself. */
  readonly readOnlySql: boolean;
}

export interface Store extends Source {
  readonly id: string;
  readonly capabilities: StoreCapabilities;
  runs(): Promise<RunSummary[]>;
  /**
   * Opens a recording for loading.
   *
   * @throws UserError when another recording of the same cluster, run and host overlaps in time.
   */
  beginLoad(recording: RecordingToLoad): Promise<LoadSession>;
  /**
   * The series that any of the patterns selects and that have values in the window; ordered by host,
   * then counter path.
   */
  series(run: RunSelector, patterns: readonly SeriesPattern[]): Promise<StoredSeries[]>;
  /** Their values in the window, as they are stored: the caller chooses a window that fits memory. */
  samples(run: RunSelector, series: readonly StoredSeries[]): Promise<StoredSamples>;
  /** One read-only statement; never able to touch files or the network. */
  query(sql: string): Promise<QueryResult>;
  close(): Promise<void>;
}
