import type { CliCommand } from "../command.ts";

export const command: CliCommand = {
  name: "counters",
  summary: "list counter objects, counters and instances; explain them",
  description:
    "Lists what can be recorded and watched. Without PATH it lists the counter objects; with an\n" +
    "object or a counter path (wildcards allowed) it lists the counters of it. A word that is in no\n" +
    "object's name is looked for in names, help and the columns of other tools.",
  examples: [
    ["perfmon counters", "all counter objects"],
    ["perfmon counters PhysicalDisk", "the counters of an object"],
    [
      String.raw`perfmon counters --explain '\PhysicalDisk(*)\Avg. Disk sec/*'`,
      "what they mean, where they come from, what other tools call them",
    ],
    [
      String.raw`perfmon counters -x 'Network Interface'`,
      "full counter paths of the instances that are here now",
    ],
    ["perfmon counters iowait", "which counter is that in other tools?"],
  ],
  define: (command, context) => {
    command
      .argument("[path...]", "objects, counter paths, or a word to look for")
      .option("-e, --explain", "help, unit, type, source and equivalents of each counter")
      .option("-x, --instances", "full paths with the instances of this host, one per line")
      .option("-a, --advanced", "advanced counters too")
      .option("--json", "as JSON, all that is known of each counter")
      .action(async (paths, options) => {
        const { listCounters } = await import("../actions/counters.ts");
        await listCounters(paths, options, context);
      });
  },
};
