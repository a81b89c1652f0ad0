import type { CliCommand } from "../command.ts";
import { DB_FLAG, DB_HELP } from "../store-option.ts";

export const command: CliCommand = {
  name: "runs",
  summary: "list the runs of a store",
  description: "Lists the runs that a store holds, the newest first. Times are UTC.",
  examples: [
    ["perfmon runs", "what perfmon.duckdb in this folder holds"],
    ["perfmon runs --db bench.duckdb --json", "for scripts"],
  ],
  define: (command, context) => {
    command
      .option(DB_FLAG, DB_HELP)
      .option("--json", "as JSON")
      .action(async (options) => {
        const { listRuns } = await import("../actions/runs.ts");
        await listRuns(options, context);
      });
  },
};
