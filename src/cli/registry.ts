/** The commands: whatever files there are in `commands/`. */
import { readdirSync } from "node:fs";
import { UserError } from "../util/errors.ts";
import type { CliCommand } from "./command.ts";

const folder = new URL("./commands/", import.meta.url);

/** Names of all commands, in alphabetical order. */
export function commandNames(): string[] {
  return readdirSync(folder)
    .filter((name) => /\.[jt]s$/.test(name) && !/\.(test|d)\.ts$/.test(name))
    .map((name) => name.replace(/\.[jt]s$/, ""))
    .sort();
}

export async function loadCommand(name: string): Promise<CliCommand> {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const module = (await import(new URL(`${name}.${extension}`, folder).href)) as {
    command?: CliCommand;
  };
  if (module.command?.name !== name) {
    throw new UserError(`src/cli/commands/${name}.ts must export a \`command\` named "${name}".`);
  }
  return module.command;
}

/** All commands, or only the one that is asked for when the first argument names one. */
export async function loadCommands(argv: readonly string[]): Promise<CliCommand[]> {
  const names = commandNames();
  const asked = argv[0];
  const wanted = asked !== undefined && names.includes(asked) ? [asked] : names;
  return Promise.all(wanted.map(loadCommand));
}
