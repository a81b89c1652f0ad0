/** Runs the command line in process, and keeps what it printed. */
import type { CliContext } from "../../src/cli/context.ts";
import { runCli } from "../../src/cli/program.ts";

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliSettings {
  readonly env?: Readonly<Record<string, string>>;
  /** Pretend that stdout is a terminal of this size. */
  readonly terminal?: { readonly columns: number; readonly rows: number };
  /** What Ctrl-C would abort. */
  readonly interruption?: AbortSignal;
}

/** For what takes a command's context and is not to print. */
export function quietContext(): CliContext {
  const output = { write: () => undefined, isTerminal: false, columns: 100, rows: 40 };
  return {
    argv: [],
    stdout: output,
    stderr: output,
    env: {},
    exitCode: 0,
    interruption: () => new AbortController().signal,
  };
}

export async function perfmon(
  argv: readonly string[],
  settings: CliSettings = {},
): Promise<CliResult> {
  const text = { stdout: "", stderr: "" };
  const { columns, rows } = settings.terminal ?? { columns: 100, rows: 40 };
  const output = (name: "stdout" | "stderr") => ({
    write: (piece: string) => void (text[name] += piece),
    isTerminal: name === "stdout" && settings.terminal !== undefined,
    columns,
    rows,
  });
  const context: CliContext = {
    argv,
    stdout: output("stdout"),
    stderr: output("stderr"),
    env: settings.env ?? {},
    exitCode: 0,
    interruption: () => settings.interruption ?? new AbortController().signal,
  };
  const exitCode = await runCli(context);
  return { exitCode, ...text };
}
