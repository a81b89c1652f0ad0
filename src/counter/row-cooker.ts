/**
 * Cooks a sample row as it is read, sample by sample: values for those who look on, and for text
 * logs. A recording in a counter log is cooked later, in columns; both by `cook.ts`.
 */
import { cook, cookedSeries, prepareIntervals, type SampleClock } from "./cook.ts";
import type { CounterPath } from "./path.ts";
import type { RecordedCounter } from "./recorded.ts";
import type { SampleRow, Unit } from "./sample-row.ts";

export interface CookedCounter {
  readonly counter: RecordedCounter;
  /** Of the interval that ended with the last reading; `undefined` where it has no value. */
  value: number | undefined;
  /** For averages over intervals; see `cook.ts`. 0 where there is no value. */
  weight: number;
  /** The value is of the row's current sample; else it is a gauge that was not read in it. */
  fresh: boolean;
}

export interface RowCookerOptions {
  /** Which counters are cooked at all. */
  readonly wanted: (path: CounterPath) => boolean;
  /** Host part of the paths that `wanted` is asked for. */
  readonly host: string;
  /** Whether counters that need no interval have a value at a unit's first reading. */
  readonly firstReadings: boolean;
}

interface Reading {
  readonly monotonicMs: number;
  readonly values: Float64Array;
}

interface Tracked {
  readonly counters: readonly CookedCounter[];
  previous: Reading | undefined;
  current: Reading | undefined;
}

/** Types that tell of an instant, or have no value where nothing changed. */
const INSTANT = new Set(["gauge", "elapsed", "fraction"]);

export class RowCooker {
  private readonly options: RowCookerOptions;
  private readonly tracked = new Map<Unit, Tracked>();
  private readonly out = cookedSeries(2);

  constructor(options: RowCookerOptions) {
    this.options = options;
  }

  /** Takes the row's current sample; in place of a log writer, whose notes of changes it empties. */
  take(row: SampleRow, nowMs: number): void {
    for (const unit of row.removed) {
      for (const counter of this.tracked.get(unit)?.counters ?? []) forget(counter);
      this.tracked.delete(unit);
    }
    if (row.removed.length > 0) row.compact();
    row.added.length = 0;
    for (const unit of row.units) {
      const tracked = this.track(unit);
      if (tracked.counters.length === 0) continue;
      if (!row.isRead(unit)) {
        forgetChanges(tracked);
        continue;
      }
      tracked.previous = tracked.current;
      tracked.current = {
        monotonicMs: nowMs,
        values: row.values.slice(unit.slot, unit.slot + unit.width),
      };
      this.cookUnit(unit, tracked);
    }
  }

  /** Units that are there, with their counters as they are now. */
  *units(): Generator<readonly [Unit, readonly CookedCounter[]]> {
    for (const [unit, { counters }] of this.tracked) yield [unit, counters];
  }

  pathOf(unit: Unit, counter: RecordedCounter): CounterPath {
    const { name, parent } = unit.instance;
    return {
      host: this.options.host,
      object: unit.object.name,
      ...(parent === undefined ? undefined : { parent }),
      instance: name,
      counter: counter.name,
    };
  }

  private track(unit: Unit): Tracked {
    const known = this.tracked.get(unit);
    if (known) return known;
    const counters = unit.object.counters
      .filter((counter) => counter.group === unit.group)
      .filter((counter) => this.options.wanted(this.pathOf(unit, counter)))
      .map((counter) => ({ counter, value: undefined, weight: 0, fresh: false }));
    const tracked: Tracked = { counters, previous: undefined, current: undefined };
    this.tracked.set(unit, tracked);
    return tracked;
  }

  private cookUnit(unit: Unit, { counters, previous, current }: Tracked): void {
    if (!current || (!previous && !this.options.firstReadings)) return;
    // A first reading is taken for one that nothing has changed before.
    const before = previous ?? { ...current, monotonicMs: current.monotonicMs - 1 };
    const clock: SampleClock = {
      monotonicMs: Float64Array.of(before.monotonicMs, current.monotonicMs),
      timeMs: Float64Array.of(before.monotonicMs, current.monotonicMs),
      epoch: new Uint32Array(2),
    };
    const columns = Array.from({ length: unit.width }, (_, field) =>
      Float64Array.of(before.values[field]!, current.values[field]!),
    );
    const raw = { object: unit.object, group: unit.group, at: Uint32Array.of(0, 1), columns };
    const intervals = prepareIntervals(raw, clock);
    for (const cooked of counters) {
      if (!previous && !INSTANT.has(cooked.counter.type)) continue;
      cook(cooked.counter, intervals, this.out);
      const some = this.out.length > 0;
      cooked.value = some ? this.out.values[0] : undefined;
      cooked.weight = some && previous ? this.out.weights[0]! : 0;
      cooked.fresh = some;
    }
  }
}

/** A unit that was not read keeps its gauges, which still hold; of changes it has nothing to tell. */
function forgetChanges({ counters }: Tracked): void {
  for (const cooked of counters) {
    const { type } = cooked.counter;
    if (type !== "gauge" && type !== "elapsed") cooked.value = undefined;
    cooked.weight = 0;
    cooked.fresh = false;
  }
}

function forget(cooked: CookedCounter): void {
  cooked.value = undefined;
  cooked.weight = 0;
  cooked.fresh = false;
}
