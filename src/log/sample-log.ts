/** What a recorder writes to: a counter log, or another kind of file in its place. */
import type { SampleRow } from "../counter/sample-row.ts";
import type { LogEvent } from "./block.ts";
import type { SampleStamp } from "./sample-encoder.ts";

export interface SampleLog {
  /** Bytes written in all files. */
  readonly bytes: number;
  /** Samples that wait for the disk. */
  readonly backlog: number;
  /**
   * Writes the row's current sample.
   *
   * @returns false when it had to be dropped because too many samples wait for the disk
   */
  append(row: SampleRow, stamp: SampleStamp): boolean;
  event(event: LogEvent): void;
  /** Closes the log in order. Resolves also when the disk failed: `onError` has told. */
  close(): Promise<void>;
}
