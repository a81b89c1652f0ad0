/** Cuts a series into minutes and sums each of them up, on the way into a store. */
import type { MinuteSummary } from "../store/store.ts";
import { sketchOf } from "./sketch.ts";

const MINUTE_MS = 60_000;
const NO_SKETCH = new Uint8Array(0);

/**
 * Calls `take` for every minute in which an interval ends. The times must not decrease.
 *
 * @param timeMs milliseconds since 1970; like the other arrays it may be longer than `length`
 */
export function summarizeMinutes(
  seriesId: number,
  length: number,
  timeMs: Float64Array,
  values: Float64Array,
  weights: Float64Array,
  take: (summary: MinuteSummary) => void,
): void {
  for (let start = 0; start < length;) {
    const minute = Math.floor(timeMs[start]! / MINUTE_MS);
    const nextMinuteMs = (minute + 1) * MINUTE_MS;
    let end = start + 1;
    while (
      end < length &&
      timeMs[end]! < nextMinuteMs &&
      timeMs[end]! >= nextMinuteMs - MINUTE_MS
    ) {
      end++;
    }
    take(summarize(seriesId, minute, start, end, values, weights));
    start = end;
  }
}

function summarize(
  seriesId: number,
  minute: number,
  start: number,
  end: number,
  values: Float64Array,
  weights: Float64Array,
): MinuteSummary {
  const count = end - start;
  const first = values[start]!;
  let weight = 0;
  let moment = 0;
  let min = first;
  let max = first;
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    weight += weights[i]!;
    moment += (value - first) * weights[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  // Weights are whole thousandths: their sum is one too, without the noise of adding.
  weight = Math.round(weight * 1000) / 1000;
  if (min === max) {
    return { seriesId, minute, count, weight, mean: first, m2: 0, min, max, sketch: NO_SKETCH };
  }
  // Around the first value, so that large steady values keep their digits.
  const mean = first + moment / weight;
  let m2 = 0;
  for (let i = start; i < end; i++) m2 += weights[i]! * (values[i]! - mean) ** 2;
  const sketch = sketchOf(values, start, end);
  return { seriesId, minute, count, weight, mean, m2, min, max, sketch };
}
