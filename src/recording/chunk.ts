/** A stretch of a recording in columns: what loading and analysis on the fly work on. */
import type { RawColumns, SampleClock } from "../counter/cook.ts";
import type { InstanceIdentity } from "../counter/sample-row.ts";

export interface UnitColumns extends RawColumns {
  readonly instance: InstanceIdentity;
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
  readonly units: readonly UnitColumns[];
  /** Blocks [firstBlock, firstBlock + blocks) of the segment. */
  readonly firstBlock: number;
  readonly blocks: number;
  readonly events: readonly RecordedEvent[];
}
