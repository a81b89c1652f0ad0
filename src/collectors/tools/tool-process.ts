/** A tool that runs and prints: its reports, each with the time at which it was printed. */
import { spawn, type ChildProcess } from "node:child_process";
import { StringDecoder } from "node:string_decoder";
import type { ToolParser, ToolReport } from "../../toolout/tool-report.ts";
import { monotonicMs } from "../../util/monotonic.ts";
import type { ToolCommand } from "./tool-commands.ts";

export interface ToolProcessCallbacks {
  /**
   * @param printedMs on the monotonic clock, when the report began to be printed
   * @param report as the parser has it, since-boot and summary ones too
   */
  readonly onReport: (printedMs: number, report: ToolReport) => void;
  /** It could not be started, or ended by itself; called once at most. */
  readonly onEnd: (why: string) => void;
}

/** What is printed within this time belongs to one report. */
const BURST_SHARE = 0.4;
/** How long a tool may take to end when it is told to. */
const PATIENCE_MS = 1000;
/** Of what it says on standard error. */
const SHOWN_ERROR = 200;
/** Where programs for administrators are. */
const MORE_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin";

export class ToolProcess {
  readonly command: ToolCommand;
  readonly startedMs = monotonicMs();
  /** What it was told. */
  readonly intervalMs: number;
  private readonly callbacks: ToolProcessCallbacks;
  private readonly parser: ToolParser;
  private readonly child: ChildProcess;
  private readonly decoder = new StringDecoder("utf8");
  private readonly exited: Promise<void>;
  private rest = "";
  private burstMs = NaN;
  private burstBeforeMs = NaN;
  private lastChunkMs = -Infinity;
  private error = "";
  private stopping = false;

  /** Starts it; that it cannot be started is told by `onEnd`. */
  constructor(command: ToolCommand, intervalMs: number, callbacks: ToolProcessCallbacks) {
    this.command = command;
    this.intervalMs = command.wholeSeconds ? Math.ceil(intervalMs / 1000) * 1000 : intervalMs;
    this.callbacks = callbacks;
    this.parser = command.tool.parser();
    const { PATH = "/usr/bin:/bin" } = process.env;
    this.child = spawn(command.tool.id, command.args(String(this.intervalMs / 1000)), {
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own: sar starts sadc; and Ctrl-C is for us to pass on.
      detached: true,
      // No settings of whoever records: language, colors, top's own file.
      env: {
        PATH: `${PATH}:${MORE_FOLDERS}`,
        LC_ALL: "C",
        S_TIME_FORMAT: "ISO",
        S_COLORS: "never",
        COLUMNS: "512",
        HOME: "/nonexistent",
        ...(process.env["TZ"] === undefined ? undefined : { TZ: process.env["TZ"] }),
      },
    });
    this.exited = this.follow();
  }

  /** Ends it, and takes what it had printed whole. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.kill("SIGTERM");
    const timer = setTimeout(() => this.kill("SIGKILL"), PATIENCE_MS);
    await this.exited;
    clearTimeout(timer);
  }

  private follow(): Promise<void> {
    const { child } = this;
    child.stdout!.on("data", (chunk: Buffer) => this.take(chunk));
    child.stderr!.on("data", (chunk: Buffer) => {
      if (this.error.length < SHOWN_ERROR) this.error += chunk.toString("utf8");
    });
    return new Promise((resolve) => {
      child.once("error", (error: NodeJS.ErrnoException) => {
        const { tool, package: name } = this.command;
        const missing = `${tool.id} is not installed (package ${name})`;
        const why = error.code === "ENOENT" ? missing : `${tool.id} does not run: ${error.message}`;
        if (!this.stopping) this.callbacks.onEnd(why);
        resolve();
      });
      child.once("close", (code: number | null, signal: string | null) => {
        for (const report of this.parser.end()) this.give(report, this.burstMs);
        if (!this.stopping) this.callbacks.onEnd(this.whyEnded(code, signal));
        resolve();
      });
    });
  }

  private take(chunk: Buffer): void {
    const nowMs = monotonicMs();
    if (nowMs - this.lastChunkMs > BURST_SHARE * this.intervalMs) {
      this.burstBeforeMs = this.burstMs;
      this.burstMs = nowMs;
    }
    this.lastChunkMs = nowMs;
    const lines = (this.rest + this.decoder.write(chunk)).split("\n");
    this.rest = lines.pop()!;
    for (const line of lines) {
      for (const report of this.parser.push(line)) {
        this.give(report, this.command.endsWithNext ? this.burstBeforeMs : this.burstMs);
      }
    }
  }

  private give(report: ToolReport, printedMs: number): void {
    // Without a pause there was one burst only: several reports came at once, and are late.
    this.callbacks.onReport(Number.isNaN(printedMs) ? this.burstMs : printedMs, report);
  }

  private kill(signal: NodeJS.Signals): void {
    const { pid } = this.child;
    if (pid === undefined || this.child.exitCode !== null) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }

  private whyEnded(code: number | null, signal: string | null): string {
    const how = signal === null ? `exit code ${code}` : signal;
    const lines = this.error.trim().split("\n");
    const said = lines[lines.length - 1]!.trim().slice(0, SHOWN_ERROR);
    const { tool } = this.command;
    return `${tool.id} has ended (${how})${said === "" ? "" : `: ${said}`}`;
  }
}
