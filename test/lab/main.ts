/**
 * `npm run lab`: plants causes, records, compares, and keeps what came out.
 *
 * Brings every scenario to the same number of repeats, one more than before; what a kill has left out
 * is made up for by the next call.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { installLine, missingPackages } from "../../scripts/test-packages.mjs";
import { projectRoot } from "../support/source-files.ts";
import { allScenarios } from "./all-scenarios.ts";
import { benchFor, GUEST_PACKAGES } from "./bench.ts";
import { DisturbedRun, TRIES } from "./disturbed-run.ts";
import { answerOf, compareRecordings, isRight } from "./judge.ts";
import { writeLabPage } from "./lab-page.ts";
import { createNetwork } from "./lab-network.ts";
import { addResults, readResults, repeatsOf, type ResultRow } from "./results.ts";
import { RECORDINGS_FOLDER } from "./kept-recordings.ts";
import { pairsOf, type Scenario } from "./scenario.ts";
import { confusionTable, reliabilityTable } from "./tables.ts";

const MOST_GUESTS = 3;

const say = (text: string) => void process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      table: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      dry: { type: "boolean", default: false },
      repeats: { type: "string" },
    },
  });
  const scenarios = await allScenarios();
  const unknown = positionals.find((name) => !scenarios.has(name));
  if (unknown !== undefined) {
    fail(`There is no scenario ${unknown}. There are: ${[...scenarios.keys()].join(", ")}.`);
    return;
  }
  if (!values.table) {
    const names = positionals.length > 0 ? positionals : [...scenarios.keys()];
    const wanted = new Map(names.map((name) => [name, scenarios.get(name)!]));
    if (!canRun(wanted)) return;
    const rows = readResults();
    const done = names.map((name) => repeatsOf(name, rows));
    const goal = values.repeats ? Number(values.repeats) : Math.min(...done) + 1;
    await runAll(wanted, goal, values);
  }
  const rows = readResults();
  say(`\n${confusionTable(rows, scenarios)}\n\n${reliabilityTable(rows)}`);
  writeLabPage(rows, scenarios);
}

function canRun(scenarios: ReadonlyMap<string, Scenario>): boolean {
  const packages = [...scenarios.values()].flatMap((scenario) => scenario.packages ?? []);
  const missing = missingPackages([...new Set([...GUEST_PACKAGES, ...packages])]);
  if (missing.length > 0) fail(`The lab needs packages: ${installLine(missing)}`);
  else if (process.getuid?.() !== 0)
    fail("The lab makes a network for its guests: run it as root.");
  else return true;
  return false;
}

interface RunOptions {
  /** Recordings become the fixtures that `npm test` compares. */
  readonly keep: boolean;
  /** Results are shown and not kept. */
  readonly dry: boolean;
}

async function runAll(
  scenarios: ReadonlyMap<string, Scenario>,
  goal: number,
  options: RunOptions,
): Promise<void> {
  const started = Date.now();
  const network = createNetwork(MOST_GUESTS);
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  process.once("exit", () => network.remove());
  for (const [name, scenario] of scenarios) {
    const repeat = repeatsOf(name, readResults()) + 1;
    if (repeat > goal && !options.dry) continue;
    const before = Date.now();
    const folder = mkdtempSync(join(tmpdir(), "perfmon-lab-"));
    try {
      const bench = benchFor({
        folder,
        network,
        seed: repeat,
        onDisturbed: (message) => say(`${message}: once more`),
      });
      const recordings = await scenario.record(bench);
      const rows = await judged(name, scenario, repeat, recordings);
      if (!options.dry) addResults(rows);
      if (options.keep) keepRecordings(name, recordings);
      const seconds = Math.round((Date.now() - before) / 1000);
      for (const row of rows) say(`${shown(row, scenario)} [${seconds} s]`);
    } catch (error) {
      if (!(error instanceof DisturbedRun)) throw error;
      fail(`${name}: ${error.message}, ${TRIES} times; it has no result in this repeat.`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  say(`${Math.round((Date.now() - started) / 1000)} s in all`);
}

async function judged(
  name: string,
  scenario: Scenario,
  repeat: number,
  recordings: Readonly<Record<string, string>>,
): Promise<ResultRow[]> {
  const rows: ResultRow[] = [];
  for (const pair of pairsOf(recordings)) {
    const comparison = await compareRecordings(pair);
    const { verdict, baseline, candidate } = comparison;
    rows.push({
      date: new Date().toISOString().slice(0, 10),
      commit: commit(),
      scenario: name,
      repeat,
      pair: pair.name,
      answer: answerOf(verdict),
      slower: verdict.slower,
      scope: verdict.scope ?? "",
      hosts: verdict.hosts.join(","),
      confidence: verdict.confidence,
      right: isRight(verdict, scenario.expected),
      baselineSeconds: baseline.durationSeconds,
      candidateSeconds: candidate.durationSeconds,
    });
  }
  return rows;
}

function shown(row: ResultRow, { expected }: Scenario): string {
  const { scenario, repeat, pair, answer, right, confidence } = row;
  const times = `${row.baselineSeconds.toFixed(1)} s, ${row.candidateSeconds.toFixed(1)} s`;
  const planted = right ? "right" : `WRONG, planted ${expected.bottleneck.join(" or ")}`;
  const which = pair === "-" ? "" : ` ${pair}`;
  return `${scenario} ${repeat}${which}: ${answer} (${confidence}), ${planted}; ${times}`;
}

function keepRecordings(name: string, recordings: Readonly<Record<string, string>>): void {
  const folder = join(RECORDINGS_FOLDER, name);
  rmSync(folder, { recursive: true, force: true });
  for (const [side, from] of Object.entries(recordings)) {
    cpSync(from, join(folder, side), { recursive: true });
  }
}

/** What made a result, `+` when it was changed since. */
function commit(): string {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: projectRoot, encoding: "utf8" }).trim();
  const changed = git(
    "status",
    "--porcelain",
    "--",
    "src",
    "test/lab",
    ":!test/lab/results.tsv",
    ":!test/lab/recordings",
  );
  return `${git("rev-parse", "--short", "HEAD")}${changed ? "+" : ""}`;
}

function fail(message: string): void {
  process.stderr.write(`perfmon: ${message}\n`);
  process.exitCode = 1;
}

await main();
