/**
 * This host's counters as they are now: the recorder's own sampler, and the one place that cooks, on
 * the last two readings of every unit.
 */
import { Sampler } from "../../agent/sampler.ts";
import type { Collector, HostContext } from "../../collectors/collector.ts";
import { cook, cookedSeries, prepareIntervals, type SampleClock } from "../../counter/cook.ts";
import { counterPathMatcher, formatCounterPath, type CounterPath } from "../../counter/path.ts";
import type { RecordedCounter } from "../../counter/recorded.ts";
import type { InstanceIdentity, Unit } from "../../counter/sample-row.ts";

export interface LiveValue {
  /** Without the host: `\PhysicalDisk(sda)\Disk Reads/sec`. */
  readonly path: string;
  readonly object: string;
  readonly instance: string;
  /** What is known of the instance: a process's user and role. */
  readonly attributes: InstanceIdentity["attributes"];
  readonly counter: RecordedCounter;
  /** `undefined` where this interval has no value. */
  readonly value: number | undefined;
  /** For averages over intervals; see `cook.ts`. 0 where there is no value. */
  readonly weight: number;
}

interface Reading {
  readonly monotonicMs: number;
  readonly values: Float64Array;
}

interface SelectedCounter {
  readonly path: string;
  readonly counter: RecordedCounter;
  value: number | undefined;
  weight: number;
}

interface Tracked {
  readonly counters: readonly SelectedCounter[];
  previous: Reading | undefined;
  current: Reading | undefined;
}

export class LiveCounters {
  private readonly sampler: Sampler;
  private readonly matchers: readonly ((path: CounterPath) => boolean)[];
  private readonly hostName: string;
  private readonly tracked = new Map<Unit, Tracked>();
  private readonly out = cookedSeries(2);

  /**
   * @param patterns counters to cook; each may have wildcards in every part
   * @param hostName what the host part of a pattern is compared with
   */
  constructor(
    collectors: readonly Collector[],
    host: HostContext,
    patterns: readonly CounterPath[],
    hostName: string,
  ) {
    this.matchers = patterns.map(counterPathMatcher);
    this.hostName = hostName;
    this.sampler = new Sampler(collectors, host);
  }

  /** Collectors that failed so far, by their object's name. */
  get failures(): readonly { readonly object: string; readonly error: Error }[] {
    return this.sampler.failures;
  }

  /** Names of the objects that this kernel has. */
  get objectNames(): string[] {
    return this.sampler.objects.map(({ name }) => name);
  }

  /** Every unit there is, selected or not. */
  get units(): readonly Unit[] {
    return this.sampler.row.units;
  }

  /** Takes a reading at `nowMs` of the monotonic clock. */
  sample(nowMs: number): void {
    const { row } = this.sampler;
    this.sampler.sample(nowMs);
    // The log writer is not here to take notice of what came and went.
    for (const unit of row.removed) this.tracked.delete(unit);
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

  /** Values of the interval that ended with the last reading, pattern by pattern. */
  values(): LiveValue[] {
    const found = new Map<string, LiveValue>();
    for (const matches of this.matchers) {
      for (const [unit, { counters }] of this.tracked) {
        for (const { path, counter, value, weight } of counters) {
          if (found.has(path) || !matches(this.pathOf(unit, counter))) continue;
          const object = unit.object.name;
          const { name: instance, attributes } = unit.instance;
          found.set(path, { path, object, instance, attributes, counter, value, weight });
        }
      }
    }
    return [...found.values()];
  }

  /** A counter that is here now matches. */
  hasMatch(pattern: CounterPath): boolean {
    const matches = counterPathMatcher(pattern);
    return this.sampler.row.units.some((unit) =>
      unit.object.counters.some((counter) => matches(this.pathOf(unit, counter))),
    );
  }

  close(): void {
    this.sampler.close();
  }

  private track(unit: Unit): Tracked {
    const known = this.tracked.get(unit);
    if (known) return known;
    const counters = unit.object.counters
      .filter((counter) => counter.group === unit.group)
      .filter((counter) => this.matchers.some((matches) => matches(this.pathOf(unit, counter))))
      .map((counter) => {
        const { host: _host, ...path } = this.pathOf(unit, counter);
        return { path: formatCounterPath(path), counter, value: undefined, weight: 0 };
      });
    const tracked: Tracked = { counters, previous: undefined, current: undefined };
    this.tracked.set(unit, tracked);
    return tracked;
  }

  private pathOf(unit: Unit, counter: RecordedCounter): CounterPath {
    const { name, parent } = unit.instance;
    return {
      host: this.hostName,
      object: unit.object.name,
      ...(parent === undefined ? undefined : { parent }),
      instance: name,
      counter: counter.name,
    };
  }

  private cookUnit(unit: Unit, { counters, previous, current }: Tracked): void {
    if (!previous || !current) return;
    const clock: SampleClock = {
      monotonicMs: Float64Array.of(previous.monotonicMs, current.monotonicMs),
      timeMs: Float64Array.of(previous.monotonicMs, current.monotonicMs),
      epoch: new Uint32Array(2),
    };
    const columns = Array.from({ length: unit.width }, (_, field) =>
      Float64Array.of(previous.values[field]!, current.values[field]!),
    );
    const raw = { object: unit.object, group: unit.group, at: Uint32Array.of(0, 1), columns };
    const intervals = prepareIntervals(raw, clock);
    for (const selected of counters) {
      cook(selected.counter, intervals, this.out);
      const cooked = this.out.length > 0;
      selected.value = cooked ? this.out.values[0] : undefined;
      selected.weight = cooked ? this.out.weights[0]! : 0;
    }
  }
}

/** A unit that was not read keeps its gauges, which still hold; of changes it has nothing to tell. */
function forgetChanges({ counters }: Tracked): void {
  for (const selected of counters) {
    const { type } = selected.counter;
    if (type !== "gauge" && type !== "elapsed") selected.value = undefined;
    selected.weight = 0;
  }
}
