/**
 * Limits of a person's own: a JSON document that sets what rules and state shares rest on, checked
 * against what there is. `docs/rules.md` lists the ids.
 *
 *     { "thresholds": { "missing-from": 15 },
 *       "rules": { "disk-saturated": { "limits": { "diskUse": 90 }, "severity": "warning" },
 *                  "cpu-kernel-time": { "off": true } } }
 */
import { UserError } from "../../util/errors.ts";
import type { Severity } from "../comparison.ts";
import { THRESHOLD_IDS, type Thresholds } from "../thresholds.ts";
import { RULES } from "./index.ts";
import type { Condition, Rule } from "./template.ts";

export interface Overrides {
  readonly rules: readonly Rule[];
  readonly thresholds: Partial<Thresholds>;
}

const SEVERITIES: readonly Severity[] = ["critical", "warning", "info"];

/**
 * @param text of the document
 * @param name for messages: the file
 * @throws UserError that names the first thing that is wrong
 */
export function parseOverrides(text: string, name: string): Overrides {
  const fail = (what: string): never => {
    throw new UserError(
      `${name}: ${what}`,
      "docs/rules.md lists the ids of rules and thresholds, and what can be set.",
    );
  };
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return fail(`this is not JSON (${(error as Error).message}).`);
  }
  const top = objectAt(document, "the document", ["thresholds", "rules"], fail);
  const thresholds = objectAt(top["thresholds"] ?? {}, "thresholds", THRESHOLD_IDS, fail);
  for (const [id, value] of Object.entries(thresholds)) positive(value, `thresholds.${id}`, fail);
  const rules = objectAt(
    top["rules"] ?? {},
    "rules",
    RULES.map(({ id }) => id),
    fail,
  );
  return {
    thresholds,
    rules: RULES.flatMap((rule) => changed(rule, rules[rule.id], fail)),
  };
}

/** The numbers of a rule that can be set, by name. */
export function limitsOfRule(rule: Rule): Record<string, number> {
  switch (rule.template) {
    case "threshold":
      return { atLeast: rule.atLeast };
    case "comparison":
      return { ratioAtLeast: rule.ratioAtLeast, differenceAtLeast: rule.differenceAtLeast };
    case "imbalance":
      return { differenceAtLeast: rule.differenceAtLeast };
    case "drop":
      return { ratioAtMost: rule.ratioAtMost, while: rule.while.atLeast };
    case "conjunction":
      return Object.fromEntries(
        rule.conditions.map(({ measure, atLeast, below }) => [measure, (atLeast ?? below)!]),
      );
  }
}

function changed(rule: Rule, wish: unknown, fail: (what: string) => never): Rule[] {
  if (wish === undefined) return [rule];
  const at = `rules.${rule.id}`;
  const { off, severity, limits } = objectAt(wish, at, ["off", "severity", "limits"], fail);
  if (off !== undefined && typeof off !== "boolean") fail(`${at}.off is neither true nor false.`);
  if (off === true) return [];
  if (severity !== undefined && !SEVERITIES.includes(severity as Severity)) {
    fail(`${at}.severity is none of ${SEVERITIES.join(", ")}.`);
  }
  const own = limitsOfRule(rule);
  const set = objectAt(limits ?? {}, `${at}.limits`, Object.keys(own), fail);
  for (const [key, value] of Object.entries(set)) positive(value, `${at}.limits.${key}`, fail);
  const merged = { ...own, ...(set as Record<string, number>) };
  const graded = severity === undefined ? rule : { ...rule, severity: severity as Severity };
  return [withLimits(graded, merged)];
}

function withLimits(rule: Rule, limits: Readonly<Record<string, number>>): Rule {
  if (rule.template === "drop") {
    return {
      ...rule,
      ratioAtMost: limits["ratioAtMost"]!,
      while: { ...rule.while, atLeast: limits["while"]! },
    };
  }
  if (rule.template !== "conjunction") return { ...rule, ...limits };
  const own = (condition: Condition): Condition => {
    const limit = limits[condition.measure]!;
    return condition.atLeast === undefined
      ? { ...condition, below: limit }
      : { ...condition, atLeast: limit };
  };
  const [first, ...others] = rule.conditions;
  return { ...rule, conditions: [own(first), ...others.map(own)] };
}

function objectAt(
  value: unknown,
  at: string,
  keys: readonly string[],
  fail: (what: string) => never,
): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return fail(`${at} is not an object.`);
  }
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) fail(`${at} has no "${unknown}".`);
  return value as Readonly<Record<string, unknown>>;
}

function positive(value: unknown, at: string, fail: (what: string) => never): void {
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
    fail(`${at} is not a number of at least 0.`);
  }
}
