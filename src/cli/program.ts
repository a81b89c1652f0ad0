/** Puts the commands together and runs one. */
import { Command, CommanderError } from "@commander-js/extra-typings";
import { EXIT } from "../util/errors.ts";
import { VERSION } from "../util/version.ts";
import type { CliCommand } from "./command.ts";
import type { CliContext } from "./context.ts";
import { reportError } from "./report-error.ts";
import { commandNames, loadCommand, loadCommands } from "./registry.ts";

/**
 * Runs the command line of the context.
 *
 * @returns the exit code: 0 done, 1 failed, 2 usage; or what the command set
 */
export async function runCli(context: CliContext): Promise<number> {
  try {
    const program = buildProgram(await loadCommands(context.argv), context);
    if (context.argv.length === 0) {
      context.stderr.write(program.helpInformation());
      return EXIT.usage;
    }
    if (await ownHelp(context)) return EXIT.done;
    await program.parseAsync([...context.argv], { from: "user" });
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    return reportError(error, context);
  }
}

/** `help COMMAND` of a command that makes its help itself. */
async function ownHelp({ argv, stdout }: CliContext): Promise<boolean> {
  const [first, name] = argv;
  if (first !== "help" || name === undefined || !commandNames().includes(name)) return false;
  const { help } = await loadCommand(name);
  if (!help) return false;
  stdout.write(await help());
  return true;
}

export function buildProgram(commands: readonly CliCommand[], context: CliContext): Command {
  const program = new Command("perfmon")
    .description(
      "Performance Monitor for Linux clusters: record counters on every node, load them into SQL,\n" +
        "compare two runs, and name the bottleneck, with evidence.",
    )
    .version(VERSION, "-V, --version", "show the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help of a command")
    .addHelpText("after", "\nExit codes: 0 done, 1 failed, 2 wrong usage.");
  configure(program, context);
  for (const { name, summary, description, examples, define, help } of commands) {
    const command = new Command(name).summary(summary).description(description);
    configure(command, context);
    if (help) command.helpOption(false);
    else command.helpOption("-h, --help", "show help").addHelpText("after", exampleText(examples));
    define(command, context);
    program.addCommand(command);
  }
  return program;
}

/** Errors come back as exceptions, and everything is printed through the context. */
function configure(command: Command, context: CliContext): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => context.stdout.write(text),
    writeErr: (text) => context.stderr.write(text),
    outputError: () => undefined,
    getOutHelpWidth: () => helpWidth(context.stdout.columns),
    getErrHelpWidth: () => helpWidth(context.stderr.columns),
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  });
}

function helpWidth(columns: number): number {
  return Math.min(Math.max(columns, 60), 100);
}

export function exampleText(examples: CliCommand["examples"]): string {
  const lines = examples.map(([line, what]) => `  ${line}\n      ${what}`);
  return `\nExamples:\n${lines.join("\n")}`;
}
