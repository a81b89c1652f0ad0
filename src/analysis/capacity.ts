/**
 * Both sides saturated on one resource that can do less on one of them. Where durations are unknown,
 * waiting is then alike, and what was delivered meanwhile tells.
 */
import type { SideName } from "./comparison.ts";
import { overHosts, type SideFacts } from "./facts.ts";
import { measureInterval } from "./intervals.ts";
import type { MeasureId } from "./measures.ts";
import type { ResourceName } from "./resources.ts";
import type { Thresholds } from "./thresholds.ts";
import { USE } from "./use.ts";

type BySide<T> = Readonly<Record<SideName, T>>;

export interface UnequalCapacity {
  readonly resource: ResourceName;
  /** The side that can do less. */
  readonly cluster: SideName;
  /** What the other side delivered, times this one's. */
  readonly ratio: number;
}

/** What a saturated resource delivers. */
const DELIVERED: readonly (readonly [ResourceName, MeasureId])[] = [
  ["disk", "diskBytes"],
  ["network", "linkBytes"],
];

/** The resource whose capacity differs most, if both sides wait for it for most of the time. */
export function unequalCapacity(
  facts: BySide<SideFacts>,
  cpuCapacity: BySide<number>,
  limits: Thresholds,
): UnequalCapacity | undefined {
  const least = 1 + limits["capacity-differs"] / 100;
  const saturated = (measure: MeasureId) =>
    Math.min(overHosts(facts.baseline, measure), overHosts(facts.candidate, measure)) >=
    limits["saturated-from"];
  const found = DELIVERED.flatMap(([resource, measure]): UnequalCapacity[] => {
    if (!saturated(USE[resource].saturation)) return [];
    const interval = measureInterval(measure, facts);
    if (!interval || (interval.low <= 0 && interval.high >= 0)) return [];
    return ofRatio(
      resource,
      overHosts(facts.baseline, measure) / overHosts(facts.candidate, measure),
    );
  });
  if (saturated("cpuUse") && saturated(USE.cpu.saturation)) {
    found.push(...ofRatio("cpu", cpuCapacity.baseline / cpuCapacity.candidate));
  }
  return found
    .filter(({ ratio }) => ratio >= least)
    .sort((a, b) => b.ratio - a.ratio || (a.resource < b.resource ? -1 : 1))[0];
}

/** @param ratio baseline by candidate */
function ofRatio(resource: ResourceName, ratio: number): UnequalCapacity[] {
  if (!(ratio > 0) || !Number.isFinite(ratio)) return [];
  return ratio >= 1
    ? [{ resource, cluster: "candidate", ratio }]
    : [{ resource, cluster: "baseline", ratio: 1 / ratio }];
}
