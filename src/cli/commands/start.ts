import type { CliCommand } from "../command.ts";

export const command: CliCommand = {
  name: "start",
  summary: "record this host in the background",
  description: "Records this host's performance counters in the background.",
  examples: [["perfmon start -o before", "until perfmon stop, for a day at most"]],
  // Its options are those of the agent, which reads them itself.
  help: async () => (await import("../background/start.ts")).startHelp(),
  define: (command, context) => {
    command
      .argument("[arguments...]")
      .allowUnknownOption()
      .action(async () => {
        const { startRecording } = await import("../background/start.ts");
        await startRecording(context);
      });
  },
};
