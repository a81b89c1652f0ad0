/** What `perfmon record` runs: our own recorder, or one that takes its values from elsewhere. */
import type { LogWriterOptions } from "../log/log-writer.ts";
import type { SampleLog } from "../log/sample-log.ts";
import type { Manifest } from "../recording/manifest.ts";

export interface RunningRecorder {
  readonly samples: number;
  readonly droppedSamples: number;
  readonly writtenBytes: number;
  /** What it records, for the first line. */
  readonly what: string;
  /** @param atMs when to take the first sample, wall clock; now when left out */
  start(atMs?: number): void;
  /** Writes an event, stamped now. */
  event(kind: string, text: string): void;
  /** Writes what is still to be written, and closes the log. */
  stop(): Promise<void>;
}

/** What a recorder is made of whose values are not of our own collectors. */
export interface SourceOptions {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly intervalMs: number;
  readonly segments: Pick<LogWriterOptions, "segmentBytes" | "segmentMs" | "keepSegments">;
  /** Opens what is written in place of a counter log. */
  readonly openLog?: (options: LogWriterOptions) => SampleLog;
  /** The log cannot be written any more. */
  readonly onFailure: (error: Error) => void;
  /** There is nothing left to record. */
  readonly onOver: () => void;
  /** Says a sentence, without its full stop. */
  readonly tell: (text: string) => void;
}

export type SourceOpener = (options: SourceOptions) => RunningRecorder;
