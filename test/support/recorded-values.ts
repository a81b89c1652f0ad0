/** All values that a recording yields, cooked as the loader does it. */
import { cook, cookedSeries, prepareIntervals } from "../../src/counter/cook.ts";
import { readChunks } from "../../src/recording/read-chunks.ts";
import type { Recording } from "../../src/recording/recording.ts";

export interface RecordedValue {
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly value: number;
  readonly weight: number;
}

/** By `Object(parent/instance)\Counter`, in order of time. */
export function recordedValues(
  recording: Recording,
  maxReadings = Infinity,
): Map<string, RecordedValue[]> {
  const all = new Map<string, RecordedValue[]>();
  for (const { number } of recording.segments) {
    for (const chunk of readChunks(recording, number, { maxReadings })) {
      for (const unit of chunk.units) {
        const intervals = prepareIntervals(unit.columns(), chunk.clock);
        const series = cookedSeries(unit.readings);
        const { name, parent } = unit.instance;
        for (const counter of unit.object.counters) {
          cook(counter, intervals, series);
          const path = `${unit.object.name}(${parent ? `${parent}/` : ""}${name})\\${counter.name}`;
          const values = all.get(path) ?? [];
          all.set(path, values);
          for (let i = 0; i < series.length; i++) {
            if (series.at[i]! < chunk.carried) throw new Error(`${path}: a value comes twice`);
            const timeMs = chunk.clock.timeMs[series.at[i]!]!;
            values.push({ timeMs, value: series.values[i]!, weight: series.weights[i]! });
          }
        }
      }
    }
  }
  return all;
}
