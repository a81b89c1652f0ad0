import type { CliCommand } from "../command.ts";
import { ANONYMIZE_HELP } from "../anonymize-option.ts";
import { DB_FLAG, DB_HELP } from "../store-option.ts";

export const command: CliCommand = {
  name: "report",
  summary: "say what limited one run, and who used what",
  description:
    "Diagnoses one run by itself: the resource that limited it, every resource with its status on each\n" +
    "host, the processes, disks and interfaces that were busiest, and what the hosts are. RUN is a folder\n" +
    "of recordings, or cluster/run of a store, with or without a window, as in `perfmon compare`.\n" +
    "docs/report.md explains the page and the JSON.",
  examples: [
    ["perfmon report ./before", "a recording"],
    ["perfmon report cloud/tuesday@+60s..+300s --db bench.duckdb", "a stretch of a run of a store"],
    ["perfmon report cloud/tuesday --html report.html", "a page with pictures"],
  ],
  define: (command, context) => {
    command
      .argument("<run>", "folder or cluster/run, with or without @window")
      .option(DB_FLAG, DB_HELP)
      .option("--json", "the whole answer as JSON (docs/report.md)")
      .option("--html <file>", "also a page with pictures, one file that needs nothing else")
      .option("--anonymize", ANONYMIZE_HELP)
      .action(async (run, options) => {
        const { report } = await import("../actions/report.ts");
        await report(run, options, context);
      });
  },
};
