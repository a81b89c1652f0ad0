/**
 * What a command may touch of the outside: where it prints, what its exit code is, how it learns of
 * Ctrl-C. Made from the process in `main.ts`, and by hand in tests, which run commands in process.
 */
import type { ReadStream } from "node:tty";

export interface TextOutput {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Characters per line; 100 where there is no terminal. */
  readonly columns: number;
  readonly rows: number;
  /** The stream below, when there is one: progress bars need it. */
  readonly stream?: NodeJS.WriteStream;
}

export interface CliContext {
  /** Arguments after `perfmon`, as given. */
  readonly argv: readonly string[];
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  /** The terminal's keyboard, where there is one. */
  readonly keyboard?: ReadStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the process ends with when no error is thrown; 0 unless a command sets it. */
  exitCode: number;
  /**
   * From the first call on, Ctrl-C and SIGTERM abort this signal rather than the process; for
   * commands that run until interrupted, or that have something to clean up.
   */
  interruption(): AbortSignal;
}

/** The context of the real process. */
export function processContext(): CliContext {
  let signal: AbortSignal | undefined;
  const context: CliContext = {
    argv: process.argv.slice(2),
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    ...(process.stdin.isTTY ? { keyboard: process.stdin } : {}),
    env: process.env,
    exitCode: 0,
    interruption: () => (signal ??= interruptionOfProcess()),
  };
  // The reader of a pipe has seen enough (`| head`): not an error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(context.exitCode);
  });
  return context;
}

function output(stream: NodeJS.WriteStream): TextOutput {
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY,
    get columns() {
      return stream.columns > 0 ? stream.columns : 100;
    },
    get rows() {
      return stream.rows > 0 ? stream.rows : 40;
    },
    stream,
  };
}

function interruptionOfProcess(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      // A second Ctrl-C means it: no more waiting for an orderly end.
      if (controller.signal.aborted) process.exit(130);
      controller.abort(name);
    });
  }
  return controller.signal;
}

/** Colors are for terminals, and for those who did not turn them off (no-color.org). */
export function wantsColor(context: CliContext): boolean {
  return context.stdout.isTerminal && !context.env["NO_COLOR"] && context.env["TERM"] !== "dumb";
}
