/**
 * The contract between the agent and a collector: one module per counter object, which declares
 * the object and knows how to read it.
 */
import type { CounterObject } from "../counter/declaration.ts";
import type { RecordedObject } from "../counter/recorded.ts";
import type { SampleRow } from "../counter/sample-row.ts";
import type { StatFileSystem } from "./file-system-space.ts";
import type { Tools } from "./tools/tools.ts";

/** What a collector may know of its surroundings. All of it can be replaced in tests. */
export interface HostContext {
  /** `/proc`, or the `proc` folder of a fixture. */
  readonly procRoot: string;
  /** `/sys`, or the `sys` folder of a fixture. */
  readonly sysRoot: string;
  /** `/etc`: user names only. */
  readonly etcRoot: string;
  /** Jiffies per second as /proc shows them (USER_HZ); 100 on every mainstream distribution. */
  readonly clockTicksPerSecond: number;
  readonly pageSizeBytes: number;
  /** Monotonic seconds; for cadences inside a collector (processes: everything every 10 s). */
  readonly monotonicSeconds: () => number;
  readonly options: CollectorOptions;
  /** Asks how full a file system is; absent on Node before 18.15, and in fixtures that have no answers. */
  readonly statFileSystem?: StatFileSystem;
  /** Programs of the host; absent where none may be started, as in fixtures. */
  readonly tools?: Tools;
  /** What the agent knows of itself; absent outside an agent (fixtures, `perfmon counters`). */
  readonly agent?: AgentFacts;
}

export interface CollectorOptions {
  /** Loop, ram and zram devices too. */
  readonly allBlockDevices: boolean;
  /** Control groups that are recorded at most; 200 when left out. */
  readonly maxControlGroups?: number;
  /** Proportional set sizes of processes, which are costly. */
  readonly pss?: boolean;
}

/** Raw numbers the agent keeps of its own work; read by the `Perfmon Agent` collector. */
export interface AgentFacts {
  /** Per collector: microseconds spent, calls, failures; all only grow. */
  readonly collectors: ReadonlyMap<string, { collectUs: number; samples: number; errors: number }>;
  readonly samples: number;
  readonly lateSamples: number;
  readonly droppedSamples: number;
  /** Sum of lateness, and of time in which a write had not come back though the next sample was due. */
  readonly lateUs: number;
  readonly writeStallUs: number;
  readonly writtenBytes: number;
}

export interface Collector {
  readonly object: CounterObject;
  /**
   * Opens its files and learns what this kernel has.
   *
   * @returns `undefined` when this kernel has no such thing (normal, not an error).
   * @throws when something is there but cannot be read; the message names the path.
   */
  open(host: HostContext): OpenCollector | undefined;
}

export interface OpenCollector {
  readonly object: RecordedObject;
  /**
   * Reads everything once: adds and removes units in the row as instances come and go, writes raw
   * integers (never NaN, never fractions) into their slots, marks what it read with `row.read`.
   *
   * @throws when a source that was there cannot be read any more; the other collectors go on.
   */
  collect(row: SampleRow): void;
  /**
   * An answer of a program came in after `collect` had asked for it: it is called again at the next
   * sample, whatever its cadence, so that the answer is not a whole turn old.
   */
  readonly hasNews?: boolean;
  close(): void;
}
