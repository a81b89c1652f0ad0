/** Which counters moved while something ran: read for real, cooked as everywhere. */
import { Sampler } from "../../src/agent/sampler.ts";
import { hostContext } from "../../src/agent/host-context.ts";
import type { Collector } from "../../src/collectors/collector.ts";
import { type SampleClock, cook, cookedSeries, prepareIntervals } from "../../src/counter/cook.ts";
import type { Unit } from "../../src/counter/sample-row.ts";
import { monotonicMs } from "../../src/util/monotonic.ts";
import { idleAgent } from "../support/fake-host.ts";

const DAY_SECONDS = 86_400;

export class Observed {
  private readonly sampler: Sampler;
  private readonly times: number[] = [];
  private readonly readings = new Map<Unit, { at: number[]; values: number[][] }>();

  constructor(collectors: readonly Collector[]) {
    const context = hostContext({ allBlockDevices: true, pss: true }, idleAgent());
    this.sampler = new Sampler(collectors, {
      ...context,
      monotonicSeconds: () => context.monotonicSeconds() + this.times.length * DAY_SECONDS,
    });
  }

  /** Reads everything, whatever its cadence. */
  sample(): void {
    const { row } = this.sampler;
    const now = monotonicMs();
    // A day per sample makes everything due, at every cadence; values are rated against the true time.
    this.sampler.sample(now + this.times.length * DAY_SECONDS * 1000);
    for (const unit of row.units) {
      if (!row.isRead(unit)) continue;
      const reading = this.readings.get(unit) ?? { at: [], values: [] };
      this.readings.set(unit, reading);
      reading.at.push(this.times.length);
      reading.values.push([...row.values.subarray(unit.slot, unit.slot + unit.width)]);
    }
    this.times.push(now);
  }

  close(): void {
    this.sampler.close();
  }

  /** `Object\Counter` of all that was read at least twice -> whether it moved, in any instance. */
  moved(): Map<string, boolean> {
    const times = Float64Array.from(this.times);
    const clock: SampleClock = {
      monotonicMs: times,
      timeMs: times,
      epoch: new Uint32Array(times.length),
    };
    const moved = new Map<string, boolean>();
    for (const [{ object, group }, { at, values }] of this.readings) {
      const columns = object.groups[group]!.fields.map((_, i) =>
        Float64Array.from(values, (row) => row[i]!),
      );
      const intervals = prepareIntervals(
        { object, group, at: Uint32Array.from(at), columns },
        clock,
      );
      for (const counter of object.counters) {
        if (counter.group !== group) continue;
        const out = cookedSeries(at.length);
        cook(counter, intervals, out);
        const name = `${object.name}\\${counter.name}`;
        if (at.length > 1 && !moved.has(name)) moved.set(name, false);
        const cooked = [...out.values.subarray(0, out.length)];
        // A rate or share that is always the same has moved all the same: it is of something.
        const isOfEvents = counter.type !== "gauge" && cooked.some((value) => value !== 0);
        if (isOfEvents || new Set(cooked).size > 1) moved.set(name, true);
      }
    }
    return moved;
  }
}
