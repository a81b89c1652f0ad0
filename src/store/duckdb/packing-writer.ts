/** Packs values and summaries into batches of columns and sends them to the thread of the database. */
import type { BulkWriter } from "../sql/engine.ts";
import type { MinuteSummary, SeriesValues } from "../store.ts";
import {
  BATCH_ROWS,
  BULK_TABLES,
  bytesPerRow,
  type BulkTable,
  type ColumnBatch,
} from "./column-batch.ts";

/** What takes the batches; each call resolves with the batch's buffers, to be used again. */
export interface BatchReceiver {
  append(batch: ColumnBatch): Promise<readonly ArrayBuffer[]>;
  finish(): Promise<void>;
  abandon(): void;
}

/** Batches on their way at a time, before whoever packs has to wait: about 16 MB. */
const MAX_UNDERWAY = 16;

const TWO_32 = 2 ** 32;

export class PackingWriter implements BulkWriter {
  private readonly receiver: BatchReceiver;
  private readonly originMs: number;
  private readonly spare: (readonly ArrayBuffer[])[] = [];
  private readonly underway = new Set<Promise<void>>();
  private failure: unknown;
  private samplesBatch: SampleBatch;
  private summaryBatch = new SummaryBatch();
  private backwards = true;

  constructor(receiver: BatchReceiver, originMs: number) {
    this.receiver = receiver;
    this.originMs = originMs;
    this.samplesBatch = new SampleBatch(originMs);
  }

  /**
   * Every second series is written backwards in time. DuckDB packs offsets as differences, 2,048 at
   * a time; where a series begins, time then turns around instead of jumping back, which takes half
   * the bits. Rows have no order for whoever reads them anyway.
   */
  samples(series: SeriesValues): Promise<void> | void {
    const { length } = series;
    this.backwards = !this.backwards;
    for (let done = 0; done < length;) {
      const count = Math.min(length - done, BATCH_ROWS - this.samplesBatch.rows);
      if (this.backwards) this.samplesBatch.addBackwards(series, length - 1 - done, count);
      else this.samplesBatch.addForwards(series, done, count);
      done += count;
      if (this.samplesBatch.rows === BATCH_ROWS) this.sendSamples();
    }
    return this.room();
  }

  summary(summary: MinuteSummary): Promise<void> | void {
    this.summaryBatch.add(summary);
    if (this.summaryBatch.rows < BATCH_ROWS) return;
    this.sendSummaries();
    return this.room();
  }

  async finish(): Promise<void> {
    if (this.samplesBatch.rows > 0) this.sendSamples();
    if (this.summaryBatch.rows > 0) this.sendSummaries();
    await Promise.all(this.underway);
    this.throwFailure();
    await this.receiver.finish();
  }

  abandon(): void {
    this.receiver.abandon();
  }

  private sendSamples(): void {
    this.send(this.samplesBatch.batch(), (buffers) => this.spare.push(buffers));
    this.samplesBatch = new SampleBatch(this.originMs, this.spare.pop());
  }

  private sendSummaries(): void {
    this.send(this.summaryBatch.batch(), () => undefined);
    this.summaryBatch = new SummaryBatch();
  }

  private send(batch: ColumnBatch, giveBack: (buffers: readonly ArrayBuffer[]) => void): void {
    const done: Promise<void> = this.receiver
      .append(batch)
      .then(giveBack)
      .catch((error: unknown) => {
        this.failure ??= error;
      })
      .finally(() => this.underway.delete(done));
    this.underway.add(done);
  }

  /** Waits where the database does not keep up. */
  private room(): Promise<void> | void {
    if (this.failure !== undefined) this.throwFailure();
    if (this.underway.size > MAX_UNDERWAY) return Promise.race(this.underway);
  }

  private throwFailure(): void {
    // oxlint-disable-next-line typescript/only-throw-error -- what was thrown in the other thread
    if (this.failure !== undefined) throw this.failure;
  }
}

function newBuffers(table: BulkTable): ArrayBuffer[] {
  return BULK_TABLES[table]
    .filter((type) => type !== "blob")
    .map((type) => new ArrayBuffer(BATCH_ROWS * bytesPerRow(type)));
}

class SampleBatch {
  rows = 0;
  private readonly buffers: readonly ArrayBuffer[];
  private readonly ids: Int32Array;
  private readonly offsets: Int32Array;
  private readonly values: Float64Array;
  private readonly weights: Int32Array;
  private readonly originMs: number;

  constructor(originMs: number, buffers: readonly ArrayBuffer[] = newBuffers("sample")) {
    this.originMs = originMs;
    this.buffers = buffers;
    this.ids = new Int32Array(buffers[0]!);
    this.offsets = new Int32Array(buffers[1]!);
    this.values = new Float64Array(buffers[2]!);
    this.weights = new Int32Array(buffers[3]!);
  }

  addForwards(series: SeriesValues, from: number, count: number): void {
    const { rows, offsets, weights } = this;
    this.ids.fill(series.seriesId, rows, rows + count);
    this.values.set(series.values.subarray(from, from + count), rows);
    for (let i = 0; i < count; i++) {
      putInteger(offsets, rows + i, Math.round(series.timeMs[from + i]!) - this.originMs);
      putInteger(weights, rows + i, thousandths(series.weights[from + i]!));
    }
    this.rows += count;
  }

  addBackwards(series: SeriesValues, from: number, count: number): void {
    const { rows, offsets, values, weights } = this;
    this.ids.fill(series.seriesId, rows, rows + count);
    for (let i = 0; i < count; i++) {
      values[rows + i] = series.values[from - i]!;
      putInteger(offsets, rows + i, Math.round(series.timeMs[from - i]!) - this.originMs);
      putInteger(weights, rows + i, thousandths(series.weights[from - i]!));
    }
    this.rows += count;
  }

  batch(): ColumnBatch {
    return { table: "sample", rows: this.rows, columns: this.buffers };
  }
}

/** DECIMAL(18,3) is an integer of thousandths. */
function thousandths(weight: number): number {
  return Math.round(weight * 1000);
}

/** A 64-bit integer in two halves, the lower first, as x86-64 and arm64 have it: BigInts cost more. */
function putInteger(halves: Int32Array, row: number, value: number): void {
  const lower = value | 0;
  halves[2 * row] = lower;
  halves[2 * row + 1] = lower === value ? lower >> 31 : Math.floor(value / TWO_32);
}

class SummaryBatch {
  rows = 0;
  private readonly buffers = newBuffers("series_summary");
  private readonly integers = this.buffers.slice(0, 3).map((buffer) => new Int32Array(buffer));
  private readonly doubles = this.buffers.slice(3).map((buffer) => new Float64Array(buffer));
  private bytes = new Uint8Array(4 * BATCH_ROWS);
  private readonly ends: number[] = [];
  private end = 0;

  add({ seriesId, minute, count, weight, mean, m2, min, max, sketch }: MinuteSummary): void {
    const { rows, integers, doubles } = this;
    integers[0]![rows] = seriesId;
    integers[1]![rows] = minute;
    integers[2]![rows] = count;
    doubles[0]![rows] = weight;
    doubles[1]![rows] = mean;
    doubles[2]![rows] = m2;
    doubles[3]![rows] = min;
    doubles[4]![rows] = max;
    if (this.end + sketch.length > this.bytes.length) {
      const larger = new Uint8Array(2 * this.bytes.length + sketch.length);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes.set(sketch, this.end);
    this.end += sketch.length;
    this.ends.push(this.end);
    this.rows++;
  }

  batch(): ColumnBatch {
    const blobs = { bytes: this.bytes.buffer, ends: this.ends };
    return { table: "series_summary", rows: this.rows, columns: this.buffers, blobs };
  }
}
