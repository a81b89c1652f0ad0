import type { CliCommand } from "../command.ts";
import { ANONYMIZE_HELP } from "../anonymize-option.ts";
import { DB_FLAG, DB_HELP } from "../store-option.ts";

export const command: CliCommand = {
  name: "compare",
  summary: "compare two runs and name the bottleneck",
  description:
    "Compares two runs and says which is slower, why, and how sure that is. BASELINE and CANDIDATE are\n" +
    "folders of recordings, or names of runs in a store (cluster/run). A window narrows either:\n" +
    "@10:00..10:30 (UTC, on the day of the run), @+60s..+300s (from its start), @MARK (from a mark to\n" +
    "the next). Either end may be left out.",
  examples: [
    ["perfmon compare ./before ./after", "two recordings, loaded on the fly"],
    ["perfmon compare cloud/tuesday onprem/tuesday --db bench.duckdb", "two runs of a store"],
    ["perfmon compare ./rec@+0s..+60s ./rec@+60s..+120s", "before and after, on one host"],
    [
      "perfmon compare lab/1 lab/4 --baseline-runs lab/2,lab/3",
      "what differs between repeats is no difference",
    ],
    ["perfmon compare cloud/tuesday onprem/tuesday --html verdict.html", "a page to hand on"],
    ["perfmon compare a b --fail-on slower", "for CI: exit code 1 when the candidate is slower"],
  ],
  define: (command, context) => {
    command
      .argument("<baseline>", "folder or cluster/run, with or without @window")
      .argument("<candidate>", "folder or cluster/run, with or without @window")
      .option(DB_FLAG, DB_HELP)
      .option("--json", "the whole answer as JSON (docs/compare-json.md)")
      .option("--html <file>", "also a page with pictures, one file that needs nothing else")
      .option("--anonymize", ANONYMIZE_HELP)
      .option("--margin <percent>", "differences below this do not matter", "10")
      .option(
        "--baseline-runs <runs>",
        "repeats of the baseline, comma-separated (or all: of its cluster): their differences are noise",
      )
      .option("--rules <file>", "limits of your own (docs/rules.md)")
      .option(
        "--work <amount>",
        "work done by both (1TB), or by each (1000,950): compares per unit of work",
      )
      .option(
        "--fail-on <outcomes>",
        "exit with 1 on any of: slower (the candidate is), difference, inconclusive",
      )
      .action(async (baseline, candidate, options) => {
        const { compare } = await import("../actions/compare.ts");
        await compare(baseline, candidate, options, context);
      });
  },
};
