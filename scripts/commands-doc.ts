/** The text of docs/commands.md, from the commands' own help. */
import type { Command } from "@commander-js/extra-typings";
import type { CliContext } from "../src/cli/context.ts";
import { buildProgram } from "../src/cli/program.ts";
import { commandNames, loadCommand } from "../src/cli/registry.ts";

const WIDTH = 100;

export async function commandsDoc(): Promise<string> {
  const commands = await Promise.all(commandNames().map(loadCommand));
  const program = buildProgram(commands, contextOf([]));
  const sections = await Promise.all(
    commands.map(async ({ name, help }) => {
      const command = program.commands.find((candidate) => candidate.name() === name);
      const text = help ? await help() : helpOf(command as unknown as Command, name);
      const below = (command?.commands ?? []).map(
        (one) =>
          `### perfmon ${name} ${one.name()}\n\n${block(helpOf(one as unknown as Command, one.name()))}`,
      );
      return [`## perfmon ${name}\n\n${block(text)}`, ...below].join("\n");
    }),
  );
  return `# Commands

Generated from the commands' own help by \`npm run docs\`; do not edit.

\`\`\`text
${program.helpInformation().trim()}
\`\`\`

${sections.join("\n")}`;
}

function block(text: string): string {
  return `\`\`\`text\n${text.trim()}\n\`\`\`\n`;
}

/** As `--help` prints it, examples included. */
function helpOf(command: Command, name: string): string {
  let text = "";
  command.configureOutput({
    writeOut: (piece) => void (text += piece),
    getOutHelpWidth: () => WIDTH,
  });
  try {
    command.outputHelp();
  } catch (error) {
    throw new Error(`help of ${name} cannot be made`, { cause: error });
  }
  return text;
}

function contextOf(argv: readonly string[]): CliContext {
  const silent = { write: () => undefined, isTerminal: false, columns: WIDTH, rows: 40 };
  return {
    argv,
    stdout: silent,
    stderr: silent,
    env: {},
    exitCode: 0,
    interruption: () => new AbortController().signal,
  };
}
