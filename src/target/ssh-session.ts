/**
 * A connection to a host on which a script answers requests: one line each, any number of lines back.
 * Whatever a login shell prints before is passed over.
 */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { randomBytes } from "node:crypto";
import { HostError, sshFailure } from "./ssh-failure.ts";
import { scriptCommand, sshArguments, type SshTarget } from "./ssh-target.ts";

export interface SessionOptions {
  /** Put before the script: names and values that the shell may see. */
  readonly variables: Readonly<Record<string, string>>;
  readonly script: string;
  readonly signal?: AbortSignal;
  /** The whole session takes no longer than this. */
  readonly timeoutMs: number;
}

export interface Answer {
  readonly lines: readonly string[];
  /** What the script said with its "ok". */
  readonly text: string;
  readonly roundTripMs: number;
}

const LINE_LIMIT_BYTES = 1024 * 1024;
const STDERR_LIMIT = 16 * 1024;
/** ssh may have to tell the other side good-bye. */
const CLOSE_TIMEOUT_MS = 3000;

export class SshSession {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly nonce = `@${randomBytes(8).toString("hex")}`;
  private readonly closed: Promise<void>;
  private readonly timer: NodeJS.Timeout;
  private readonly signal: AbortSignal | undefined;
  private received: Buffer[] = [];
  private receivedBytes = 0;
  private stderr = "";
  private exitCode: number | null = null;
  private ended = false;
  private failure: HostError | undefined;
  private wake: (() => void) | undefined;
  private greeted = false;

  constructor(target: SshTarget, { variables, script, signal, timeoutMs }: SessionOptions) {
    const assignments = Object.entries({ ...variables, nonce: this.nonce }).map(
      ([name, value]) => `${name}=${quoted(value)}\n`,
    );
    const bytes = Buffer.from(`${assignments.join("")}${script}`);
    const command = scriptCommand(bytes.length, target.sudo);
    // A session of its own: Ctrl-C is for us, who end it when what is under way is in order.
    this.child = spawn("ssh", sshArguments(target, command), { detached: true });
    this.signal = signal;
    this.closed = new Promise((resolve) => {
      this.child.once("close", (code) => this.end(code, resolve));
      this.child.once("error", (error: NodeJS.ErrnoException) => {
        const missing = error.code === "ENOENT";
        const reason = missing ? "there is no ssh in the PATH here" : `ssh: ${error.message}`;
        this.failure ??= new HostError("no-ssh", reason);
        this.end(null, resolve);
      });
    });
    this.child.stdin.on("error", () => undefined);
    this.child.stderr.on("data", (text: Buffer) => {
      if (this.stderr.length < STDERR_LIMIT) this.stderr += text.toString("utf8");
    });
    this.child.stdout.on("data", (piece: Buffer) => this.take(piece));
    this.timer = setTimeout(() => {
      this.abandon(new HostError("timeout", `it did not answer within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    signal?.addEventListener("abort", this.onAbort, { once: true });
    if (signal?.aborted) this.onAbort();
    this.child.stdin.write(bytes);
  }

  /**
   * Sends a line and waits for its answer.
   *
   * @throws HostError when the script says that it failed, or the connection is gone
   */
  async request(line: string): Promise<Answer> {
    await this.greeting();
    const before = performance.now();
    this.child.stdin.write(`${line}\n`);
    return this.answer(before);
  }

  /** Sends a line that has no answer. */
  tell(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  /** Sends a line and, after it, bytes to the end of the input. */
  async sendRest(line: string, bytes: Uint8Array): Promise<Answer> {
    await this.greeting();
    const before = performance.now();
    this.child.stdin.write(`${line}\n`);
    this.child.stdin.end(bytes);
    return this.answer(before);
  }

  /** Sends a line after which whatever comes is bytes, to the end of the output. */
  async *stream(line: string): AsyncGenerator<Buffer> {
    await this.greeting();
    this.child.stdin.write(`${line}\n`);
    this.child.stdin.end();
    for (;;) {
      const text = await this.line();
      if (text === `${this.nonce} stream`) break;
      if (text.startsWith(`${this.nonce} fail `)) throw failed(text, this.nonce);
    }
    for (;;) {
      const pieces = this.received.splice(0);
      this.receivedBytes = 0;
      this.child.stdout.resume();
      yield* pieces;
      if (this.received.length > 0) continue;
      if (this.ended) break;
      await this.more();
    }
    if (this.failure || this.exitCode !== 0) throw this.reason();
  }

  /** Ends the connection, in order where the other side does its part. */
  async close(): Promise<void> {
    this.child.stdin.end();
    const timer = setTimeout(() => this.child.kill("SIGKILL"), CLOSE_TIMEOUT_MS);
    this.child.stdout.resume();
    await this.closed;
    clearTimeout(timer);
  }

  private readonly onAbort = (): void => {
    this.abandon(new HostError("interrupted", "interrupted"));
  };

  private abandon(failure: HostError): void {
    this.failure ??= failure;
    this.child.kill("SIGKILL");
    this.wake?.();
  }

  private end(code: number | null, resolve: () => void): void {
    this.exitCode = code;
    this.ended = true;
    clearTimeout(this.timer);
    this.signal?.removeEventListener("abort", this.onAbort);
    this.wake?.();
    resolve();
  }

  private take(piece: Buffer): void {
    this.received.push(piece);
    this.receivedBytes += piece.length;
    // Whoever reads is slower than the network.
    if (this.receivedBytes > LINE_LIMIT_BYTES) this.child.stdout.pause();
    this.wake?.();
  }

  private async greeting(): Promise<void> {
    if (this.greeted) return;
    while ((await this.line()) !== `${this.nonce} hello`);
    this.greeted = true;
  }

  private async answer(before: number): Promise<Answer> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.line();
      if (line === `${this.nonce} ok` || line.startsWith(`${this.nonce} ok `)) {
        const text = line.slice(this.nonce.length + 4).trim();
        return { lines, text, roundTripMs: performance.now() - before };
      }
      if (line.startsWith(`${this.nonce} fail `)) throw failed(line, this.nonce);
      lines.push(line);
    }
  }

  private async line(): Promise<string> {
    for (;;) {
      const whole = this.received.length > 1 ? Buffer.concat(this.received) : this.received[0];
      const end = whole?.indexOf(10) ?? -1;
      if (whole && end >= 0) {
        const rest = whole.subarray(end + 1);
        this.received = rest.length > 0 ? [rest] : [];
        this.receivedBytes = rest.length;
        this.child.stdout.resume();
        return whole.toString("utf8", 0, end).replace(/\r$/, "");
      }
      if (whole) this.received = [whole];
      if (this.ended || this.failure) throw this.reason();
      if (this.receivedBytes > LINE_LIMIT_BYTES) {
        throw new HostError("noise", "it sends something else than answers");
      }
      await this.more();
    }
  }

  private more(): Promise<void> {
    if (this.ended || this.failure) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = undefined;
        resolve();
      };
    });
  }

  private reason(): HostError {
    if (this.failure) return this.failure;
    if (this.exitCode === 0) {
      return new HostError("connection-lost", "the connection ended before the answer");
    }
    return sshFailure(this.stderr, this.exitCode);
  }
}

function failed(line: string, nonce: string): HostError {
  return new HostError("refused", line.slice(nonce.length + 6));
}

/** As one word of a shell. */
function quoted(text: string): string {
  return `'${text.split("'").join("'\\''")}'`;
}
