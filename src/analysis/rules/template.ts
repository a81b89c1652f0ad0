/**
 * Rules are data over five templates. A rule speaks of measures (see `measures.ts`), evaluated per
 * host over its time at work.
 */
import type { Severity } from "../comparison.ts";
import type { Statistic } from "../facts.ts";
import type { MeasureId } from "../measures.ts";
import type { ResourceName } from "../resources.ts";

export interface RuleText {
  /** Stable; kebab-case, starts with the resource. */
  readonly id: string;
  readonly resource: ResourceName;
  readonly severity: Severity;
  /**
   * What is the case; `{value}` is the worse side's value with its unit, `{baseline}` and
   * `{candidate}` are those of the sides, `{limit}` is the rule's limit.
   */
  readonly message: string;
  /** What it means: the rule's help. */
  readonly why: string;
  /** What to check next. */
  readonly next: string;
}

/** Fires for a side whose hosts have a measure at or beyond a limit. */
export interface ThresholdRule extends RuleText {
  readonly template: "threshold";
  readonly measure: MeasureId;
  readonly statistic: Statistic;
  readonly atLeast: number;
}

/** Fires when one side is worse than the other, by a factor and by an amount that matters. */
export interface ComparisonRule extends RuleText {
  readonly template: "comparison";
  readonly measure: MeasureId;
  readonly statistic: Statistic;
  readonly ratioAtLeast: number;
  readonly differenceAtLeast: number;
}

/** Fires for hosts unlike their peers of the same side and role. */
export interface ImbalanceRule extends RuleText {
  readonly template: "imbalance";
  readonly measure: MeasureId;
  readonly statistic: Statistic;
  /** Above the median of the peers by so much, and far outside their spread. */
  readonly differenceAtLeast: number;
}

export interface Condition {
  readonly measure: MeasureId;
  readonly statistic: Statistic;
  readonly atLeast?: number;
  readonly below?: number;
}

/** Fires for hosts that meet all conditions; the first one's measure is shown. */
export interface ConjunctionRule extends RuleText {
  readonly template: "conjunction";
  readonly conditions: readonly [Condition, ...Condition[]];
}

/**
 * Fires for hosts on which a measure falls to a lower level for good while another goes on: what was
 * delivered has become less, what is asked for has not.
 */
export interface DropRule extends RuleText {
  readonly template: "drop";
  readonly measure: MeasureId;
  readonly statistic: "mean";
  /** The later level by the earlier one. */
  readonly ratioAtMost: number;
  /** Holds before and after. */
  readonly while: { readonly measure: MeasureId; readonly atLeast: number };
}

export type Rule = ThresholdRule | ComparisonRule | ImbalanceRule | ConjunctionRule | DropRule;

/** The measure a rule shows. */
export function shownMeasure(rule: Rule): { measure: MeasureId; statistic: Statistic } {
  return rule.template === "conjunction" ? rule.conditions[0] : rule;
}
