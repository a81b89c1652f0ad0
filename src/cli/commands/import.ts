import type { CliCommand } from "../command.ts";

export const command: CliCommand = {
  name: "import",
  summary: "make a recording of what other tools printed",
  description:
    "Makes a recording of text that iostat, vmstat, mpstat, free, ifstat, top, pidstat, sar, sadf and\n" +
    "iotop printed, in any language and version: FILE may be compressed with gzip, and its tool is\n" +
    "found out. Several files are those of one host and one capture; they become one recording.\n" +
    "What has no counter of ours becomes one of the object Imported. Averages since boot, which\n" +
    "several tools print first, and Average: lines are no samples. Times come from the text, as far as\n" +
    "they are printed, and else from the options. docs/import.md tells more.",
  examples: [
    ["perfmon import iostat.txt top.txt free.txt --cluster cloud --run tuesday", "one capture"],
    [
      "perfmon import free.txt --start '2026-11-24 14:00' --interval 5s --host node7",
      "a file that prints no times",
    ],
    [
      "perfmon import sa24.json.gz -o monday --timezone Europe/Berlin",
      "a day of sar, as `sadf -j /var/log/sysstat/sa24 -- -A` prints all of it",
    ],
  ],
  define: (command, context) => {
    command
      .argument("<file...>", "text files, compressed or not")
      .option("-o, --output <dir>", "folder to write (default: made from host and run)")
      .option("--cluster <name>", "cluster the host belongs to (default: local)")
      .option("--run <name>", "name of the run (default: the first file's name)")
      .option("--host <name>", "name of the host (default: as in the text)")
      .option("--role <role>", "the host's role in the cluster (default: worker)")
      .option("--start <time>", "when the capture started, where the text does not tell")
      .option("--interval <time>", "time between reports, where the text does not tell")
      .option("--timezone <zone>", "of the times in the text (default: that of this machine)")
      .option("--tool <name>", "the tool that the text is of (default: found out)")
      .option("--encoding <name>", "windows-1251, ... (default: found out)")
      .option("--json", "the result as JSON")
      .action(async (files, options) => {
        const { importFiles } = await import("../actions/import.ts");
        await importFiles(files, options, context);
      });
  },
};
