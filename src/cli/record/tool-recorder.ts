/**
 * Records through the tools themselves: what they print becomes a recording as it comes. A tool tells
 * of a report only with the next one, so values are written two intervals late, in order of time.
 */
import type { RunningRecorder, SourceOpener, SourceOptions } from "../../agent/running-recorder.ts";
import { toolCommand, TOOL_NAMES, USUAL_TOOLS } from "../../collectors/tools/tool-commands.ts";
import { ToolProcess } from "../../collectors/tools/tool-process.ts";
import { CookedRecording } from "../../formats/cooked/cooked-recording.ts";
import { ReportMapper } from "../../formats/tools/report-values.ts";
import { ToolRecording, type TimedValues } from "../../formats/tools/tool-recording.ts";
import { LogWriter } from "../../log/log-writer.ts";
import { gapLimitMs } from "../../recording/read-chunks.ts";
import type { ToolReport } from "../../toolout/tool-report.ts";
import { UsageError } from "../../util/errors.ts";
import { monotonicMs } from "../../util/monotonic.ts";

const SYNC_INTERVAL_MS = 10_000;
/** What a report may come later than its two intervals. */
const LATE_MS = 500;
/** Tools start one after the other, and each prints once in an interval: what is no further apart is one sample. */
const GROUP_SHARE = 0.9;
/** Text logs have the columns of their first sample: it waits for the first report of every tool. */
const FIRST_INTERVALS = 4;

interface Source {
  readonly process: ToolProcess;
  readonly mapper: ReportMapper;
  lastMs: number;
  measured: boolean;
  over: boolean;
}

/**
 * @param tools names from `--tools`; empty for the usual ones
 * @throws UsageError when there is no such tool
 */
export function recordThrough(tools: readonly string[]): SourceOpener {
  const names = chosenTools(tools);
  return (options) => new ToolRecorder(names, options);
}

class ToolRecorder implements RunningRecorder {
  samples = 0;
  readonly droppedSamples = 0;
  private readonly options: SourceOptions;
  private readonly recording: CookedRecording;
  private readonly merged: ToolRecording;
  private readonly names: readonly string[];
  private readonly startWallMs = Date.now();
  private readonly startMs = monotonicMs();
  private sources: Source[] = [];
  private waiting: TimedValues[] = [];
  private begun = false;
  private failed = false;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(names: readonly string[], options: SourceOptions) {
    this.options = options;
    this.names = names;
    const { manifest, folder, intervalMs, segments } = options;
    const openLog = options.openLog ?? ((log) => new LogWriter(log));
    const { id, host, cluster, run, role } = manifest;
    this.recording = new CookedRecording(folder, {
      identity: { id, host, cluster, run, role },
      source: { format: this.names.join("+"), files: [] },
      intervalMs,
      timeZone: manifest.timeZone,
      manifest,
      openLog: (log) => openLog({ ...log, ...segments, syncIntervalMs: SYNC_INTERVAL_MS }),
      onFailure: (error) => this.fail(error),
    });
    this.merged = new ToolRecording(this.recording, GROUP_SHARE * intervalMs);
  }

  get writtenBytes(): number {
    return this.recording.bytes;
  }

  get what(): string {
    return this.names.join(", ");
  }

  start(): void {
    this.sources = this.names.map((name, number) => this.startTool(name, number));
    this.timer = setInterval(() => this.release(), this.options.intervalMs);
  }

  event(kind: string, text: string): void {
    this.merged.note(Date.now(), { kind, text });
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.sources.map(({ process: tool }) => tool.stop()));
    this.begin();
    this.write(Infinity);
    await this.writing;
    if (this.failed) {
      await this.recording.abandon();
    } else {
      await this.merged.flush();
      await this.recording.finish();
    }
  }

  private startTool(name: string, number: number): Source {
    const command = toolCommand(name)!;
    const { intervalMs, tell } = this.options;
    const running = new ToolProcess(command, intervalMs, {
      onReport: (printedMs, report) => this.take(source, number, printedMs, report),
      onEnd: (why) => {
        source.over = true;
        this.event("tool-ended", why);
        tell(why);
        if (this.sources.every(({ over }) => over)) this.options.onOver();
      },
    });
    if (running.intervalMs !== intervalMs) {
      tell(`${name} takes whole seconds only: its interval is ${running.intervalMs / 1000} s`);
    }
    const source: Source = {
      process: running,
      mapper: new ReportMapper(name),
      lastMs: command.measuresFirst ? running.startedMs : NaN,
      measured: false,
      over: false,
    };
    return source;
  }

  private take(source: Source, number: number, printedMs: number, report: ToolReport): void {
    if (report.summary || this.failed) return;
    const passedMs = printedMs - source.lastMs;
    source.lastMs = printedMs;
    const usualMs = source.process.intervalMs;
    const begins = report.sinceBoot || Number.isNaN(passedMs);
    const sinceLastMs = passedMs > 0 && passedMs <= gapLimitMs(usualMs) ? passedMs : usualMs;
    source.measured ||= !begins;
    const values: TimedValues = {
      ...(begins ? { names: [], values: [] } : source.mapper.map(report)),
      source: number,
      tool: source.process.command.tool.id,
      timeMs: Math.round(this.startWallMs + printedMs - this.startMs),
      intervalMs: begins ? undefined : sinceLastMs,
    };
    this.merged.expect(values);
    this.waiting.push(values);
  }

  private release(): void {
    const { intervalMs } = this.options;
    const passedMs = monotonicMs() - this.startMs;
    const longest = Math.max(...this.sources.map(({ process: tool }) => tool.intervalMs));
    const complete = this.sources.every(({ measured, over }) => measured || over);
    if (!this.begun && !complete && passedMs < FIRST_INTERVALS * longest) return;
    this.begin();
    this.write(this.startWallMs + passedMs - 2 * Math.max(longest, intervalMs) - LATE_MS);
  }

  private begin(): void {
    if (this.begun) return;
    this.begun = true;
    const names = this.waiting.flatMap((values) => values.names);
    this.recording.announce(names.map((name) => this.recording.series(name)));
  }

  /** Hands on what was printed before an instant. */
  private write(beforeMs: number): void {
    this.waiting.sort((a, b) => a.timeMs - b.timeMs);
    const count = this.waiting.filter(({ timeMs }) => timeMs < beforeMs).length;
    const due = this.waiting.splice(0, count);
    this.writing = this.writing
      .then(async () => {
        for (const values of due) await this.merged.add(values);
        this.samples = this.recording.samples;
      })
      .catch((error: unknown) => this.fail(error));
  }

  private fail(error: unknown): void {
    if (this.failed) return;
    this.failed = true;
    this.options.onFailure(error instanceof Error ? error : new Error(String(error)));
  }
}

function chosenTools(names: readonly string[]): readonly string[] {
  if (names.length === 0) return USUAL_TOOLS;
  const unknown = names.find((name) => !TOOL_NAMES.includes(name));
  if (unknown === undefined) return [...new Set(names)];
  throw new UsageError(
    `There is no tool "${unknown}" to record through.`,
    `There are: ${TOOL_NAMES.join(", ")}.`,
  );
}
