import type { Command } from "@commander-js/extra-typings";
import type { CliCommand } from "../command.ts";
import type { CliContext } from "../context.ts";
import { DB_FLAG, DB_HELP } from "../store-option.ts";

export const command: CliCommand = {
  name: "cluster",
  summary: "record many hosts over ssh",
  description:
    "Records all hosts of a cluster: brings a recorder to each over ssh, without installing anything,\n" +
    "and the recordings home. A cluster file (cluster.toml) says which hosts, or --hosts does. Every\n" +
    "command can be given again: it does what is still missing. docs/cluster.md walks through it.",
  examples: [
    ["perfmon cluster init > cluster.toml", "a file to fill in"],
    ["perfmon cluster check", "what each host has, and which recorder it gets"],
    ["perfmon cluster run --run tuesday -- ssh edge ./job.sh", "start, job, stop, collect, load"],
    ["perfmon cluster start --hosts worker[01-40] --cluster cloud --run tuesday", "without a file"],
    ["perfmon cluster stop; perfmon cluster collect; perfmon cluster clean", "and home again"],
  ],
  define: (cluster, context) => {
    cluster
      .command("init")
      .summary("print a sample of a cluster file")
      .description("Prints a cluster file to fill in, with all keys explained.")
      .action(async () => {
        const { sampleClusterFile } = await import("../../config/sample-cluster-file.ts");
        context.stdout.write(sampleClusterFile());
      });
    whichHosts(cluster.command("check"))
      .summary("tell what each host has, and which recorder it gets")
      .description(
        "Connects to each host and tells which recorder it will get, what will not be seen there, and\n" +
          "how far its clock is off. Leaves nothing behind.",
      )
      .action(async (options) => (await import("../cluster/steps.ts")).check(options, context));
    whichHosts(cluster.command("start"))
      .summary("begin to record all hosts at one time")
      .description(
        "Brings a recorder to each host and begins all of them with one time for the first sample. They\n" +
          "go on without this machine, and stop by themselves at the limits of the cluster file.",
      )
      .option("-o, --output <dir>", "folder for the run (default: CLUSTER/RUN)")
      .action(async (options) => (await import("../cluster/steps.ts")).start(options, context));
    whichRun(cluster.command("status"))
      .summary("tell how the recorders are getting on")
      .description(
        "Asks each host whether its recorder runs, ended or died, and how old its last sample is.",
      )
      .action(async (dir, options) =>
        (await import("../cluster/steps.ts")).status(dir, options, context),
      );
    whichRun(cluster.command("stop"))
      .summary("end the recorders")
      .description("Ends the recorders, and returns when their logs are complete.")
      .action(async (dir, options) =>
        (await import("../cluster/steps.ts")).stop(dir, options, context),
      );
    markCommand(cluster, context);
    collectCommand(cluster, context);
    runCommand(cluster, context);
    whichRun(cluster.command("clean"))
      .summary("take away what the run left on the hosts")
      .description(
        "Removes the run's files from the hosts, and the recorders when no other run is left there.\n" +
          "Refuses hosts that are still being recorded or hold what was not collected.",
      )
      .option("--discard", "also what was not collected")
      .action(async (dir, options) =>
        (await import("../cluster/steps.ts")).clean(dir, options, context),
      );
  },
};

function markCommand(cluster: Command, context: CliContext): void {
  cluster
    .command("mark")
    .summary("name this moment on all hosts")
    .description("Names this moment in the run, on all hosts at once; see `perfmon mark`.")
    .argument("<name>", "without / \\ @ *")
    .argument("[dir]", "folder of the run (default: the newest here)")
    .option("-f, --file <file>", "cluster file")
    .option("--run <name>", "name of the run, where its folder is not here")
    .option("--json", "as JSON")
    .action(async (name, dir, options) =>
      (await import("../cluster/steps.ts")).mark(name, dir, options, context),
    );
}

function collectCommand(cluster: Command, context: CliContext): void {
  whichRun(cluster.command("collect"))
    .summary("bring the recordings home")
    .description(
      "Brings home what is not here yet, compressed and with checksums. Also while it is recorded; what was\n" +
        "cut short goes on where it ended.",
    )
    .option("--every <time>", "again and again, until all have ended; late hosts are recorded, too")
    .option("--restart", "with --every: begin again on hosts that were rebooted")
    .option("--clean", "clean the hosts whose recording has ended and arrived")
    .action(async (dir, options) => {
      const { collect } = await import("../cluster/collect.ts");
      await collect(dir, options, context);
    });
}

function runCommand(cluster: Command, context: CliContext): void {
  whichHosts(cluster.command("run"))
    .summary("record all hosts while a command runs")
    .description(
      "Starts, runs COMMAND here, stops, collects and loads. The command's duration is the run's, and its\n" +
        "exit code ours.",
    )
    .argument("[command...]", "after --")
    .option("-o, --output <dir>", "folder for the run (default: CLUSTER/RUN)")
    .option("--on <host>", "run COMMAND on this host, through ssh")
    .option(DB_FLAG, DB_HELP)
    .option("--no-load", "do not load")
    .option("--clean", "clean the hosts whose recording has arrived")
    .action(async (argv, options) => {
      const { run } = await import("../cluster/run.ts");
      await run(argv, options, context);
    });
}

function whichHosts(command: Command) {
  return command
    .option("-f, --file <file>", "cluster file (default: cluster.toml)")
    .option("--hosts <list>", "hosts, such as worker[01-40],edge, in place of the file's")
    .option("--cluster <name>", "name of the cluster")
    .option("--run <name>", "name of the run (default: the time it starts)")
    .option("--set <setting...>", "KEY=VALUE, as in the cluster file: sudo=true, interval=5s")
    .option("--json", "as JSON");
}

function whichRun(command: Command) {
  return command
    .argument("[dir]", "folder of the run (default: the newest here)")
    .option("-f, --file <file>", "cluster file")
    .option("--hosts <list>", "hosts, where the run's folder is not here")
    .option("--cluster <name>", "name of the cluster")
    .option("--run <name>", "name of the run, where its folder is not here")
    .option("--json", "as JSON");
}
