/** Records: samples on the grid, into a counter log, until told to stop. */
import type { AgentFacts, Collector, HostContext } from "../collectors/collector.ts";
import type { RecordingIdentity } from "../counter/recording-identity.ts";
import { LogWriter, type LogWriterOptions } from "../log/log-writer.ts";
import type { SampleLog } from "../log/sample-log.ts";
import { monotonicMs } from "../util/monotonic.ts";
import { GridTimer } from "./grid-timer.ts";
import type { RunningRecorder } from "./running-recorder.ts";
import { Sampler, type CollectorAccount, type CollectorFailure } from "./sampler.ts";

/** Samples that may wait for a disk that stalls. */
const MAX_BACKLOG = 60;
const SYNC_INTERVAL_MS = 10_000;

export interface RecorderOptions {
  readonly folder: string;
  readonly recording: RecordingIdentity;
  readonly collectors: readonly Collector[];
  /** Makes the context from the recorder's own account, which a collector records. */
  readonly host: (agent: AgentFacts) => HostContext;
  readonly segmentBytes: number;
  readonly segmentMs: number;
  readonly keepSegments: number;
  /** Opens what is written in place of a counter log. */
  readonly openLog?: (options: LogWriterOptions) => SampleLog;
  /** The log cannot be written any more; the recorder has stopped. */
  readonly onFailure: (error: Error) => void;
}

export class Recorder implements AgentFacts, RunningRecorder {
  readonly sampler: Sampler;
  samples = 0;
  lateSamples = 0;
  droppedSamples = 0;
  lateUs = 0;
  writeStallUs = 0;
  private readonly options: RecorderOptions;
  private readonly log: SampleLog;
  private timer: GridTimer | undefined;
  private lastSampleMs = NaN;
  private toldFailures = 0;
  private failed = false;

  /** Opens the collectors and the log. @throws the system's error when the log cannot be made */
  constructor(options: RecorderOptions) {
    this.options = options;
    this.sampler = new Sampler(options.collectors, options.host(this));
    const { folder, recording, segmentBytes, segmentMs, keepSegments } = options;
    const openLog = options.openLog ?? ((log: LogWriterOptions) => new LogWriter(log));
    this.log = openLog({
      folder,
      recording,
      segmentBytes,
      segmentMs,
      keepSegments,
      syncIntervalMs: SYNC_INTERVAL_MS,
      maxBacklog: MAX_BACKLOG,
      onError: (error) => this.fail(error),
    });
  }

  get collectors(): ReadonlyMap<string, CollectorAccount> {
    return this.sampler.accounts;
  }

  get writtenBytes(): number {
    return this.log.bytes;
  }

  get what(): string {
    const { row, objects } = this.sampler;
    return `${objects.length} objects, ${row.length} raw values`;
  }

  get failures(): readonly CollectorFailure[] {
    return this.sampler.failures;
  }

  /** Takes the first sample at once, or at a time of the wall clock; the others on the grid. */
  start(atMs?: number): void {
    const { intervalMs } = this.options.recording;
    // Timers are good to a few milliseconds; what matters is a sample out of its place.
    const tolerance = Math.max(5, intervalMs / 10);
    this.timer = new GridTimer({
      intervalMs,
      now: monotonicMs,
      ...(atMs === undefined ? undefined : { startMs: monotonicMs() + atMs - Date.now() }),
      onTick: (lateMs) => {
        if (lateMs > tolerance) {
          this.lateSamples++;
          this.lateUs += Math.round(lateMs * 1000);
        }
        this.sample();
      },
    });
  }

  /** Writes an event, stamped now. */
  event(kind: string, text: string): void {
    this.log.event({ timeMs: Date.now(), kind, text });
  }

  /** Takes a last sample, unless one was taken just now, and closes the log. */
  async stop(): Promise<void> {
    this.timer?.stop();
    const sinceLastMs = monotonicMs() - this.lastSampleMs;
    // A very short interval has coarse rates: jiffies are 10 ms.
    if (!this.failed && sinceLastMs >= Math.min(100, this.options.recording.intervalMs / 2)) {
      this.sample();
    }
    await this.log.close();
    this.sampler.close();
  }

  private sample(): void {
    if (this.failed) return;
    const nowMs = monotonicMs();
    const wallMs = Date.now();
    if (this.log.backlog > 0 && this.lastSampleMs > 0) {
      this.writeStallUs += Math.round((nowMs - this.lastSampleMs) * 1000);
    }
    this.lastSampleMs = nowMs;
    this.sampler.sample(nowMs);
    const stamp = { monotonicUs: Math.round(nowMs * 1000), wallMs };
    if (this.log.append(this.sampler.row, stamp)) this.samples++;
    else this.droppedSamples++;
    this.tellFailures();
  }

  private tellFailures(): void {
    const { failures } = this.sampler;
    for (; this.toldFailures < failures.length; this.toldFailures++) {
      const { object, error } = failures[this.toldFailures]!;
      this.event("collector-failed", `${object}: ${error.message}`);
    }
  }

  private fail(error: Error): void {
    if (this.failed) return;
    this.failed = true;
    this.timer?.stop();
    this.options.onFailure(error);
  }
}
