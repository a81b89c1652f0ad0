import type { CliCommand } from "../command.ts";
import { ANONYMIZE_HELP } from "../anonymize-option.ts";
import { DB_FLAG, DB_HELP } from "../store-option.ts";

export const command: CliCommand = {
  name: "export",
  summary: "write a run or a recording in another format",
  description:
    "Writes the values of a run in a store, or of recordings, as text logs of Windows Performance\n" +
    "Monitor (PDH-CSV, PDH-TSV): its charts, relog, PAL and every spreadsheet open them. RUN is\n" +
    "cluster/run, or a recording's folder, with or without a window, as in `perfmon compare`. Each host\n" +
    "becomes a file of its own, named FILE-HOST when there are several; one host without -o goes to\n" +
    "standard output. docs/formats.md describes the files.",
  examples: [
    ["perfmon export cloud/tuesday -o tuesday.csv", "all counters, a file per host"],
    [
      String.raw`perfmon export before@+60s..+300s -f tsv --counters '\Processor(_Total)\*' Memory`,
      "some counters of a stretch of a recording, to standard output",
    ],
  ],
  define: (command, context) => {
    command
      .argument("<run>", "cluster/run or folder, with or without a window")
      .option("-f, --format <format>", "csv or tsv", "csv")
      .option("-o, --output <file>", "file to write")
      .option("-c, --counters <path...>", "only these counter paths; wildcards allowed")
      .option("--anonymize", ANONYMIZE_HELP)
      .option(DB_FLAG, DB_HELP)
      .action(async (run, options) => {
        const { exportRun } = await import("../actions/export.ts");
        await exportRun(run, options, context);
      });
  },
};
