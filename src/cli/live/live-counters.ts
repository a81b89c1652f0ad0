/**
 * This host's counters as they are now: the recorder's own sampler, and the one place that cooks, on
 * the last two readings of every unit.
 */
import { Sampler } from "../../agent/sampler.ts";
import type { Collector, HostContext } from "../../collectors/collector.ts";
import { counterPathMatcher, formatCounterPath, type CounterPath } from "../../counter/path.ts";
import type { RecordedCounter } from "../../counter/recorded.ts";
import { RowCooker } from "../../counter/row-cooker.ts";
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

export class LiveCounters {
  private readonly sampler: Sampler;
  private readonly matchers: readonly ((path: CounterPath) => boolean)[];
  private readonly cooker: RowCooker;

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
    this.cooker = new RowCooker({
      wanted: (path) => this.matchers.some((matches) => matches(path)),
      host: hostName,
      firstReadings: false,
    });
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
    this.sampler.sample(nowMs);
    this.cooker.take(this.sampler.row, nowMs);
  }

  /** Values of the interval that ended with the last reading, pattern by pattern. */
  values(): LiveValue[] {
    const found = new Map<string, LiveValue>();
    for (const matches of this.matchers) {
      for (const [unit, counters] of this.cooker.units()) {
        for (const { counter, value, weight } of counters) {
          const full = this.cooker.pathOf(unit, counter);
          if (!matches(full)) continue;
          const { host: _host, ...local } = full;
          const path = formatCounterPath(local);
          if (found.has(path)) continue;
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
      unit.object.counters.some((counter) => matches(this.cooker.pathOf(unit, counter))),
    );
  }

  close(): void {
    this.sampler.close();
  }
}
