import type { CliCommand } from "../command.ts";

export const command: CliCommand = {
  name: "recorder",
  summary: "print the recorder for nodes without Node, a shell script",
  description:
    "Prints a script that records a host with nothing but sh, awk and gzip (dash, bash or busybox;\n" +
    "gawk, mawk or busybox awk). It is short: read it before you run it. The folder that it writes is\n" +
    "a recording like any other: load it, compare it. See docs/recorder.md.",
  examples: [
    ["perfmon recorder > recorder.sh", "write it to a file"],
    ["sh recorder.sh --for 1h --cluster onprem --run tuesday -o rec", "then, on the node, record"],
    ["sh recorder.sh --help", "what else it can be told"],
    ["perfmon recorder | ssh node sh -s -- --for 5m -o rec", "record on a node, nothing installed"],
    ["perfmon load rec && perfmon compare cloud/ rec", "back here, with the folder copied"],
  ],
  define: (command, context) => {
    command.action(async () => {
      const { recorderScript } = await import("../recorder/recorder-script.ts");
      context.stdout.write(recorderScript());
    });
  },
};
