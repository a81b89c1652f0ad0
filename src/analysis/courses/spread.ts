/** Columns of many hosts as few numbers per step: means over steps, median and quartiles over hosts. */
import { nearestRank } from "../statistics/summary.ts";
import type { SideName } from "../comparison.ts";
import type { HostLine, SideCourse } from "./course.ts";

/** Means of `width` values each, the last of what is left; NaN where there is none. */
export function stepMeans(column: Float64Array, width: number): Float64Array {
  const result = new Float64Array(Math.ceil(column.length / width)).fill(NaN);
  for (let step = 0; step < result.length; step++) {
    let sum = 0;
    let count = 0;
    const end = Math.min(column.length, (step + 1) * width);
    for (let i = step * width; i < end; i++) {
      const value = column[i]!;
      if (value !== value) continue;
      sum += value;
      count++;
    }
    if (count > 0) result[step] = sum / count;
  }
  return result;
}

/**
 * @param lines of all hosts of a side, one length
 * @param shown names of the hosts that get a line of their own
 */
export function sideCourse(
  side: SideName,
  lines: readonly HostLine[],
  shown: readonly string[],
): SideCourse {
  const steps = Math.max(0, ...lines.map(({ values }) => values.length));
  const median = new Float64Array(steps).fill(NaN);
  const low = new Float64Array(steps).fill(NaN);
  const high = new Float64Array(steps).fill(NaN);
  const present: number[] = [];
  for (let step = 0; step < steps; step++) {
    present.length = 0;
    for (const { values } of lines) {
      const value = values[step] ?? NaN;
      if (value === value) present.push(value);
    }
    if (present.length === 0) continue;
    present.sort((a, b) => a - b);
    const middle = present.length >> 1;
    median[step] =
      present.length % 2 === 1 ? present[middle]! : (present[middle - 1]! + present[middle]!) / 2;
    low[step] = nearestRank(present, 0.25);
    high[step] = nearestRank(present, 0.75);
  }
  const outliers = shown.flatMap((name) => lines.filter(({ host }) => host === name));
  return { side, hosts: lines.length, median, low, high, outliers };
}
