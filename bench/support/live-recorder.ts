/** Samples of the collectors on this machine, and the means of their values over the whole time. */
import { hostContext } from "../../src/agent/host-context.ts";
import type { Collector, OpenCollector } from "../../src/collectors/collector.ts";
import { cook, cookedSeries, prepareIntervals } from "../../src/counter/cook.ts";
import { SampleRow, type Unit } from "../../src/counter/sample-row.ts";
import { monotonicMs } from "../../src/util/monotonic.ts";

export interface Summary {
  /** Σ(value·weight) / Σ(weight). */
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

export class LiveRecorder {
  private readonly open: readonly OpenCollector[];
  private readonly row = new SampleRow();
  private readonly times: number[] = [];
  private readonly readings = new Map<Unit, { sample: number; values: Float64Array }[]>();

  constructor(collectors: readonly Collector[]) {
    const host = hostContext({ allBlockDevices: true });
    this.open = collectors.flatMap((collector) => collector.open(host) ?? []);
  }

  sample(): void {
    const { row } = this;
    row.begin();
    const now = monotonicMs();
    for (const collector of this.open) collector.collect(row);
    for (const unit of row.units) {
      if (!row.isRead(unit)) continue;
      const list = this.readings.get(unit) ?? [];
      list.push({
        sample: this.times.length,
        values: row.values.slice(unit.slot, unit.slot + unit.width),
      });
      this.readings.set(unit, list);
    }
    this.times.push(now);
  }

  /** Names of the instances of an object, `_Total` left out. */
  instances(object: string): string[] {
    const units = [...this.readings.keys()].filter((unit) => unit.object.name === object);
    return [...new Set(units.map(({ instance }) => instance.name))].filter(
      (name) => name !== "_Total",
    );
  }

  /** @returns `undefined` when the counter had no value in any interval */
  summary(object: string, instance: string, counter: string): Summary | undefined {
    const monotonic = Float64Array.from(this.times);
    const clock = {
      monotonicMs: monotonic,
      timeMs: monotonic,
      epoch: new Uint32Array(this.times.length),
    };
    let sum = 0;
    let weights = 0;
    let min = Infinity;
    let max = -Infinity;
    for (const [unit, readings] of this.readings) {
      const recorded = unit.object.counters.find(
        (c) => c.name === counter && c.group === unit.group,
      );
      if (unit.object.name !== object || unit.instance.name !== instance || !recorded) continue;
      const at = Uint32Array.from(readings, ({ sample }) => sample);
      const columns = Array.from({ length: unit.width }, (_, i) =>
        Float64Array.from(readings, ({ values }) => values[i]!),
      );
      const out = cookedSeries(readings.length);
      cook(
        recorded,
        prepareIntervals({ object: unit.object, group: unit.group, at, columns }, clock),
        out,
      );
      for (let i = 0; i < out.length; i++) {
        sum += out.values[i]! * out.weights[i]!;
        weights += out.weights[i]!;
        min = Math.min(min, out.values[i]!);
        max = Math.max(max, out.values[i]!);
      }
    }
    return weights > 0 ? { mean: sum / weights, min, max } : undefined;
  }

  close(): void {
    for (const collector of this.open) collector.close();
  }
}
