/** The limiting resource of one run by itself: where most of its time went. */
import type { Limit } from "./comparison.ts";
import { RESOURCES, type ResourceName, type StateName } from "./resources.ts";

/** A resource that took less of the time than this limits nothing. */
const LIMIT_FROM = 0.35;
/** Causes that show through another resource are named from a smaller share on. */
const CAUSE_FROM = 0.2;
const SYMPTOM_OF: readonly (readonly [cause: ResourceName, symptom: ResourceName])[] = [
  ["memory", "disk"],
  ["virtualization", "cpu"],
];

/**
 * @param shares of the wall time
 * @param buckets of work that were seen; with fewer than 2 nothing is known
 */
export function limitOf(shares: Readonly<Record<StateName, number>>, buckets: number): Limit {
  if (buckets < 2) return "unknown";
  let most: ResourceName = "cpu";
  for (const resource of RESOURCES) if (shares[resource] > shares[most]) most = resource;
  for (const [cause, symptom] of SYMPTOM_OF) {
    if (most !== symptom || shares[cause] < CAUSE_FROM) continue;
    if (shares[cause] < shares[symptom] / 2) continue;
    if (shares[cause] + shares[symptom] >= LIMIT_FROM) return cause;
  }
  return shares[most] >= LIMIT_FROM ? most : "none";
}
