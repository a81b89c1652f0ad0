/**
 * The lab's whole table in seconds and without root: recordings of every scenario are kept, and
 * compared. Verdicts must not hang on where exactly a threshold lies.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Comparison, Verdict } from "../../src/analysis/comparison.ts";
import { compareRuns } from "../../src/analysis/compare.ts";
import type { ComparisonOptions, RunOfSource } from "../../src/analysis/options.ts";
import { randomFromText } from "../../src/analysis/statistics/random.ts";
import {
  DEFAULT_THRESHOLDS,
  THRESHOLD_IDS,
  type Thresholds,
} from "../../src/analysis/thresholds.ts";
import { renderJson } from "../../src/report/json.ts";
import { openSide, type ComparedSide } from "../../src/cli/compare/side.ts";
import { quietContext } from "../support/run-cli.ts";
import { allScenarios } from "./all-scenarios.ts";
import { answerOf, isFalseAlarm, isRight } from "./judge.ts";
import { keptRecordings } from "./kept-recordings.ts";
import { rememberingSource } from "./remembering-source.ts";
import { readResults } from "./results.ts";
import { pairsOf, type Expectation } from "./scenario.ts";

const TIMEOUT_MS = 120_000;
/** The verdict alone: no findings. */
const VERDICT_ONLY: ComparisonOptions = { rules: [], mostDifferences: 0 };

interface KeptPair {
  readonly name: string;
  readonly expected: Expectation;
  readonly baseline: RunOfSource;
  readonly candidate: RunOfSource;
}

const scenarios = await allScenarios();
const opened = new Map<string, ComparedSide>();
const pairs: KeptPair[] = [];

beforeAll(async () => {
  const sides = new Map<string, RunOfSource>();
  for (const [name, { expected }] of scenarios) {
    for (const pair of pairsOf(keptRecordings(name))) {
      for (const folder of [pair.baseline, pair.candidate]) {
        if (sides.has(folder)) continue;
        const side = await openSide(folder, "", quietContext());
        opened.set(folder, side);
        sides.set(folder, { source: rememberingSource(side.source), run: side.run });
      }
      const [baseline, candidate] = [sides.get(pair.baseline)!, sides.get(pair.candidate)!];
      pairs.push({ name: pair.name === "-" ? name : pair.name, expected, baseline, candidate });
    }
  }
}, TIMEOUT_MS);
afterAll(async () => {
  for (const side of opened.values()) await side.close();
});

function shown(name: string, verdict: Verdict): string {
  return `${name}: ${answerOf(verdict)}, slower ${verdict.slower}, ${verdict.scope} ${verdict.hosts.join()}`;
}

/** Pairs whose verdict is not what was planted, with what it is. */
async function wrongWith(thresholds: Thresholds, some = pairs): Promise<string[]> {
  const wrong: string[] = [];
  for (const { name, expected, baseline, candidate } of some) {
    const { verdict } = await compareRuns(baseline, candidate, { ...VERDICT_ONLY, thresholds });
    // Of equal pairs some may differ by so much that it remains open; none may be called different.
    const equal = expected.outcome === "no-difference";
    const isWrong = equal ? isFalseAlarm(verdict.outcome, expected) : !isRight(verdict, expected);
    if (isWrong) wrong.push(shown(name, verdict));
  }
  return wrong;
}

/** One pair of each scenario. */
function planted(): KeptPair[] {
  return pairs.filter(({ expected }, i) => pairs[i - 1]?.expected !== expected);
}

function scaled(factor: (i: number) => number): Thresholds {
  return Object.fromEntries(
    THRESHOLD_IDS.map((id, i) => [id, DEFAULT_THRESHOLDS[id] * factor(i)]),
  ) as Thresholds;
}

describe("kept recordings of the lab", () => {
  const run = new Set(readResults().map(({ scenario }) => scenario));
  it.each([...scenarios.keys()].filter((name) => run.has(name)))("are there of %s", (name) => {
    expect(pairsOf(keptRecordings(name)).length).toBeGreaterThan(0);
  });

  it("get the verdicts that were planted, all of them", { timeout: TIMEOUT_MS }, async () => {
    expect(await wrongWith(DEFAULT_THRESHOLDS)).toEqual([]);
  });

  it("get them with all thresholds 20 % lower or higher", { timeout: TIMEOUT_MS }, async () => {
    expect(await wrongWith(scaled(() => 0.8))).toEqual([]);
    expect(await wrongWith(scaled(() => 1.2))).toEqual([]);
  });

  it("get them with some lower and some higher", { timeout: TIMEOUT_MS }, async () => {
    for (const seed of ["a", "b", "c"]) {
      const random = randomFromText(seed);
      expect(await wrongWith(scaled(() => (random.integer(2) === 0 ? 0.8 : 1.2)))).toEqual([]);
    }
  });

  it.each(THRESHOLD_IDS)("get them with %s alone moved", { timeout: TIMEOUT_MS }, async (id) => {
    for (const factor of [0.8, 1.2]) {
      const thresholds = { ...DEFAULT_THRESHOLDS, [id]: DEFAULT_THRESHOLDS[id] * factor };
      expect(await wrongWith(thresholds, planted()), `times ${factor}`).toEqual([]);
    }
  });

  it("divide all of the difference in duration", { timeout: TIMEOUT_MS }, async () => {
    for (const { name, baseline, candidate } of pairs) {
      const { timeAttribution }: Comparison = await compareRuns(baseline, candidate, VERDICT_ONLY);
      const { seconds, extraSeconds } = timeAttribution;
      const sum = Object.values(extraSeconds).reduce((total, value) => total + value, 0);
      expect(sum, name).toBeCloseTo(seconds.candidate - seconds.baseline, 9);
    }
  });

  it("give the same bytes 20 times", { timeout: TIMEOUT_MS }, async () => {
    for (const { name, baseline, candidate } of planted().slice(0, 3)) {
      const texts = new Set<string>();
      for (let i = 0; i < 20; i++) texts.add(renderJson(await compareRuns(baseline, candidate)));
      expect(texts.size, name).toBe(1);
    }
  });
});
