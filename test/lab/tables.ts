/** What the results come to: which cause was called what, and how far confidence can be trusted. */
import { isFalseAlarm } from "./judge.ts";
import type { ResultRow } from "./results.ts";
import type { Scenario } from "./scenario.ts";
import { wilsonInterval } from "./wilson.ts";

const ANSWERS = [
  "cpu",
  "memory",
  "disk",
  "network",
  "virtualization",
  "none",
  "no-difference",
  "inconclusive",
];

/** Markdown; a row per scenario that has results or is still without. */
export function confusionTable(
  rows: readonly ResultRow[],
  scenarios: ReadonlyMap<string, Scenario>,
): string {
  const lines = [...scenarios].map(([name, { expected, machine }]) => {
    const own = rows.filter(({ scenario }) => scenario === name);
    const right = own.filter((row) => row.right).length;
    const counts = ANSWERS.map((answer) => {
      const count = own.filter((row) => row.answer === answer).length;
      return count === 0 ? "" : isPlanted(answer, expected) ? `**${count}**` : String(count);
    });
    return [name, machine, ...counts, `${right} of ${own.length}`, interval(right, own.length)];
  });
  const planted = rows.filter(({ scenario }) => isOf(scenarios, scenario, "difference"));
  const equal = rows.filter(({ scenario }) => isOf(scenarios, scenario, "no-difference"));
  const right = planted.filter((row) => row.right).length;
  const alarms = equal.filter(({ scenario, answer }) => {
    const { expected } = scenarios.get(scenario)!;
    const outcome = answer === "no-difference" || answer === "inconclusive" ? answer : "difference";
    return isFalseAlarm(outcome, expected);
  }).length;
  return [
    markdownTable(["planted", "on", ...ANSWERS, "right", "95 % interval"], lines),
    "",
    `Planted causes named right: ${right} of ${planted.length}, ${interval(right, planted.length)}. ` +
      `False alarms among equal pairs: ${alarms} of ${equal.length}, ${interval(alarms, equal.length)}.`,
  ].join("\n");
}

const CONFIDENCES = [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** Of the verdicts with about the same confidence, how many are right. */
export function reliabilityTable(rows: readonly ResultRow[]): string {
  // Who says that nothing can be said claims nothing.
  const claims = rows.filter(({ answer }) => answer !== "inconclusive");
  const lines = CONFIDENCES.slice(1).flatMap((below, i) => {
    const from = CONFIDENCES[i]!;
    const own = claims.filter(({ confidence }) => confidence >= from && confidence < below);
    if (own.length === 0) return [];
    const mean = own.reduce((sum, { confidence }) => sum + confidence, 0) / own.length;
    const right = own.filter((row) => row.right).length;
    return [
      [
        `${from.toFixed(1)} to ${below.toFixed(1)}`,
        String(own.length),
        mean.toFixed(2),
        (right / own.length).toFixed(2),
        interval(right, own.length),
      ],
    ];
  });
  return markdownTable(["confidence", "verdicts", "mean", "right", "95 % interval"], lines);
}

function isPlanted(answer: string, { outcome, bottleneck }: Scenario["expected"]): boolean {
  return outcome === "difference"
    ? (bottleneck as readonly string[]).includes(answer)
    : answer === outcome;
}

function isOf(scenarios: ReadonlyMap<string, Scenario>, name: string, outcome: string): boolean {
  return scenarios.get(name)?.expected.outcome === outcome;
}

function interval(count: number, of: number): string {
  if (of === 0) return "";
  const [low, high] = wilsonInterval(count, of);
  return `${low.toFixed(2)} to ${high.toFixed(2)}`;
}

/** Padded as the formatter has it. */
function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) =>
    Math.max(3, title.length, ...rows.map((row) => row[i]!.length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
