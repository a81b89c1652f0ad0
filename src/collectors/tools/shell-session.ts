/**
 * Programs run by a shell that is kept: starting a process from Node costs it 2 ms of CPU each
 * time, writing a line to a shell and reading what comes of it a tenth of that.
 */
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Answer, Command, Tools, ToolSession } from "./tools.ts";

const FOLDERS = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];
const ENVIRONMENT = { PATH: FOLDERS.join(":"), LC_ALL: "C" };
/** Printed after each program's output; none of them prints it itself. */
const END = 1;
const TIMEOUT_MS = 8000;
/** A program that prints more than this has gone mad. */
const MAX_OUTPUT_BYTES = 8 << 20;

/** The programs of this machine, and those of other folders where given. */
export function hostTools(folders: readonly string[] = FOLDERS): Tools {
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
  readonly timer: NodeJS.Timeout;
  readonly done: (answers: readonly Answer[]) => void;
}

export class ShellSession implements ToolSession {
  private readonly timeoutMs: number;
  private shell: ChildProcess | undefined;
  private current: Run | undefined;
  /** Shells that were killed and whose programs still hold the other end of the pipe. */
  private killed = 0;
  private closed = false;

  constructor(timeoutMs = TIMEOUT_MS) {
    this.timeoutMs = timeoutMs;
  }

  get busy(): boolean {
    return this.current !== undefined;
  }

  get stuck(): boolean {
    return this.killed > 0;
  }

  run(commands: readonly Command[], done: (answers: readonly Answer[]) => void): void {
    if (this.busy) throw new Error("programs are still at work");
    const timer = setTimeout(() => this.giveUp(), this.timeoutMs);
    timer.unref();
    const expected = commands.length;
    const run = { expected, chunks: [], bytes: 0, ends: 0, timer, done };
    this.current = run;
    const script = commands.map(scriptOf).join("");
    this.start().then(
      (shell) => {
        if (this.current === run) shell.stdin!.write(script);
      },
      () => {
        if (this.current === run) this.giveUp();
      },
    );
  }

  close(): void {
    this.closed = true;
    this.finish();
    this.kill();
  }

  /** Starts the shell, unless it runs. A group of its own, so that its programs can be killed too. */
  private async start(): Promise<ChildProcess> {
    if (this.shell) return this.shell;
    // Loaded only where it is needed: it takes memory.
    const { spawn } = await import("node:child_process");
    if (this.closed) throw new Error("closed");
    const shell = spawn("/bin/sh", [], {
      detached: true,
      stdio: ["pipe", "pipe", "ignore"],
      env: ENVIRONMENT,
      cwd: "/",
    });
    this.shell = shell;
    shell.on("error", () => this.giveUp());
    shell.on("exit", () => {
      if (this.shell === shell) this.giveUp();
    });
    shell.on("close", () => this.killed--);
    shell.stdin.on("error", () => undefined);
    shell.stdout.on("data", (bytes: Buffer) => {
      if (this.shell === shell) this.take(bytes);
    });
    // What it does must not keep the agent from ending.
    for (const handle of [shell, shell.stdin, shell.stdout]) unref(handle);
    return shell;
  }

  private take(bytes: Buffer): void {
    const run = this.current;
    if (!run) return;
    run.chunks.push(bytes);
    run.bytes += bytes.length;
    for (let at = bytes.indexOf(END); at >= 0; at = bytes.indexOf(END, at + 1)) run.ends++;
    if (run.ends >= run.expected) this.finish();
    else if (run.bytes > MAX_OUTPUT_BYTES) this.giveUp();
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
    clearTimeout(run.timer);
    run.done(answersIn(Buffer.concat(run.chunks), run.expected));
  }

  private kill(): void {
    const { shell } = this;
    this.shell = undefined;
    if (!shell) return;
    this.killed++;
    shell.stdin!.destroy();
    if (shell.pid === undefined) return;
    try {
      process.kill(-shell.pid, "SIGKILL");
    } catch {
      // It has ended.
    }
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

function unref(handle: unknown): void {
  (handle as { unref?: () => void }).unref?.();
}
