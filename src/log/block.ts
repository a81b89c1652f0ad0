/** What the JSON parts of a log hold. */
import type { RawColumns } from "../counter/cook.ts";
import type { RecordedObject } from "../counter/recorded.ts";
import type { RecordingIdentity } from "../counter/recording-identity.ts";
import type { InstanceIdentity } from "../counter/sample-row.ts";

/** `[unit id, object position, group position, instance, parent, attributes]`; the tail may be left out. */
export type UnitEntry = readonly [
  id: number,
  object: number,
  group: number,
  instance: string,
  parent?: string,
  attributes?: Readonly<Record<string, string>>,
];

/** All that is needed to read a block without any other part of the log. */
export interface BlockHeader {
  readonly recording: RecordingIdentity;
  readonly segment: number;
  /** Number of the block within its segment, from 0. */
  readonly block: number;
  /** The recording's first sample on both clocks: stamps go on from here on the monotonic clock. */
  readonly start: { readonly wallMs: number; readonly monotonicMs: number };
  readonly objects: readonly RecordedObject[];
  readonly units: readonly UnitEntry[];
}

export interface LogEvent {
  /** Wall clock, milliseconds since 1970, UTC. */
  readonly timeMs: number;
  /** `mark`, `command-start`, `command-end`, `dropped`, `clock-step`. */
  readonly kind: string;
  readonly text: string;
}

export interface SegmentEnd {
  /** `rotated`: another segment follows; `stopped`: the recording is over. */
  readonly reason: "rotated" | "stopped";
}

/** Readings of one unit in one block. */
export interface LogUnit extends RawColumns {
  readonly id: number;
  readonly instance: InstanceIdentity;
}

export interface LogBlock {
  readonly header: BlockHeader;
  /** Per sample: monotonic clock and wall clock in milliseconds. */
  readonly monotonicMs: Float64Array;
  readonly wallMs: Float64Array;
  readonly units: readonly LogUnit[];
  readonly events: readonly LogEvent[];
  /** What the columns of the units are views of. */
  readonly memory: Float64Array;
}

/** A stretch of a log that could not be read. */
export interface LogDamage {
  readonly offset: number;
  readonly bytes: number;
  /** `cut` at the end of a file that was not closed; anything else is `damaged`. */
  readonly kind: "cut" | "damaged";
  readonly reason: string;
}
