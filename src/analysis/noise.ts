/**
 * By how much repeats of the same run differ: what a difference must exceed to be one. Learned from
 * several runs of the baseline.
 */
import { tQuantile } from "./statistics/student-t.ts";
import { variance } from "./statistics/welch.ts";

/** What of one run is held against that of its repeats. */
export interface RunNumbers {
  /** Of the work, as measured; NaN when unknown. */
  readonly seconds: number;
  /** Per measure (`cpuWait`) or counter path its mean over the hosts. */
  readonly means: ReadonlyMap<string, number>;
}

export interface Noise {
  /** Runs it was learned from, the baseline included. */
  readonly runs: number;
  /** Ratio of durations that chance alone exceeds once in 20 times, less 1; 0 when unknown. */
  readonly duration: number;
  /** The same of differences, per measure or counter path. */
  readonly means: ReadonlyMap<string, number>;
}

export const NO_NOISE: Noise = { runs: 1, duration: 0, means: new Map() };

/** @param runs the baseline first, then its repeats */
export function learnNoise(runs: readonly RunNumbers[]): Noise {
  if (runs.length < 2) return NO_NOISE;
  const logs = runs.map(({ seconds }) => Math.log(seconds)).filter(Number.isFinite);
  const names = [...runs[0]!.means.keys()];
  return {
    runs: runs.length,
    duration: logs.length >= 2 ? Math.expm1(newValueWithin(logs)) : 0,
    means: new Map(
      names.flatMap((name): [string, number][] => {
        const values = runs.flatMap(({ means }) => means.get(name) ?? []);
        return values.length >= 2 ? [[name, newValueWithin(values)]] : [];
      }),
    ),
  };
}

/**
 * How far from the first of n like values one more of them lies, 19 times in 20: t with n − 1 degrees
 * of freedom times s·√2, since both the baseline and the candidate are single runs.
 */
function newValueWithin(values: readonly number[]): number {
  const spread = Math.sqrt(2 * Math.max(0, variance(values)));
  return tQuantile(0.975, values.length - 1) * spread;
}
