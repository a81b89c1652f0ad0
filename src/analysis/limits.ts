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

/** The resource with the largest value, or its cause where that shows through it. */
export function leadingResource(values: Readonly<Record<StateName, number>>): ResourceName {
  let most: ResourceName = "cpu";
  for (const resource of RESOURCES) if (values[resource] > values[most]) most = resource;
  const cause = SYMPTOM_OF.find(
    ([of, symptom]) => symptom === most && values[of] >= values[symptom] / 2 && values[of] > 0,
  );
  return cause ? cause[0] : most;
}

/**
 * @param shares of the wall time
 * @param buckets of work that were seen; with fewer than 2 nothing is known
 */
export function limitOf(shares: Readonly<Record<StateName, number>>, buckets: number): Limit {
  if (buckets < 2) return "unknown";
  const leading = leadingResource(shares);
  const symptoms = SYMPTOM_OF.filter(([cause]) => cause === leading).map(([, symptom]) => symptom);
  const together = [leading, ...symptoms].reduce((sum, resource) => sum + shares[resource], 0);
  if (shares[leading] >= LIMIT_FROM) return leading;
  return shares[leading] >= CAUSE_FROM && together >= LIMIT_FROM && symptoms.length > 0
    ? leading
    : "none";
}
