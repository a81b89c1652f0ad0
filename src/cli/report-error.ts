/** The one place that decides how an error is shown and what exit code it means. */
import { CommanderError } from "@commander-js/extra-typings";
import { EXIT, UserError } from "../util/errors.ts";
import type { CliContext } from "./context.ts";

/** @returns the exit code */
export function reportError(error: unknown, context: CliContext): number {
  if (error instanceof UserError) {
    context.stderr.write(`perfmon: ${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof CommanderError) {
    const what = error.message
      .replace(/^error: /, "")
      .replace(/\n\(Did you mean/, " (did you mean");
    const help = helpHint(context.argv);
    context.stderr.write(`perfmon: ${what}\n${help}\n`);
    return EXIT.usage;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  context.stderr.write(
    `perfmon: this is a bug in perfmon, not a mistake of yours. Please report what follows.\n${stack}\n`,
  );
  return EXIT.failed;
}

function helpHint(argv: readonly string[]): string {
  const name = argv[0];
  const command = name !== undefined && /^[a-z]+$/.test(name) ? ` ${name}` : "";
  return `See: perfmon${command} --help`;
}
