import type { CliCommand } from "../command.ts";

export const command: CliCommand = {
  name: "mark",
  summary: "name this moment in a recording that runs",
  description:
    "Names this moment in recordings that run on this host. Marks that two runs have in common divide\n" +
    "them into phases, which `perfmon compare` lays side by side; RUN@NAME is the stretch from a mark to\n" +
    "the next. Without DIR the recording that runs in the current folder or below it.",
  examples: [
    ["perfmon mark reduce", "the phase that begins now"],
    ["perfmon mark map before", "in the recording in folder before"],
  ],
  define: (command, context) => {
    command
      .argument("[name]", "without / \\ @ * (default: mark 1, mark 2, ...)")
      .argument("[dir...]", "recordings, or folders of recordings")
      .option("--all", "all that run in the current folder and below")
      .option("--json", "as JSON")
      .action(async (name, folders, options) => {
        const { markRecordings } = await import("../background/mark.ts");
        markRecordings(name, folders, options, context);
      });
  },
};
