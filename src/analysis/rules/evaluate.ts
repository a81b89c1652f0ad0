/** Evaluates rules on the facts of two sides (or of one: `baseline` may be without hosts). */
import type { SideName } from "../comparison.ts";
import { overHosts, perHost, statisticOf, type HostFacts, type SideFacts } from "../facts.ts";
import { standingOutByRole } from "../stragglers.ts";
import { mean } from "../statistics/summary.ts";
import { bestSplits } from "../statistics/segments.ts";
import { shownMeasure, type Condition, type DropRule, type Rule } from "./template.ts";

/** A rule that fired. */
export interface Hit {
  readonly rule: Rule;
  readonly cluster: SideName | "both";
  readonly hosts: readonly string[];
  /** Of the shown measure, over the hosts of each side; NaN when unknown. */
  readonly baseline: number;
  readonly candidate: number;
  /** Value of the hosts that made it fire. */
  readonly value: number;
  /** Of a drop: the level it fell from. */
  readonly before?: number;
  /** How far beyond its limit, 1 = just there. */
  readonly excess: number;
}

interface SideHit {
  readonly hosts: readonly string[];
  readonly value: number;
  /** Of a drop: the level it fell from. */
  readonly before?: number;
  readonly excess: number;
}

export function evaluate(rule: Rule, baseline: SideFacts, candidate: SideFacts): Hit | undefined {
  const { measure, statistic } = shownMeasure(rule);
  const sides = {
    baseline: overHosts(baseline, measure, statistic),
    candidate: overHosts(candidate, measure, statistic),
  };
  if (rule.template === "comparison") return compare(rule, sides, baseline, candidate);
  const hits = { baseline: onSide(rule, baseline), candidate: onSide(rule, candidate) };
  const fired = [hits.baseline, hits.candidate].filter((hit) => hit !== undefined);
  if (fired.length === 0) return undefined;
  return {
    rule,
    cluster: fired.length === 2 ? "both" : hits.baseline ? "baseline" : "candidate",
    hosts: [...new Set(fired.flatMap(({ hosts }) => hosts))].sort(),
    ...sides,
    value: Math.max(...fired.map(({ value }) => value)),
    ...(fired[0]!.before === undefined ? {} : { before: fired[0]!.before }),
    excess: Math.max(...fired.map(({ excess }) => excess)),
  };
}

function compare(
  rule: Rule & { template: "comparison" },
  { baseline, candidate }: Record<SideName, number>,
  baselineFacts: SideFacts,
  candidateFacts: SideFacts,
): Hit | undefined {
  const worse = candidate >= baseline ? "candidate" : "baseline";
  const high = Math.max(baseline, candidate);
  const low = Math.min(baseline, candidate);
  if (!(high - low >= rule.differenceAtLeast) || high < rule.ratioAtLeast * low) return undefined;
  const facts = worse === "candidate" ? candidateFacts : baselineFacts;
  const values = perHost(facts, rule.measure, rule.statistic);
  const hosts = facts.hosts.flatMap(({ name }, i) =>
    values[i]! - low >= rule.differenceAtLeast ? [name] : [],
  );
  const excess = (high - low) / rule.differenceAtLeast;
  return { rule, cluster: worse, hosts: hosts.sort(), baseline, candidate, value: high, excess };
}

function onSide(
  rule: Exclude<Rule, { template: "comparison" }>,
  facts: SideFacts,
): SideHit | undefined {
  const { measure, statistic } = shownMeasure(rule);
  const values = perHost(facts, measure, statistic);
  let which: number[];
  let limit: number;
  if (rule.template === "drop") return dropped(rule, facts);
  if (rule.template === "imbalance") {
    which = standingOutByRole(
      values,
      facts.hosts.map(({ role }) => role),
      rule.differenceAtLeast,
    );
    limit = rule.differenceAtLeast;
  } else if (rule.template === "threshold") {
    which = values.flatMap((value, i) => (value >= rule.atLeast ? [i] : []));
    limit = rule.atLeast;
  } else {
    which = facts.hosts.flatMap((host, i) =>
      rule.conditions.every((condition) => meets(host, condition)) ? [i] : [],
    );
    limit = rule.conditions[0].atLeast ?? rule.conditions[0].below ?? 1;
  }
  if (which.length === 0) return undefined;
  const value = mean(which.map((i) => values[i]!));
  return { hosts: which.map((i) => facts.hosts[i]!.name), value, excess: value / limit };
}

/** A level lasts for a tenth of the work, and for 5 buckets at least. */
const SHORTEST_PART = 0.1;
const SHORTEST_BUCKETS = 5;

/** The value of a hit is the later level; its excess, by how much it is below what still passes. */
function dropped(rule: DropRule, facts: SideFacts): SideHit | undefined {
  const hits = facts.hosts.flatMap(({ name, columns }) => {
    const levels = levelsAround(
      columns[rule.measure],
      columns[rule.while.measure],
      rule.while.atLeast,
    );
    const fell = levels && levels.after <= rule.ratioAtMost * levels.before;
    return fell ? [{ name, ...levels }] : [];
  });
  if (hits.length === 0) return undefined;
  const before = mean(hits.map((hit) => hit.before));
  const after = mean(hits.map((hit) => hit.after));
  return {
    hosts: hits.map(({ name }) => name),
    value: after,
    before,
    excess: Math.min(4, (rule.ratioAtMost * before) / Math.max(after, before / 100)),
  };
}

/** Before and after the best cut in two, of the buckets in which the other measure is high enough. */
function levelsAround(
  column: Float64Array | undefined,
  other: Float64Array | undefined,
  atLeast: number,
): { readonly before: number; readonly after: number } | undefined {
  if (!column || !other) return undefined;
  const values = column.filter((value, b) => value === value && other[b]! >= atLeast);
  const shortest = Math.max(SHORTEST_BUCKETS, Math.ceil(SHORTEST_PART * column.length));
  if (values.length < 2 * shortest) return undefined;
  const points = coarse(values);
  const cut = bestSplits([points], 2, 2)[1]?.starts[1];
  if (cut === undefined) return undefined;
  const at = Math.round((cut * values.length) / points.length);
  if (at < shortest || values.length - at < shortest) return undefined;
  return { before: mean(values.subarray(0, at)), after: mean(values.subarray(at)) };
}

const MOST_POINTS = 200;

function coarse(values: Float64Array): ArrayLike<number> {
  if (values.length <= MOST_POINTS) return values;
  return Float64Array.from({ length: MOST_POINTS }, (_, i) =>
    mean(
      values.subarray(
        Math.floor((i * values.length) / MOST_POINTS),
        Math.floor(((i + 1) * values.length) / MOST_POINTS),
      ),
    ),
  );
}

/** A measure that the host does not have fails `atLeast` and meets `below`. */
function meets(host: HostFacts, { measure, statistic, atLeast, below }: Condition): boolean {
  const value = statisticOf(host.columns[measure], statistic);
  if (atLeast !== undefined && !(value >= atLeast)) return false;
  return below === undefined || value !== value || value < below;
}
