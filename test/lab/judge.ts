/** What `perfmon compare` says of a pair of recordings, and whether that is what was planted. */
import type { Comparison, Verdict } from "../../src/analysis/comparison.ts";
import { perfmon } from "../support/run-cli.ts";
import type { Expectation, Pair } from "./scenario.ts";

export async function compareRecordings({ baseline, candidate }: Pair): Promise<Comparison> {
  const { stdout, stderr, exitCode } = await perfmon(["compare", baseline, candidate, "--json"]);
  if (exitCode !== 0) throw new Error(`perfmon compare ${baseline} ${candidate}: ${stderr}`);
  return JSON.parse(stdout) as Comparison;
}

export function isRight(verdict: Verdict, expected: Expectation): boolean {
  const { outcome, slower, bottleneck, scope, hosts } = expected;
  return (
    verdict.outcome === outcome &&
    verdict.slower === slower &&
    bottleneck.includes(verdict.bottleneck) &&
    (scope === undefined || verdict.scope === scope) &&
    (hosts === undefined || verdict.hosts.join() === hosts.join())
  );
}

/** A difference where there is none. */
export function isFalseAlarm(outcome: string, expected: Expectation): boolean {
  return expected.outcome === "no-difference" && outcome === "difference";
}

/** The answer in one word, as the confusion table has it. */
export function answerOf({ outcome, bottleneck }: Verdict): string {
  return outcome === "difference" ? bottleneck : outcome;
}
