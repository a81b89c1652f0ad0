/**
 * Writes a recording made of *cooked* values from elsewhere (the output of a tool, a log of Windows
 * Performance Monitor): a folder like any other, which `load`, `compare` and `export` take as it is.
 *
 *     const recording = new CookedRecording(folder, {
 *       identity: { id, host: "node1", cluster: "cloud", run: "tuesday", role: "worker" },
 *       source: { format: "iostat", files: ["iostat.txt"] },
 *     });
 *     const reads = recording.series({ object: "PhysicalDisk", instance: "sda", counter: "Disk Reads/sec" });
 *     await recording.sample({ timeMs, intervalMs: 1000 }, () => {
 *       recording.set(reads, 12.34);
 *     });
 *     await recording.finish();
 *
 * Objects, instances and counters need not be known beforehand; what is not set in a sample has no
 * value there, which is not 0. Numbers of up to 15 significant digits come back exactly as they were
 * printed. Memory depends on how many series are alive, not on how long the input is.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeCooked } from "../../counter/cooked-object.ts";
import type { CommandResult, RecordingIdentity } from "../../counter/recording-identity.ts";
import { SampleRow } from "../../counter/sample-row.ts";
import { LogWriter, type LogWriterOptions } from "../../log/log-writer.ts";
import type { SampleLog } from "../../log/sample-log.ts";
import {
  INVENTORY_FILE,
  writeManifest,
  type ImportSource,
  type Manifest,
} from "../../recording/manifest.ts";
import { cannotWrite, makeRecordingFolder } from "../../recording/new-folder.ts";
import { thisProcess } from "../../recording/recorder-process.ts";
import { VERSION } from "../../util/version.ts";
import { SeriesTable, type Series, type SeriesName } from "./series.ts";

/** An instant of the input, and the interval that its values are of. */
export interface CookedInstant {
  /** End of the interval: milliseconds since 1970, UTC. */
  readonly timeMs: number;
  /**
   * Length of the interval that ends here, milliseconds; it is what the values weigh. `undefined`
   * where no interval ends (the first report of a tool, which tells of the time since boot; the
   * first row of a log): values of such a sample are not kept, but the next interval starts here.
   */
  readonly intervalMs: number | undefined;
}

export interface CookedRecordingOptions {
  /** The id must be the same whenever the same input is read: loading twice then adds nothing. */
  readonly identity: Omit<RecordingIdentity, "intervalMs">;
  readonly source: ImportSource;
  /** The usual distance of samples; that of the first interval when left out. */
  readonly intervalMs?: number;
  /** IANA name or `UTC+02:00` of where the input was made, when it is known. */
  readonly timeZone?: string;
  /** What is known of the host, in the form of `docs/inventory.md`. */
  readonly inventory?: Readonly<Record<string, unknown>>;
  readonly command?: CommandResult;
  /**
   * The time that the input covers is the duration of the work: its start and end are marked, so that
   * `compare` measures two such recordings by it.
   */
  readonly markSpan?: boolean;
  /** Of a folder that was made before, with its manifest in it; else both are made here. */
  readonly manifest?: Manifest;
  /** Opens what is written in place of a counter log, where the usual limits of files do not do. */
  readonly openLog?: (options: LogWriterOptions) => SampleLog;
  /** The folder cannot be written any more; the next call throws the same. */
  readonly onFailure?: (error: Error) => void;
}

export interface CookedTotals {
  readonly samples: number;
  readonly values: number;
  /** Instants that were not later than the one before, and so could not be taken. */
  readonly outOfOrder: number;
  /** Averages over no operation, and values of no time: those are none. */
  readonly weightless: number;
}

const MARKS = { start: "input starts", end: "input ends" } as const;
const SEGMENT_BYTES = 64 * 1024 * 1024;
/** A series without a value in so many samples is let go of; it may come back. */
const FORGET_AFTER_SAMPLES = 120;

export class CookedRecording {
  readonly folder: string;
  private readonly options: CookedRecordingOptions;
  private readonly row = new SampleRow();
  private readonly table = new SeriesTable(this.row);
  private readonly totals = { samples: 0, values: 0, outOfOrder: 0, weightless: 0 };
  private log: SampleLog | undefined;
  private manifest: Manifest | undefined;
  private failure: Error | undefined;
  private startMs = NaN;
  private lastMs = NaN;
  private current: { readonly seconds: number } | undefined;
  private readonly waiting: Series[] = [];

  /**
   * Makes the folder; files come with the first sample.
   *
   * @throws UserError when it cannot be made or written, or holds a recording already
   */
  constructor(folder: string, options: CookedRecordingOptions) {
    this.folder = folder;
    this.options = options;
    if (!options.manifest) makeRecordingFolder(folder);
  }

  /** Where the first interval begins; NaN as long as there is no value. */
  get startedMs(): number {
    return this.log ? this.startMs : NaN;
  }

  /** Where the last interval ended. */
  get endedMs(): number {
    return this.lastMs;
  }

  get samples(): number {
    return this.totals.samples;
  }

  get bytes(): number {
    return this.log?.bytes ?? 0;
  }

  /** The series of that name, known or new: to be kept by callers that set it often. */
  series(name: SeriesName): Series {
    return this.table.series(name);
  }

  /** Makes series known before their first values: text logs take their columns from the first sample. */
  announce(series: readonly Series[]): void {
    for (const one of series) this.table.unitOf(one);
  }

  /**
   * Writes a sample.
   *
   * @param fill sets the values, before it returns
   * @returns false when the instant is not later than the one before it: nothing is written then
   * @throws UserError when the folder cannot be written any more
   */
  async sample(instant: CookedInstant, fill: () => void): Promise<boolean> {
    const { timeMs, intervalMs } = instant;
    if (timeMs <= this.lastMs) {
      this.totals.outOfOrder++;
      return false;
    }
    if (intervalMs === undefined) {
      if (this.log) this.write(timeMs, undefined);
      else this.startMs = timeMs;
    } else {
      this.open(instant.timeMs, intervalMs);
      // The interval's start has a sample of its own, where the one before is not it.
      const fromMs = timeMs - intervalMs;
      if (!(this.lastMs >= fromMs - 1)) this.write(fromMs, undefined);
      this.write(timeMs, { seconds: intervalMs / 1000 }, fill);
      this.totals.samples++;
    }
    this.lastMs = timeMs;
    if (this.log instanceof LogWriter && this.log.backlog > 16) await this.log.drained();
    this.throwFailure();
    return true;
  }

  /**
   * Sets a value of the sample that is being filled.
   *
   * @param value what is no finite number is no value
   * @param weight what the value weighs in averages; when left out, for an average over operations
   *   whose rate is set in the same sample their number, else the interval in seconds. 0 is no value.
   */
  set(series: Series, value: number | undefined, weight?: number): void {
    if (!this.current) return;
    if (value === undefined || !Number.isFinite(value)) return;
    series.value = value;
    series.setAt = this.row.sample;
    if (weight === undefined && series.baseRates) this.waiting.push(series);
    else this.put(series, value, weight ?? this.current.seconds);
  }

  /**
   * Sets values of another interval than the sample's: where several tools tell of one instant.
   *
   * @param fill sets the values, before it returns
   */
  part(intervalMs: number, fill: () => void): void {
    const whole = this.current;
    if (!whole) return;
    this.current = { seconds: intervalMs / 1000 };
    fill();
    this.putAverages(this.current.seconds);
    this.current = whole;
  }

  /** Notes an event (`mark`, ...), after the first sample. */
  event(timeMs: number, kind: string, text: string): void {
    this.log?.event({ timeMs, kind, text });
  }

  /**
   * Closes the recording.
   *
   * @param more to be noted in its manifest
   * @throws UserError when it could not be written
   */
  async finish(more: Partial<Manifest> = {}): Promise<CookedTotals> {
    const { manifest } = this;
    if (!this.log || !manifest) return this.totals;
    if (this.options.markSpan) this.event(this.lastMs, "mark", MARKS.end);
    await this.log.close();
    this.throwFailure();
    writeManifest(this.folder, { ...manifest, finishedMs: this.lastMs, ...more });
    return this.totals;
  }

  /** Lets go of the files of a recording that will not be finished. */
  async abandon(): Promise<void> {
    await this.log?.close();
  }

  private put(series: Series, value: number, weight: number): void {
    if (!(weight >= 0.0005)) {
      this.totals.weightless++;
      return;
    }
    const unit = this.table.unitOf(series);
    writeCooked(value, weight, this.row.values, unit.slot);
    this.row.read(unit);
    this.totals.values++;
  }

  /** An average weighs as much as there were operations; of none there is no average. */
  private putAverages(seconds: number): void {
    for (const series of this.waiting.splice(0)) {
      const rate = this.table.baseRateOf(series);
      this.put(series, series.value, rate === undefined ? seconds : rate * seconds);
    }
  }

  private write(
    timeMs: number,
    interval: { seconds: number } | undefined,
    fill?: () => void,
  ): void {
    const { row } = this;
    row.begin();
    this.current = interval;
    if (interval && fill) {
      fill();
      this.putAverages(interval.seconds);
    }
    this.current = undefined;
    const monotonicUs = Math.round((timeMs - this.startMs) * 1000);
    this.log!.append(row, { monotonicUs, wallMs: timeMs });
    if (row.sample % FORGET_AFTER_SAMPLES === 0) this.table.forget(FORGET_AFTER_SAMPLES);
  }

  /** The manifest and the log begin when the interval is known. */
  private open(timeMs: number, firstIntervalMs: number): void {
    if (this.log) return;
    const { options } = this;
    const before = Number.isNaN(this.startMs) ? timeMs - firstIntervalMs : this.startMs;
    this.startMs = Math.min(before, timeMs - firstIntervalMs);
    const recording = { ...options.identity, intervalMs: options.intervalMs ?? firstIntervalMs };
    const manifest: Manifest = options.manifest ?? {
      format: "linux-perfmon recording",
      version: 1,
      ...recording,
      recorder: VERSION,
      startedMs: this.startMs,
      timeZone: options.timeZone ?? "UTC",
      process: thisProcess(),
      imported: options.source,
      ...(options.command ? { command: options.command } : undefined),
    };
    this.manifest = manifest;
    try {
      if (options.inventory) {
        const text = `${JSON.stringify(options.inventory, undefined, 2)}\n`;
        writeFileSync(join(this.folder, INVENTORY_FILE), text);
      }
      if (!options.manifest) writeManifest(this.folder, manifest);
      const openLog = options.openLog ?? ((log: LogWriterOptions) => new LogWriter(log));
      this.log = openLog({
        folder: this.folder,
        recording,
        segmentBytes: SEGMENT_BYTES,
        segmentMs: Infinity,
        keepSegments: 0,
        syncIntervalMs: Infinity,
        maxBacklog: Infinity,
        onError: (error) => {
          this.failure ??= error;
          options.onFailure?.(error);
        },
      });
    } catch (error) {
      throw cannotWrite(this.folder, error);
    }
    this.write(this.startMs, undefined);
    this.lastMs = this.startMs;
    if (options.markSpan) this.event(this.startMs, "mark", MARKS.start);
  }

  private throwFailure(): void {
    if (this.failure) throw cannotWrite(this.folder, this.failure);
  }
}
