import type { CliCommand } from "../command.ts";

export const command: CliCommand = {
  name: "stop",
  summary: "end a recording in the background",
  description:
    "Ends recordings that run on this host, of `perfmon start`, `perfmon record` or recorder.sh, and\n" +
    "returns when they are complete. Without DIR the one that runs in the current folder or below it.",
  examples: [
    ["perfmon stop", "the one that runs here"],
    ["perfmon stop before --json", "by its folder, with what has become of it"],
  ],
  define: (command, context) => {
    command
      .argument("[dir...]", "recordings, or folders of recordings")
      .option("--all", "all that run in the current folder and below")
      .option("--json", "as JSON")
      .action(async (folders, options) => {
        const { stopRecordings } = await import("../background/stop.ts");
        await stopRecordings(folders, options, context);
      });
  },
};
