import type { CliCommand } from "../command.ts";
import { DB_FLAG, DB_HELP } from "../store-option.ts";

export const command: CliCommand = {
  name: "load",
  summary: "load recordings into a store",
  description:
    "Loads recordings in bulk into a store, which is made when it is not there. RECORDING is a folder\n" +
    "that `perfmon record` wrote, or a folder of such folders. What has been loaded before is not\n" +
    "loaded again: loading twice, after a kill, or a recording that has grown adds what is missing.",
  examples: [
    ["perfmon load cloud/ onprem/ --db bench.duckdb", "all recordings below two folders"],
    ["perfmon load ./before", "into perfmon.duckdb in this folder"],
  ],
  define: (command, context) => {
    command
      .argument("<recording...>", "folders")
      .option(DB_FLAG, DB_HELP)
      .option("--json", "the result as JSON")
      .action(async (recordings, options) => {
        const { loadRecordings } = await import("../actions/load.ts");
        await loadRecordings(recordings, options, context);
      });
  },
};
