/** The kept table of all that the lab has run: one line per comparison, added and never changed. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../support/source-files.ts";

export const RESULTS_FILE = join(projectRoot, "test", "lab", "results.tsv");

const COLUMNS = [
  "date",
  "commit",
  "scenario",
  "repeat",
  "pair",
  "answer",
  "slower",
  "scope",
  "hosts",
  "confidence",
  "right",
  "baselineSeconds",
  "candidateSeconds",
] as const;

/** As text; what is counted with is in `ResultRow`. */
type Column = (typeof COLUMNS)[number];

export interface ResultRow {
  readonly date: string;
  readonly commit: string;
  readonly scenario: string;
  readonly repeat: number;
  /** Which of several pairs of recordings; `-` when there is one. */
  readonly pair: string;
  readonly answer: string;
  readonly slower: string;
  readonly scope: string;
  readonly hosts: string;
  readonly confidence: number;
  readonly right: boolean;
  readonly baselineSeconds: number;
  readonly candidateSeconds: number;
}

export function readResults(file = RESULTS_FILE): ResultRow[] {
  if (!existsSync(file)) return [];
  const [, ...lines] = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => {
    const texts = line.split("\t");
    const of = (column: Column) => texts[COLUMNS.indexOf(column)] ?? "";
    return {
      date: of("date"),
      commit: of("commit"),
      scenario: of("scenario"),
      repeat: Number(of("repeat")),
      pair: of("pair"),
      answer: of("answer"),
      slower: of("slower"),
      scope: of("scope"),
      hosts: of("hosts"),
      confidence: Number(of("confidence")),
      right: of("right") === "yes",
      baselineSeconds: Number(of("baselineSeconds")),
      candidateSeconds: Number(of("candidateSeconds")),
    };
  });
}

/** All rows of a repeat in one write: a kill leaves all of them or none. */
export function addResults(rows: readonly ResultRow[], file = RESULTS_FILE): void {
  if (!existsSync(file)) writeFileSync(file, `${COLUMNS.join("\t")}\n`);
  appendFileSync(
    file,
    rows.map((row) => `${COLUMNS.map((column) => cell(row[column])).join("\t")}\n`).join(""),
  );
}

function cell(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" ? String(Math.round(value * 100) / 100) : value || "-";
}

/** How often a scenario was run. */
export function repeatsOf(scenario: string, rows: readonly ResultRow[]): number {
  return Math.max(
    0,
    ...rows.filter((row) => row.scenario === scenario).map(({ repeat }) => repeat),
  );
}
