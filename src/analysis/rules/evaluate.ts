/** Evaluates rules on the facts of two sides (or of one: `baseline` may be without hosts). */
import type { SideName } from "../comparison.ts";
import { overHosts, perHost, statisticOf, type HostFacts, type SideFacts } from "../facts.ts";
import { standingOutByRole } from "../stragglers.ts";
import { mean } from "../statistics/summary.ts";
import { shownMeasure, type Condition, type Rule } from "./template.ts";

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
  /** How far beyond its limit, 1 = just there. */
  readonly excess: number;
}

interface SideHit {
  readonly hosts: readonly string[];
  readonly value: number;
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

/** A measure that the host does not have fails `atLeast` and meets `below`. */
function meets(host: HostFacts, { measure, statistic, atLeast, below }: Condition): boolean {
  const value = statisticOf(host.columns[measure], statistic);
  if (atLeast !== undefined && !(value >= atLeast)) return false;
  return below === undefined || value !== value || value < below;
}
