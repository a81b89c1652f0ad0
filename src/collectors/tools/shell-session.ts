/**
 * Programs run by a shell that is kept: starting a process from Node costs it 2 ms of CPU each
 * time, writing a line to a shell and reading what comes of it a tenth of that.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { KeptShell } from "./kept-shell.ts";
import { type Answer, type Command, TOOL_FOLDERS, type Tools, type ToolSession } from "./tools.ts";

/** Printed after each program's output; none of them prints it itself. */
const END = 1;
const TIMEOUT_MS = 8000;
/** Programs are quick, or they are not. */
const FIRST_LOOK_MS = 20;
const LAST_LOOK_MS = 500;
/** A program that prints more than this has gone mad. */
const MAX_OUTPUT_BYTES = 8 << 20;

/** The programs of this machine, and those of other folders where given. */
export function hostTools(folders: readonly string[] = TOOL_FOLDERS): Tools {
  return {
    has: (program) => folders.some((folder) => existsSync(join(folder, program))),
    open: () => new ShellSession(),
  };
}

/** A run of programs that is under way. */
interface Run {
  readonly expected: number;
  readonly chunks: Buffer[];
  bytes: number;
  ends: number;
  waitedMs: number;
  timer: NodeJS.Timeout | undefined;
  readonly done: (answers: readonly Answer[]) => void;
}

export class ShellSession implements ToolSession {
  private readonly timeoutMs: number;
  private shell: KeptShell | undefined;
  private current: Run | undefined;
  /** Shells that were killed, of which something may still be there. */
  private killed: KeptShell[] = [];

  constructor(timeoutMs = TIMEOUT_MS) {
    this.timeoutMs = timeoutMs;
  }

  get busy(): boolean {
    return this.current !== undefined;
  }

  get stuck(): boolean {
    this.killed = this.killed.filter((shell) => {
      const { isHeld } = shell;
      if (!isHeld) shell.forget();
      return isHeld;
    });
    return this.killed.length > 0;
  }

  run(commands: readonly Command[], done: (answers: readonly Answer[]) => void): void {
    if (this.busy) throw new Error("programs are still at work");
    const expected = commands.length;
    const run = { expected, chunks: [], bytes: 0, ends: 0, waitedMs: 0, timer: undefined, done };
    this.current = run;
    try {
      this.shell ??= new KeptShell();
      this.shell.tell(commands.map(scriptOf).join(""));
      this.lookIn(run, FIRST_LOOK_MS);
    } catch {
      this.giveUp();
    }
  }

  close(): void {
    this.finish();
    this.kill();
    for (const shell of this.killed.splice(0)) shell.forget();
  }

  /** What it waits for must not keep the agent from ending. */
  private lookIn(run: Run, ms: number): void {
    const waitMs = Math.min(ms, this.timeoutMs - run.waitedMs);
    run.timer = setTimeout(() => {
      run.waitedMs += waitMs;
      this.look(run);
      if (this.current !== run) return;
      if (run.waitedMs >= this.timeoutMs) this.giveUp();
      else this.lookIn(run, Math.min(ms * 2, LAST_LOOK_MS));
    }, waitMs);
    run.timer.unref();
  }

  /** Takes all that is there: a pipe holds no more than 64 kB at a time. */
  private look(run: Run): void {
    for (;;) {
      const bytes = this.shell?.read();
      if (!bytes || run.bytes > MAX_OUTPUT_BYTES) return this.giveUp();
      if (bytes.length === 0) return;
      run.chunks.push(bytes);
      run.bytes += bytes.length;
      for (let at = bytes.indexOf(END); at >= 0; at = bytes.indexOf(END, at + 1)) run.ends++;
      if (run.ends >= run.expected) return this.finish();
    }
  }

  /** Answers with what is there, and begins with another shell next time. */
  private giveUp(): void {
    this.kill();
    this.finish();
  }

  private finish(): void {
    const run = this.current;
    if (!run) return;
    this.current = undefined;
    if (run.timer) clearTimeout(run.timer);
    run.done(answersIn(Buffer.concat(run.chunks), run.expected));
  }

  private kill(): void {
    const { shell } = this;
    this.shell = undefined;
    if (!shell) return;
    shell.kill();
    this.killed.push(shell);
  }
}

/** One line: programs get no input, else they would eat the next line. */
function scriptOf(command: Command): string {
  return `${command.map(quoted).join(" ")} </dev/null; printf '\\001'\n`;
}

function quoted(argument: string): string {
  return `'${argument.split("'").join("'\\''")}'`;
}

function answersIn(output: Buffer, expected: number): Answer[] {
  const answers: Answer[] = [];
  let start = 0;
  for (let i = 0; i < expected; i++) {
    const end = start < 0 ? -1 : output.indexOf(END, start);
    answers.push(end < 0 ? undefined : output.subarray(start, end));
    start = end < 0 ? -1 : end + 1;
  }
  return answers;
}
