/** What removing the stalls of a resource could save at most: its share of the wall time. */
import type { SideName, UpperBound } from "./comparison.ts";
import { secondsText } from "./number-text.ts";
import { RESOURCES, type StateName } from "./resources.ts";
import { significant } from "./statistics/round.ts";

type BySide<T> = Readonly<Record<SideName, T>>;

/** Smaller shares are not worth a line. */
const LEAST_SHARE = 0.01;

export function upperBounds(
  shares: BySide<Readonly<Record<StateName, number>>>,
  seconds: BySide<number>,
): UpperBound[] {
  const sides: SideName[] = ["baseline", "candidate"];
  return sides
    .flatMap((cluster) =>
      RESOURCES.filter((resource) => shares[cluster][resource] >= LEAST_SHARE).map((resource) => {
        const share = significant(shares[cluster][resource], 3);
        const saved = share * seconds[cluster];
        const whole = secondsText(seconds[cluster]);
        return {
          cluster,
          resource,
          seconds: saved,
          remainingSeconds: seconds[cluster] - saved,
          arithmetic: `${share} x ${whole} = ${secondsText(saved)}`,
        };
      }),
    )
    .sort((a, b) => b.seconds - a.seconds || (a.cluster < b.cluster ? -1 : 1));
}

/**
 * Rounds to milliseconds so that the parts still add up to the rounded whole: what is left over goes to
 * the parts whose rounding was furthest off (largest remainder).
 */
export function roundedParts<K extends string>(
  parts: Readonly<Record<K, number>>,
  wholeSeconds: number,
): Record<K, number> {
  const keys = Object.keys(parts) as K[];
  const floors = keys.map((key) => Math.floor(parts[key] * 1000));
  const remainder = (i: number) => parts[keys[i]!] * 1000 - floors[i]!;
  const left = Math.round(wholeSeconds * 1000) - floors.reduce((sum, value) => sum + value, 0);
  const order = keys.map((_, i) => i).sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (let n = 0; n < Math.abs(left); n++) {
    const i = left > 0 ? order[n % order.length]! : order[order.length - 1 - (n % order.length)]!;
    floors[i]! += Math.sign(left);
  }
  return Object.fromEntries(keys.map((key, i) => [key, floors[i]! / 1000])) as Record<K, number>;
}

/** To the millisecond. */
export function roundedSeconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
