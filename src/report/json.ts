/** A comparison as JSON: the keys in the order of `docs/compare-json.md`, indented, one newline. */
import type { Comparison } from "../analysis/comparison.ts";

export function renderJson(comparison: Comparison): string {
  const {
    schema,
    baseline,
    candidate,
    comparability,
    inventory,
    resources,
    timeAttribution,
    limits,
    verdict,
    phases,
    stragglers,
    findings,
  } = comparison;
  const ordered: Comparison = {
    schema,
    baseline,
    candidate,
    comparability,
    inventory,
    resources,
    timeAttribution,
    limits,
    verdict,
    phases,
    stragglers,
    findings,
  };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}
