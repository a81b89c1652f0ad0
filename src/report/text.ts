/** A comparison as text: the verdict first, then what it rests on; 100 columns wide. */
import type { Comparison, Finding, ResourceUse, RunSummary } from "../analysis/comparison.ts";
import { secondsText } from "../analysis/number-text.ts";
import { RESOURCES, STATES } from "../analysis/resources.ts";
import { paint, type Paint } from "./color.ts";
import { compactNumber, signedSeconds } from "./numbers.ts";
import { cut, left, right, tableLines, wrap } from "./table.ts";

export interface TextOptions {
  /** ANSI colors. */
  readonly color?: boolean;
}

const WIDTH = 100;
const MOST_FINDINGS = 5;
const MOST_DIFFERENCES = 10;
const MOST_INVENTORY = 10;

export function renderText(comparison: Comparison, options: TextOptions = {}): string {
  const color = paint(options.color === true);
  const sections = [
    verdictLines(comparison, color),
    evidenceLines(comparison, color),
    timeLines(comparison, color),
    resourceLines(comparison, color),
    inventoryLines(comparison, color),
    differenceLines(comparison, color),
    noteLines(comparison, color),
    nextLines(comparison, color),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function verdictLines({ verdict, baseline, candidate }: Comparison, color: Paint): string[] {
  const tint = { difference: color.red, "no-difference": color.green, inconclusive: color.yellow };
  const confidence =
    verdict.outcome === "inconclusive" ? "" : `Confidence ${verdict.confidence.toFixed(2)} of 1.`;
  return [
    color.bold("VERDICT"),
    ...wrap(verdict.summary, WIDTH, "  ").map(tint[verdict.outcome]),
    ...(confidence === "" ? [] : [`  ${confidence}`]),
    "",
    ...tableLines(
      [left("  "), left("cluster/run", 40), right("hosts"), left("from (UTC)"), right("duration")],
      [runRow("baseline", baseline), runRow("candidate", candidate)],
    ),
  ];
}

function runRow(side: string, run: RunSummary): string[] {
  return [
    `  ${side}`,
    `${run.cluster}/${run.run}`,
    String(run.hosts.length),
    run.from === null ? "-" : run.from.slice(0, 19).replace("T", " "),
    secondsText(run.durationSeconds),
  ];
}

/** Findings that explain; the per-counter differences have a table of their own. */
function evidenceLines({ findings, verdict }: Comparison, color: Paint): string[] {
  const rules = findings.filter(isEvidence);
  const ofBottleneck = rules.filter(({ resource }) => resource === verdict.bottleneck);
  const shown = (ofBottleneck.length > 0 ? ofBottleneck : rules)
    .filter(({ counter }, i, all) => all.findIndex((other) => other.counter === counter) === i)
    .slice(0, MOST_FINDINGS);
  const others = rules.length - shown.length;
  if (shown.length === 0) return [];
  return [
    color.bold("EVIDENCE"),
    ...shown.flatMap((finding) => [
      ...wrap(`${tag(finding)} ${finding.message}`, WIDTH, "  "),
      color.dim(cut(`    ${where(finding)}`, WIDTH)),
    ]),
    ...(others > 0 ? [color.dim(`  and ${others} more findings (--json shows all)`)] : []),
  ];
}

function isEvidence({ rule }: Finding): boolean {
  return rule !== "counter-difference";
}

function tag({ severity, cluster, rule }: Finding): string {
  return rule.startsWith("process-") ? "[process]" : `[${severity}, ${cluster}]`;
}

function where({ counter, hosts }: Finding): string {
  return hosts.length > 1 ? `${counter}  on ${hosts.length} hosts: ${hosts.join(", ")}` : counter;
}

function timeLines({ timeAttribution, baseline, candidate }: Comparison, color: Paint): string[] {
  const { extraSeconds } = timeAttribution;
  const seconds = (share: number, run: RunSummary) => (share * run.durationSeconds).toFixed(1);
  const rows = STATES.filter(
    (state) =>
      timeAttribution.baseline[state] >= 0.005 || timeAttribution.candidate[state] >= 0.005,
  ).map((state) => [
    `  ${state}`,
    seconds(timeAttribution.baseline[state], baseline),
    percent(timeAttribution.baseline[state]),
    seconds(timeAttribution.candidate[state], candidate),
    percent(timeAttribution.candidate[state]),
    signedSeconds(extraSeconds[state]),
  ]);
  if (rows.length === 0) return [];
  const columns = [
    left("  limited by"),
    right("baseline s"),
    right("%"),
    right("candidate s"),
    right("%"),
    right("extra s"),
  ];
  const difference = candidate.durationSeconds - baseline.durationSeconds;
  const total = [
    "  all",
    baseline.durationSeconds.toFixed(1),
    "100.0",
    candidate.durationSeconds.toFixed(1),
    "100.0",
    signedSeconds(difference),
  ];
  return [color.bold("WHERE THE TIME WENT"), ...tableLines(columns, [...rows, total])];
}

function resourceLines({ resources, limits }: Comparison, color: Paint): string[] {
  const columns = [
    left("  resource"),
    right("used %"),
    right("waited %"),
    right("errors/s"),
    right("used %"),
    right("waited %"),
    right("errors/s"),
    left("candidate is"),
  ];
  const rows = RESOURCES.map((resource) => {
    const { baseline, candidate, state } = resources[resource];
    return [`  ${resource}`, ...useCells(baseline), ...useCells(candidate), state];
  });
  const signals = RESOURCES.map(
    (resource) => `${resource} ${resources[resource].candidate.signal}`,
  );
  const limitText = (limit: string) => (limit === "none" ? "no resource" : limit);
  const lines = tableLines(columns, rows);
  return [
    color.bold("RESOURCES (utilization, saturation, errors)"),
    groupTitles(lines[0] ?? ""),
    ...lines,
    ...wrap(`Waiting is read from: ${signals.join("; ")}.`, WIDTH, "  "),
    `  Limiting resource: ${limitText(limits.baseline)} in the baseline, ${limitText(limits.candidate)} in the candidate.`,
  ];
}

/** "baseline" and "candidate" above the first of their three columns each. */
function groupTitles(header: string): string {
  const first = header.indexOf("used %");
  const second = header.indexOf("used %", first + 1);
  return `${" ".repeat(first)}${"baseline".padEnd(second - first)}candidate`;
}

function useCells({ utilization, saturation, errors }: ResourceUse): string[] {
  const cell = (value: number | null, digits: number) =>
    value === null ? "-" : value.toFixed(digits);
  return [cell(utilization, 1), cell(saturation, 1), cell(errors, 2)];
}

function inventoryLines({ inventory }: Comparison, color: Paint): string[] {
  const shown = inventory
    .filter(({ relevance }) => relevance !== "low")
    .slice(0, MOST_INVENTORY)
    .map(({ key, baseline, candidate, relevance }) => [
      `  ${key}`,
      baseline ?? "-",
      candidate ?? "-",
      relevance,
    ]);
  if (shown.length === 0) return [];
  const more = inventory.length - shown.length;
  return [
    color.bold("INVENTORY DIFFERENCES"),
    ...tableLines(
      [left("  key", 34), left("baseline", 26), left("candidate", 26), left("relevance")],
      shown,
    ),
    ...(more > 0 ? [color.dim(`  and ${more} more`)] : []),
  ];
}

function differenceLines({ findings }: Comparison, color: Paint): string[] {
  const rows = findings
    .filter((finding) => !isEvidence(finding))
    .slice(0, MOST_DIFFERENCES)
    .map(({ counter, baseline, candidate, ratio, interval }) => [
      `  ${counter.slice(4)}`,
      compactNumber(baseline),
      compactNumber(candidate),
      ratio === null ? "-" : ratio.toFixed(2),
      interval === null ? "-" : `${compactNumber(interval[0])} .. ${compactNumber(interval[1])}`,
    ]);
  if (rows.length === 0) return [];
  return [
    color.bold("TOP DIFFERENCES BY COUNTER (means; interval of candidate - baseline, 95 %)"),
    ...tableLines(
      [
        left("  counter", 46),
        right("baseline"),
        right("candidate"),
        right("ratio"),
        right("interval", 24),
      ],
      rows,
    ),
  ];
}

function noteLines({ comparability }: Comparison, color: Paint): string[] {
  const mark = { error: "!!", warning: "! ", info: "- " };
  return comparability.length === 0
    ? []
    : [
        color.bold("COMPARABILITY"),
        ...comparability.flatMap(({ severity, message }) => {
          const [first = "", ...rest] = wrap(message, WIDTH - 5);
          return [`  ${mark[severity]} ${first}`, ...rest.map((line) => `     ${line}`)];
        }),
      ];
}

function nextLines({ findings, verdict }: Comparison, color: Paint): string[] {
  const leading =
    findings.find((finding) => isEvidence(finding) && finding.resource === verdict.bottleneck) ??
    findings.find(isEvidence);
  if (!leading || verdict.outcome === "no-difference") return [];
  return [color.bold("CHECK NEXT"), ...wrap(leading.next, WIDTH, "  ")];
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
