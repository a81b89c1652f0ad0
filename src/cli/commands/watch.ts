import type { CliCommand } from "../command.ts";

export const command: CliCommand = {
  name: "watch",
  summary: "show this host, or print values of counters, live",
  description:
    "Without PATH shows this host on a full screen: CPU, memory, disks, network, pressure and the\n" +
    "processes, with keys to sort, scroll and freeze (h for help); plain text in a pipe.\n\n" +
    "With PATH prints the values of counters of this host, interval by interval: on a terminal as a table that\n" +
    "is refreshed in place, in a pipe as CSV in the form of Perfmon's own (PDH-CSV). CSV and TSV keep\n" +
    "the instances they began with; the table and JSON show those that come and go.",
  examples: [
    ["perfmon watch", "this host on a full screen"],
    [
      String.raw`perfmon watch '\Processor(_Total)\% Processor Time' '\Memory\Available Bytes'`,
      "two counters, every second",
    ],
    ["perfmon watch 'Pressure(*)' -i 5s", "all pressure counters, every 5 seconds"],
    [
      String.raw`perfmon watch '\PhysicalDisk(sd*)\*' -n 60 > disks.csv`,
      "a minute of all disks, for a spreadsheet",
    ],
    [String.raw`perfmon watch '\System\*' --format json | jq .values`, "one JSON object per line"],
  ],
  define: (command, context) => {
    command
      .argument("[path...]", "counter paths; wildcards allowed")
      .option("-i, --interval <time>", "time between samples", "1s")
      .option("-n, --count <number>", "stop after this many (default: run until Ctrl-C)")
      .option(
        "-f, --format <format>",
        "csv, tsv, json or table (default: table on a terminal, else csv)",
      )
      .action(async (paths, options) => {
        const { watch } = await import("../actions/watch.ts");
        await watch(paths, options, context);
      });
  },
};
