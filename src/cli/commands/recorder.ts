import type { CliCommand } from "../command.ts";

export const command: CliCommand = {
  name: "recorder",
  summary: "print the recorder for nodes without Node, a shell script",
  description:
    "Prints a script that records a host with nothing but sh, awk and gzip (dash, bash or busybox;\n" +
    "gawk, mawk or busybox awk), short enough to be read before it is run. On the node:\n" +
    "  sh recorder.sh --for 1h --cluster onprem --run tuesday -o rec\n" +
    "  sh recorder.sh --help\n" +
    "The folder that it writes is a recording like any other, to be loaded and compared here.\n" +
    "docs/recorder.md says what it records and what that costs.",
  examples: [
    ["perfmon recorder > recorder.sh", "write the script to a file"],
    [
      "perfmon recorder | ssh node sh -s -- --for 5m -o rec",
      "record a node on which nothing is installed",
    ],
  ],
  define: (command, context) => {
    command.action(async () => {
      const { recorderScript } = await import("../recorder/recorder-script.ts");
      context.stdout.write(recorderScript());
    });
  },
};
