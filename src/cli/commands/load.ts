import type { CliCommand } from "../command.ts";
import { DB_FLAG, DB_HELP } from "../store-option.ts";

export const command: CliCommand = {
  name: "load",
  summary: "load recordings into a store",
  description:
    "Loads recordings in bulk into a store, which is made when it is not there. RECORDING is a folder\n" +
    "that `perfmon record` wrote, a folder of such folders, or a text log of Windows Performance Monitor\n" +
    "or `perfmon export` (FILE.csv, FILE.tsv), for which the options name cluster, run, host and role.\n" +
    "What has been loaded before is not loaded again: loading twice, after a kill, or a recording that\n" +
    "has grown adds what is missing.",
  examples: [
    ["perfmon load cloud/ onprem/ --db bench.duckdb", "all recordings below two folders"],
    ["perfmon load ./before", "into perfmon.duckdb in this folder"],
    ["perfmon load DataCollector01.csv --cluster windows --run monday", "a log of Windows"],
  ],
  define: (command, context) => {
    command
      .argument("<recording...>", "folders, or text logs")
      .option(DB_FLAG, DB_HELP)
      .option("--cluster <name>", "text logs: the cluster their host belongs to (default: local)")
      .option("--run <name>", "text logs: name of the run (default: the file's name)")
      .option("--host <name>", "text logs: name of the host (default: as in the file)")
      .option("--role <role>", "text logs: the host's role in the cluster (default: worker)")
      .option("--bias <minutes>", "text logs: UTC minus local time, where the file is wrong")
      .option("--encoding <name>", "text logs: windows-1251, ... (default: found out)")
      .option("--json", "the result as JSON")
      .action(async (recordings, options) => {
        const { loadRecordings } = await import("../actions/load.ts");
        await loadRecordings(recordings, options, context);
      });
  },
};
