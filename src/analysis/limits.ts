/** The limiting resource of one run by itself: where most of its time went. */
import type { Limit } from "./comparison.ts";
import { RESOURCES, type ResourceName, type StateName } from "./resources.ts";
import { DEFAULT_THRESHOLDS, type Thresholds } from "./thresholds.ts";

interface Cause {
  readonly cause: ResourceName;
  /** Through which it shows as well. */
  readonly symptom: ResourceName;
  /**
   * The symptom is the cause's own work: the disk is what paging waits for, so that both together
   * are weighed against the other resources. CPU time of a guest is its own all the same.
   */
  readonly together: boolean;
}

const CAUSES: readonly Cause[] = [
  { cause: "memory", symptom: "disk", together: true },
  { cause: "virtualization", symptom: "cpu", together: false },
];

type Values = Readonly<Record<StateName, number>>;

/** Of both, at least a third must be the cause's own; a little paging does not explain a slow disk. */
function showsThrough({ cause, symptom }: Cause, values: Values): boolean {
  return values[cause] > 0 && values[cause] >= values[symptom] / 2;
}

/** What a resource accounts for, that included which shows through another one. */
function explainedBy(resource: ResourceName, values: Values): number {
  const cause = CAUSES.find((of) => of.cause === resource && of.together);
  const own = values[resource];
  return cause && showsThrough(cause, values) ? own + Math.max(0, values[cause.symptom]) : own;
}

/**
 * What a resource that leads by some values accounts for in others: also the symptom that it leads
 * through. Long stops of a guest are missing from its accounts, short ones are booked as CPU time of
 * whoever was stopped: the same work then takes more of it.
 */
export function accountedFor(leading: ResourceName, likely: Values, values: Values): number {
  const through = CAUSES.filter((of) => of.cause === leading && showsThrough(of, likely));
  return through.reduce((sum, { symptom }) => sum + Math.max(0, values[symptom]), values[leading]);
}

/** The resource that accounts for most, or its cause where that shows through it. */
export function leadingResource(values: Values): ResourceName {
  let most: ResourceName = "cpu";
  for (const resource of RESOURCES) {
    if (explainedBy(resource, values) > explainedBy(most, values)) most = resource;
  }
  return CAUSES.find((of) => of.symptom === most && showsThrough(of, values))?.cause ?? most;
}

/**
 * @param shares of the wall time
 * @param buckets of work that were seen; with fewer than 2 nothing is known
 */
export function limitOf(
  shares: Readonly<Record<StateName, number>>,
  buckets: number,
  limits: Thresholds = DEFAULT_THRESHOLDS,
): Limit {
  const from = limits["limits-from"] / 100;
  if (buckets < 2) return "unknown";
  const leading = leadingResource(shares);
  const symptoms = CAUSES.filter(({ cause }) => cause === leading).map(({ symptom }) => symptom);
  const together = [leading, ...symptoms].reduce((sum, resource) => sum + shares[resource], 0);
  if (shares[leading] >= from) return leading;
  return shares[leading] >= limits["cause-from"] / 100 && together >= from && symptoms.length > 0
    ? leading
    : "none";
}
