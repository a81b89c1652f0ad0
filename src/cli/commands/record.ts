import type { CliCommand } from "../command.ts";

export const command: CliCommand = {
  name: "record",
  summary: "record this host, for a time or while a command runs",
  description: "Records this host's performance counters into a folder.",
  examples: [
    ["perfmon record --for 5m -o before", "five minutes"],
    ["perfmon record --cluster cloud --run tuesday -- ./job.sh", "while a command runs"],
  ],
  // The agent is the same program without any package, and so reads its arguments itself.
  help: async () => (await import("../../agent/options.ts")).recordHelp(),
  define: (command, context) => {
    command
      .argument("[arguments...]")
      .allowUnknownOption()
      .action(async () => {
        const { runAgent } = await import("../../agent/run.ts");
        const { processSurroundings } = await import("../../agent/surroundings.ts");
        const { recordThrough } = await import("../record/tool-recorder.ts");
        const { PdhLog } = await import("../../formats/pdh/pdh-log.ts");
        context.exitCode = await runAgent(context.argv.slice(1), {
          ...processSurroundings(),
          out: (text) => context.stdout.write(text),
          err: (text) => context.stderr.write(text),
          formats: {
            csv: (log) => new PdhLog("csv", log),
            tsv: (log) => new PdhLog("tsv", log),
          },
          sources: { tools: recordThrough },
        });
      });
  },
};
