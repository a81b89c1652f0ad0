import type { CliCommand } from "../command.ts";

export const command: CliCommand = {
  name: "demo",
  summary: "from recording to verdict on this machine, in about a minute",
  description:
    "Records a small real job twice on this machine: first undisturbed, then against a competitor that\n" +
    "keeps every processor busy. Loads both recordings, compares them, and prints the verdict. Needs no\n" +
    "root, and takes everything away again that it made.",
  examples: [
    ["perfmon demo", "run it"],
    ["perfmon demo --keep demo/", "keep the recordings and the store, to look further"],
  ],
  define: (command, context) => {
    command
      .option("--keep <dir>", "folder to keep the recordings and the store in")
      .option("--seconds <number>", "how long the undisturbed job should take", "12")
      .action(async (options) => {
        const { runDemo } = await import("../demo/run-demo.ts");
        await runDemo(options, context);
      });
  },
};
