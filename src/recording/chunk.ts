/** A stretch of a recording in columns: what loading and analysis on the fly work on. */
import type { RawColumns, SampleClock } from "../counter/cook.ts";
import type { InstanceIdentity } from "../counter/sample-row.ts";

export interface UnitColumns extends RawColumns {
  readonly instance: InstanceIdentity;
}

/** A unit whose columns are made when they are needed: all of a chunk at once would take its memory. */
export interface ChunkUnit extends Pick<UnitColumns, "object" | "group" | "instance"> {
  readonly readings: number;
  /** Valid until the columns of another unit of the chunk are asked for: they share their memory. */
  columns(this: void): UnitColumns;
}

export interface RecordedEvent {
  readonly timeMs: number;
  /** `mark`, `gap`, `reboot`, `clock-step`, `damage`, `dropped`. */
  readonly kind: string;
  readonly text: string;
}

export interface Chunk {
  readonly clock: SampleClock;
  /**
   * The first `carried` samples of the clock belong to what came before: they are there so that a
   * unit's first interval in this chunk has a reading to start from. Values whose interval ends at
   * or after sample `carried` are this chunk's own; cooking yields no others, because a unit
   * carries at most its last reading.
   */
  readonly carried: number;
  readonly units: readonly ChunkUnit[];
  /** Blocks [firstBlock, firstBlock + blocks) of the segment. */
  readonly firstBlock: number;
  readonly blocks: number;
  readonly events: readonly RecordedEvent[];
  /** May be called when no unit's columns are needed any more: their memory is used again. */
  release(): void;
}
