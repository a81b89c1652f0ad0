/**
 * A recording in text form: what the recorder reads is cooked at once and written as PDH text, a line
 * per sample, each in the file before the next sample is taken.
 *
 * The columns of a file are fixed by its first line. Instances that come later (a disk, a process)
 * have a place in the next file, which begins when the file has reached its size or age, and else a
 * minute after the file began at the earliest. What comes and goes within that minute is not recorded.
 */
import { readdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { RowCooker, type CookedCounter } from "../../counter/row-cooker.ts";
import type { SampleRow } from "../../counter/sample-row.ts";
import { AppendFile } from "../../log/append-file.ts";
import type { LogWriterOptions } from "../../log/log-writer.ts";
import type { SampleLog } from "../../log/sample-log.ts";
import type { SampleStamp } from "../../log/sample-encoder.ts";
import { columnPaths, type ColumnName } from "./columns.ts";
import { localZone, pdhHeader, pdhRow, type PdhFormat, type PdhZone } from "./pdh-text.ts";

/** Files with other columns follow each other at this distance at least. */
const SAME_COLUMNS_MS = 60_000;

interface TextSegment {
  readonly file: AppendFile;
  readonly columns: readonly CookedCounter[];
  readonly startedMs: number;
}

/** Number of a file of a text recording; `undefined` when the name is not one. */
export function textSegmentNumber(fileName: string): number | undefined {
  const match = /^(\d{6,9})\.[ct]sv$/.exec(fileName);
  return match ? Number(match[1]) : undefined;
}

export class PdhLog implements SampleLog {
  bytes = 0;
  private readonly format: PdhFormat;
  private readonly options: LogWriterOptions;
  private readonly cooker: RowCooker;
  private readonly closing: Promise<void>[] = [];
  private number = 0;
  private segment: TextSegment | undefined;
  private start: { readonly wallMs: number; readonly monotonicMs: number } | undefined;
  private zone: PdhZone | undefined;
  private lastMs = NaN;
  private rowVersion = 0;
  private unitsChanged = false;

  /** Files are opened with the first sample, when the columns are known. */
  constructor(format: PdhFormat, options: LogWriterOptions) {
    this.format = format;
    this.options = options;
    const { host } = options.recording;
    this.cooker = new RowCooker({ wanted: () => true, host, firstReadings: true });
  }

  get backlog(): number {
    return this.segment?.file.backlog ?? 0;
  }

  append(row: SampleRow, { monotonicUs, wallMs }: SampleStamp): boolean {
    // Before it is cooked: the next interval is then the longer one.
    if (this.backlog >= this.options.maxBacklog) return false;
    const monotonicMs = monotonicUs / 1000;
    this.cooker.take(row, monotonicMs);
    this.unitsChanged ||= row.version !== this.rowVersion;
    this.rowVersion = row.version;
    // As in a counter log: wall time at the start, continued on the monotonic clock.
    this.start ??= { wallMs, monotonicMs };
    this.zone ??= localZone(wallMs);
    const timeMs = this.start.wallMs + monotonicMs - this.start.monotonicMs;
    try {
      const segment = this.segmentAt(timeMs, this.zone);
      const values = segment.columns.map(({ value, fresh }) => (fresh ? value : undefined));
      this.write(segment.file, pdhRow(this.format, timeMs, this.zone, values));
    } catch (error) {
      this.options.onError(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
    this.lastMs = timeMs;
    return true;
  }

  /** Text logs have no place for events. */
  event(): void {}

  async close(): Promise<void> {
    if (this.segment) this.closing.push(this.segment.file.close());
    this.segment = undefined;
    await Promise.all(this.closing);
  }

  /** The file that takes the sample in hand: the open one, or a new one. */
  private segmentAt(timeMs: number, zone: PdhZone): TextSegment {
    const { segment } = this;
    if (segment && !this.isDue(segment, timeMs)) return segment;
    const next = this.begin(timeMs, zone);
    if (segment) this.closing.push(segment.file.close());
    this.segment = next;
    this.deleteOldSegments();
    return next;
  }

  private isDue({ file, columns, startedMs }: TextSegment, timeMs: number): boolean {
    const { segmentBytes, segmentMs } = this.options;
    const ageMs = timeMs - startedMs;
    if (file.bytes >= segmentBytes || ageMs >= segmentMs) return true;
    if (ageMs < SAME_COLUMNS_MS || !this.unitsChanged) return false;
    this.unitsChanged = false;
    const known = new Set(columns);
    for (const [, counters] of this.cooker.units()) {
      if (counters.some((counter) => !known.has(counter))) return true;
    }
    return false;
  }

  private begin(timeMs: number, zone: PdhZone): TextSegment {
    const { folder, syncIntervalMs, onError, recording } = this.options;
    const columns: CookedCounter[] = [];
    const names: ColumnName[] = [];
    for (const [unit, counters] of this.cooker.units()) {
      const { name: instance, parent } = unit.instance;
      for (const cooked of counters) {
        columns.push(cooked);
        names.push({
          host: recording.host,
          object: unit.object.name,
          counter: cooked.counter.name,
          ...(parent === undefined ? undefined : { parent }),
          instance,
        });
      }
    }
    this.number++;
    const name = `${String(this.number).padStart(6, "0")}.${this.format}`;
    const file = new AppendFile(join(folder, name), { syncIntervalMs, onError });
    const lines = [pdhHeader(this.format, zone, columnPaths(names))];
    // The first row tells when the first interval starts; its values stand in the file before.
    if (this.segment) {
      lines.push(
        pdhRow(this.format, this.lastMs, zone, new Float64Array(columns.length).fill(NaN)),
      );
    }
    this.write(file, lines.join("\r\n"));
    return { file, columns, startedMs: timeMs };
  }

  private write(file: AppendFile, lines: string): void {
    const bytes = Buffer.from(`${lines}\r\n`);
    this.bytes += bytes.length;
    file.append(bytes);
  }

  private deleteOldSegments(): void {
    const { folder, keepSegments } = this.options;
    if (keepSegments <= 0) return;
    for (const name of readdirSync(folder)) {
      const number = textSegmentNumber(name);
      if (number !== undefined && number <= this.number - keepSegments) {
        unlinkSync(join(folder, name));
      }
    }
  }
}
