/** The text of docs/rules.md, from the rules and thresholds themselves. */
import { measureDefinition, type MeasureId } from "../src/analysis/measures.ts";
import { measureText } from "../src/analysis/number-text.ts";
import { RULES } from "../src/analysis/rules/index.ts";
import { limitsOfRule } from "../src/analysis/rules/override.ts";
import type { Condition, Rule } from "../src/analysis/rules/template.ts";
import { THRESHOLD_IDS, THRESHOLDS } from "../src/analysis/thresholds.ts";

const HEAD = `# Rules and thresholds

Generated from the rules themselves by \`npm run docs\`; do not edit.

Rules are what \`perfmon compare\` tells as findings; thresholds are what its state shares and verdict rest
on ([analysis.md](analysis.md)). Both can be set in a file of your own:

\`\`\`json
{
  "thresholds": { "missing-from": 15 },
  "rules": {
    "disk-saturated": { "limits": { "diskUse": 90 }, "severity": "warning" },
    "cpu-kernel-time": { "off": true }
  }
}
\`\`\`

\`\`\`sh
perfmon compare A B --rules own.json
\`\`\`

A rule looks at each host's mean over its time at work, unless it says otherwise. What it names in
\`limits\` is listed below under the rule.
`;

export function rulesDoc(): string {
  const resources = [...new Set(RULES.map(({ resource }) => resource))];
  const rules = resources.map((resource) => {
    const own = RULES.filter((rule) => rule.resource === resource);
    return `## ${resource}\n\n${own.map(ruleText).join("\n")}`;
  });
  return `${HEAD}\n${rules.join("\n")}\n## Thresholds\n\n${thresholdTable()}`;
}

function ruleText(rule: Rule): string {
  const limits = Object.entries(limitsOfRule(rule))
    .map(([name, value]) => `\`${name}\` ${value}`)
    .join(", ");
  return `### ${rule.id}

${capital(rule.severity)}. ${capital(conditionText(rule))}.

${rule.why} ${rule.next}

Limits: ${limits}.
`;
}

function conditionText(rule: Rule): string {
  switch (rule.template) {
    case "threshold": {
      const kind = rule.statistic === "mean" ? "" : ` (${rule.statistic})`;
      return `fires for hosts on which ${label(rule.measure)} is at least ${text(rule.atLeast, rule.measure)}${kind}`;
    }
    case "comparison":
      return `fires when ${label(rule.measure)} is at least ${rule.ratioAtLeast} times as much on one side, and ${text(rule.differenceAtLeast, rule.measure)} more`;
    case "imbalance":
      return `fires for hosts on which ${label(rule.measure)} is ${text(rule.differenceAtLeast, rule.measure)} above the median of at least 4 peers of the same role, and far outside their spread`;
    case "conjunction":
      return `fires for hosts on which ${rule.conditions.map(partText).join(" and ")}`;
    case "drop":
      return `fires for hosts on which ${label(rule.measure)} falls for good to ${Math.round(100 * rule.ratioAtMost)} % or less, while ${label(rule.while.measure)} is at least ${text(rule.while.atLeast, rule.while.measure)} before and after`;
  }
}

function partText({ measure, atLeast, below }: Condition): string {
  return atLeast === undefined
    ? `${label(measure)} is below ${text(below!, measure)}`
    : `${label(measure)} is at least ${text(atLeast, measure)}`;
}

function label(measure: MeasureId): string {
  return `${measureDefinition(measure).label} (\`${measure}\`)`;
}

function text(value: number, measure: MeasureId): string {
  return measureText(value, measureDefinition(measure).unit);
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function thresholdTable(): string {
  const rows = THRESHOLD_IDS.map((id) => {
    const { value, unit, help } = THRESHOLDS[id];
    return `| \`${id}\` | ${value} | ${unit} | ${help} |`;
  });
  return `| id | value | unit | meaning |\n| --- | --- | --- | --- |\n${rows.join("\n")}\n`;
}
