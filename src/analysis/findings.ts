/** Findings out of rules that fired: the numbers, the sentence, the counter, the SQL. */
import type { Finding, Severity, SideName } from "./comparison.ts";
import { patternPath } from "./counter-path.ts";
import { measureSql, type EvidenceContext } from "./evidence.ts";
import type { SideFacts } from "./facts.ts";
import { measureInterval } from "./intervals.ts";
import { measureDefinition, measurePattern, type PsiUse } from "./measures.ts";
import { measureText } from "./number-text.ts";
import { evaluate, type Hit } from "./rules/evaluate.ts";
import { shownMeasure, type Rule } from "./rules/template.ts";

const SEVERITY_WEIGHT: Readonly<Record<Severity, number>> = { critical: 100, warning: 10, info: 1 };
/** Beyond this many times its limit a measure is not graver still. */
const MOST_EXCESS = 4;

export interface FindingContext {
  readonly facts: Readonly<Record<SideName, SideFacts>>;
  readonly psi: PsiUse;
  /** The verdict's bottleneck: its findings count double. */
  readonly bottleneck: string;
  readonly rules: readonly Rule[];
  readonly evidence: EvidenceContext;
}

export function ruleFindings(context: FindingContext): Finding[] {
  return context.rules.flatMap((rule) => {
    const hit = evaluate(rule, context.facts.baseline, context.facts.candidate);
    return hit ? [findingOf(hit, context)] : [];
  });
}

function findingOf(hit: Hit, { facts, psi, bottleneck, evidence }: FindingContext): Finding {
  const { rule, cluster, hosts, baseline, candidate } = hit;
  const { measure, statistic } = shownMeasure(rule);
  const definition = measureDefinition(measure);
  const pattern = measurePattern(measure, psi);
  const share = hosts.length / Math.max(1, new Set(allHosts(hit, facts)).size);
  const interval = statistic === "mean" ? measureInterval(measure, facts) : null;
  const counter = patternPath(pattern, hosts);
  return {
    id: `${rule.id}:${counter}`,
    rule: rule.id,
    resource: rule.resource,
    severity: rule.severity,
    cluster,
    hosts,
    counter,
    baseline: known(baseline),
    candidate: known(candidate),
    ratio: baseline > 0 && candidate === candidate ? candidate / baseline : null,
    interval: interval ? [interval.low, interval.high] : null,
    score:
      SEVERITY_WEIGHT[rule.severity] *
      Math.min(MOST_EXCESS, Math.max(1, hit.excess)) *
      Math.max(0.25, share) *
      // What is so on both sides explains no difference.
      (cluster === "both" ? 0.5 : 1) *
      (rule.resource === bottleneck ? 2 : 1),
    message: rule.message
      .replace("{value}", valueText(hit))
      .replace("{baseline}", measureText(baseline, definition.unit))
      .replace("{candidate}", measureText(candidate, definition.unit))
      .replace("{before}", measureText(hit.before ?? NaN, definition.unit))
      .replace("{limit}", limitText(hit)),
    why: rule.why,
    next: rule.next,
    sql: measureSql(measure, statistic, evidence),
  };
}

function allHosts({ cluster }: Hit, facts: Readonly<Record<SideName, SideFacts>>): string[] {
  const names = (side: SideName) => facts[side].hosts.map(({ name }) => name);
  return cluster === "both" ? [...names("baseline"), ...names("candidate")] : names(cluster);
}

/** Of both sides, where it is so on both. */
function valueText({ rule, cluster, baseline, candidate, value }: Hit): string {
  const { unit } = measureDefinition(shownMeasure(rule).measure);
  return cluster === "both"
    ? `${measureText(baseline, unit)} (baseline) and ${measureText(candidate, unit)} (candidate)`
    : measureText(value, unit);
}

function limitText({ rule }: Hit): string {
  const { unit } = measureDefinition(shownMeasure(rule).measure);
  if (rule.template === "threshold") return measureText(rule.atLeast, unit);
  if (rule.template === "drop") return `${Math.round(100 * rule.ratioAtMost)} %`;
  return rule.template === "conjunction"
    ? measureText(rule.conditions[0].atLeast ?? rule.conditions[0].below ?? NaN, unit)
    : measureText(rule.differenceAtLeast, unit);
}

function known(value: number): number | null {
  return value === value ? value : null;
}
