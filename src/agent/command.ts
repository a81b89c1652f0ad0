/** The program that is recorded around. */
import { basename } from "node:path";
import type { CommandResult } from "../counter/recording-identity.ts";
import { systemErrorCode, UserError } from "../util/errors.ts";
import { monotonicMs } from "../util/monotonic.ts";

export interface RunningCommand {
  /** Passes a signal on; a command that has ended takes no notice. */
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly result: Promise<CommandResult>;
}

/**
 * Starts it with our own input and output.
 *
 * @returns a promise in `result` that is rejected with a UserError when it cannot be started
 */
export async function startCommand(argv: readonly string[]): Promise<RunningCommand> {
  // Loaded only where it is needed: an agent without a command is smaller without it.
  const { spawn } = await import("node:child_process");
  const { constants } = await import("node:os");
  const [file = "", ...args] = argv;
  const program = basename(file);
  const startedMs = Date.now();
  const before = monotonicMs();
  const child = spawn(file, args, { stdio: "inherit" });
  const result = new Promise<CommandResult>((resolve, reject) => {
    child.once("error", (error) => reject(notStarted(file, error)));
    child.once("exit", (code, signal) => {
      const durationSeconds = Math.round(monotonicMs() - before) / 1000;
      const exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
      const ended = { program, startedMs, durationSeconds, exitCode };
      resolve(signal ? { ...ended, signal } : ended);
    });
  });
  return { signal: (signal) => child.kill(signal), result };
}

/** As shells do: 127 when there is no such program, 126 when it cannot be run. */
function notStarted(file: string, error: Error): UserError {
  const code = systemErrorCode(error);
  if (code === "ENOENT") {
    return new UserError(`There is no program ${file}.`, "Check the COMMAND after --.", 127);
  }
  return new UserError(
    `${file} cannot be run (${code ?? error.message}).`,
    "Check that it is an executable file.",
    126,
  );
}
