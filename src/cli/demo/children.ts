/** The demo's child processes: all of them are gone when the demo is, however it ends. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { UserError } from "../../util/errors.ts";

export interface ChildResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class Children {
  private readonly running = new Set<ChildProcess>();
  private readonly signal: AbortSignal;

  /** @param signal ends all of them */
  constructor(signal: AbortSignal) {
    this.signal = signal;
    signal.addEventListener("abort", () => void this.stop(), { once: true });
  }

  /** Runs a script with this Node until it ends. */
  async run(script: readonly string[]): Promise<ChildResult> {
    const child = this.start(script);
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (text) => (stdout += String(text)));
    child.stderr?.on("data", (text) => (stderr += String(text)));
    const exitCode = await ended(child);
    this.throwIfInterrupted();
    return { exitCode, stdout, stderr };
  }

  /** Starts a script with this Node; it runs until `stop`. */
  start(script: readonly string[]): ChildProcess {
    this.throwIfInterrupted();
    const child = spawn(process.execPath, [...process.execArgv, ...script], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.running.add(child);
    child.once("exit", () => this.running.delete(child));
    child.once("error", () => this.running.delete(child));
    return child;
  }

  /** Ends all that still run: politely, and after 3 seconds without asking. */
  async stop(): Promise<void> {
    const children = [...this.running];
    for (const child of children) child.kill("SIGTERM");
    const force = setTimeout(() => {
      for (const child of children) child.kill("SIGKILL");
    }, 3000);
    await Promise.all(children.map(ended));
    clearTimeout(force);
  }

  throwIfInterrupted(): void {
    if (this.signal.aborted) throw new UserError("The demo was interrupted.", "", 130);
  }
}

async function ended(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? 1;
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

/** The demo's work program, as built or, in development, as TypeScript. */
export function busyScript(): string {
  return besides("./busy");
}

/** The one-file agent of the build; in development its source. */
export function agentScript(): string {
  const bundle = fileURLToPath(new URL("../../agent.cjs", import.meta.url));
  return existsSync(bundle) ? bundle : besides("../../agent/main");
}

function besides(path: string): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`${path}.${extension}`, import.meta.url));
}
