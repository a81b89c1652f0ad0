/**
 * What collectors may ask other programs for what Node has no call for: an `ioctl`, or a system call
 * that may hang. Programs run beside the sampling, and their answers are taken at a later sample.
 */

/** Not the PATH of whoever records: the system's own programs, where distributions keep them. */
export const TOOL_FOLDERS = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"] as const;

/** The programs of a host; replaced by files in fixtures. */
export interface Tools {
  /** Whether the host has a program of this name. */
  has(program: string): boolean;
  /** A session for one collector. Costs nothing before its first run. */
  open(): ToolSession;
}

export interface ToolSession {
  /** Programs are at work; `run` may not be called. */
  readonly busy: boolean;
  /** A program that took too long was killed, and is still there: what it waits for hangs. */
  readonly stuck: boolean;
  /**
   * Runs programs one after the other and tells what each of them printed. Those from the first that
   * did not end in time have no answer (`undefined`).
   */
  run(commands: readonly Command[], done: (answers: readonly Answer[]) => void): void;
  close(): void;
}

/** Program and arguments. */
export type Command = readonly string[];

export type Answer = Uint8Array | undefined;
