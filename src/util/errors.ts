/** Errors that a person caused or can mend: shown as a message, never with a stack. */

/** Exit codes of every command. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

export class UserError extends Error {
  readonly exitCode: number;

  /**
   * @param what what happened and why, one sentence
   * @param remedy what to do about it, one sentence
   */
  constructor(what: string, remedy = "", exitCode: number = EXIT.failed) {
    super(remedy ? `${what}\n${remedy}` : what);
    this.name = "UserError";
    this.exitCode = exitCode;
  }
}

/** A wrong option or argument: exit code 2. */
export class UsageError extends UserError {
  constructor(what: string, remedy = "") {
    super(what, remedy, EXIT.usage);
    this.name = "UsageError";
  }
}

/** The code of a Node system error (`ENOSPC`), if it is one. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}
