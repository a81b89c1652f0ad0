/**
 * A command is a value: its file in `commands/` exports one as `command`, and that is all that adding
 * a command takes. What it does is imported when it runs, so that no command pays for another.
 */
import type { Command } from "@commander-js/extra-typings";
import type { CliContext } from "./context.ts";

export interface CliCommand {
  /** As typed, and the name of its file. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What it does, for its own help: plain sentences. */
  readonly description: string;
  /** Shown in its help: `[command line, what it does]`. */
  readonly examples: readonly (readonly [commandLine: string, what: string])[];
  /** Adds arguments, options and the action. */
  readonly define: (command: Command, context: CliContext) => void;
  /**
   * Help text made elsewhere, in place of commander's; such a command parses its arguments itself,
   * from `context.argv`.
   */
  readonly help?: () => Promise<string>;
}
