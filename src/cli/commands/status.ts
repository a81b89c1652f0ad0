import type { CliCommand } from "../command.ts";

export const command: CliCommand = {
  name: "status",
  summary: "tell how recordings are getting on",
  description:
    "Tells of recordings whether they run, have ended in order or died, since when they record, how\n" +
    "many samples they hold, their size, how old the last sample is, and what went wrong. Any recording\n" +
    "can be asked about, whoever made it. Exit code 1 when one has died.",
  examples: [
    ["perfmon status", "the recordings in the current folder and below"],
    ["perfmon status before --json", "for scripts"],
  ],
  define: (command, context) => {
    command
      .argument("[dir...]", "recordings, or folders of recordings")
      .option("--json", "as JSON")
      .action(async (folders, options) => {
        const { showStatus } = await import("../background/status.ts");
        showStatus(folders, options, context);
      });
  },
};
