/**
 * How a counter object is declared. One declaration per object is the single source of what is
 * recorded, listed, explained, stored, charted, exported and analysed.
 *
 * Two layers: *fields* are the raw numbers as the kernel gives them (they go into the log);
 * *counters* are what people read, cooked from fields (see `cook.ts`).
 */

/** A raw integer as read from the kernel. */
export interface Field {
  /** The kernel's own name, unique within its object: `reads`, `MemAvailable`, `pgmajfault`. */
  readonly id: string;
  /** `counter` only grows (until it wraps or is reset); `gauge` goes up and down. */
  readonly kind: "counter" | "gauge";
  /** Width at which the kernel wraps this counter; 64 when left out. */
  readonly bits?: 32 | 64;
  /**
   * A counter that the kernel lets slip back a little (idle, iowait and steal jiffies). A step
   * back then counts as zero, as sysstat does it, and is not taken for a reset.
   */
  readonly mayDecrease?: boolean;
}

/**
 * Fields of an object that are read together, so that they are present or absent together in a
 * sample. Most objects have one group; `Process` has several, read at different cadences.
 */
export interface FieldGroup {
  readonly id: string;
  readonly fields: readonly Field[];
}

/**
 * How raw values become the value of an interval (N = value expression, B = base expression,
 * Δ = change over the interval, t = seconds of the monotonic clock, s = scale):
 *
 * | type | value | Perfmon's counterpart |
 * |---|---|---|
 * | `gauge` | N·s | RAWCOUNT, DOUBLE_RAW |
 * | `rate` | ΔN·s / Δt | COUNTER_COUNTER, BULK_COUNT |
 * | `percent-time` | 100·s·ΔN / Δt, or 100·s·ΔN / ΔB where a base is given | 100NSEC_TIMER |
 * | `inverse-percent-time` | 100 − the above | 100NSEC_TIMER_INV |
 * | `average` | ΔN·s / ΔB | AVERAGE_TIMER, AVERAGE_BULK |
 * | `fraction` | 100·s·ΔN / ΔB of counters, 100·s·N / B of gauges | SAMPLE_FRACTION, RAW_FRACTION |
 * | `delta` | ΔN·s | COUNTER_DELTA |
 * | `elapsed` | seconds since boot − N·s | ELAPSED_TIME |
 *
 * For `percent-time` the scale turns N into seconds, or into the unit of the base.
 */
export type CounterType =
  | "gauge"
  | "rate"
  | "percent-time"
  | "inverse-percent-time"
  | "average"
  | "fraction"
  | "delta"
  | "elapsed";

export type Unit =
  | "%"
  | "bytes"
  | "bytes/s"
  | "MB"
  | "count"
  | "count/s"
  | "seconds"
  | "seconds/s"
  | "bytes/op"
  | "MHz"
  | "W"
  | "joules"
  | "V"
  | "A"
  | "rpm"
  | "celsius"
  | "bits/s"
  | "none";

export type Resource =
  | "cpu"
  | "memory"
  | "disk"
  | "network"
  | "virtualization"
  | "system"
  | "agent";

/** What the counter says of its resource, in the words of the USE method, or beside it. */
export type UseRole =
  | "utilization"
  | "saturation"
  | "errors"
  | "throughput"
  | "latency"
  | "capacity"
  | "information";

export type Better = "lower" | "higher" | "neutral";

/**
 * A sum of fields of one group: `["reads", "writes"]` is reads + writes, a leading minus
 * subtracts: `["MemTotal", "-MemAvailable"]`.
 */
export type FieldSum = readonly string[];

/** Where a counter's raw value comes from. */
export interface CounterSource {
  /** `/proc/diskstats`, `/sys/class/net/<interface>/statistics`. */
  readonly file: string;
  /** Which field, in the file's own words. */
  readonly field: string;
  /** Kernel documentation, a page of docs.kernel.org or man7.org. */
  readonly doc?: string;
  /** First kernel that has it, where that is newer than the oldest supported one (2.6.32): `4.20`. */
  readonly since?: string;
}

export interface Counter {
  /** Perfmon's name where Windows has a counter with the same meaning, else the kernel's words. */
  readonly name: string;
  /** What it means and how to read it: at least one full sentence. */
  readonly help: string;
  readonly unit: Unit;
  readonly type: CounterType;
  /** Group that holds the fields; the object's only group when left out. */
  readonly group?: string;
  readonly value: FieldSum;
  readonly base?: FieldSum;
  /** Multiplier that turns the raw unit into `unit`; 1 when left out. */
  readonly scale?: number;
  readonly resource: Resource;
  readonly use: UseRole;
  readonly better: Better;
  /** Perfmon's chart scale: a power of ten, -9 to 9; 0 when left out. */
  readonly defaultScale?: number;
  /** `standard` counters are offered first. `standard` when left out. */
  readonly level?: "standard" | "advanced";
  readonly source: CounterSource;
  /** The same number in other tools: `iostat %util`, `top wa`. */
  readonly equivalents?: readonly string[];
}

/** How often an object is read. */
export type CadenceMs = "every-sample" | 10_000 | 60_000;

export interface CounterObject {
  /** `PhysicalDisk`, `Processor`, `Pressure`. */
  readonly name: string;
  readonly help: string;
  /** What its instances are (`one per block device`); an object without has exactly one, unnamed. */
  readonly instances: "none" | { readonly what: string; readonly total: boolean };
  readonly cadence: CadenceMs;
  readonly groups: readonly FieldGroup[];
  readonly counters: readonly Counter[];
}

/** Short ways to write runs of fields of one kind. */
export function counterFields(ids: readonly string[], bits: 32 | 64 = 64): Field[] {
  return ids.map((id) => (bits === 64 ? { id, kind: "counter" } : { id, kind: "counter", bits }));
}

export function gaugeFields(ids: readonly string[]): Field[] {
  return ids.map((id) => ({ id, kind: "gauge" }));
}
