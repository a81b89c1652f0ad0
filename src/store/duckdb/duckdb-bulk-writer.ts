/**
 * The fastest way into DuckDB from Node: columns are gathered in arrays of one chunk's size, copied
 * as bytes into one chunk that is used again and again, and handed to an appender. Measured against
 * other ways in `bench/load.ts`.
 */
import duckdb from "@duckdb/node-bindings";
import type { MinuteSummary, SeriesValues } from "../store.ts";
import type { BulkWriter } from "../sql/engine.ts";

/** Rows that DuckDB handles together. */
const CHUNK_ROWS = 2048;

const TWO_32 = 2 ** 32;

type Column = Int32Array | Float64Array;

/** One table's chunk: its columns in JavaScript, and their vectors in DuckDB. */
class ChunkAppender {
  readonly columns: readonly Column[];
  rows = 0;
  private readonly appender: duckdb.Appender;
  private readonly chunk: duckdb.DataChunk;
  private readonly vectors: readonly duckdb.Vector[];
  private readonly rowBytes: readonly number[];
  private readonly blobs: Uint8Array[] = [];
  private readonly blobVector: duckdb.Vector | undefined;

  /** @param types of the table's columns in order; a blob, if there is one, comes last */
  constructor(connection: duckdb.Connection, table: string, types: readonly ColumnType[]) {
    this.appender = duckdb.appender_create(connection, null, table);
    this.chunk = duckdb.create_data_chunk(types.map(logicalType));
    const vectors = types.map((_type, i) => duckdb.data_chunk_get_vector(this.chunk, i));
    this.blobVector = types[types.length - 1] === "blob" ? vectors.pop() : undefined;
    this.vectors = vectors;
    const numeric = types.filter((type) => type !== "blob");
    this.columns = numeric.map((type) =>
      // Integers of 64 bits are written as two halves: BigInts would cost more than all the rest.
      type === "double"
        ? new Float64Array(CHUNK_ROWS)
        : new Int32Array(type === "integer" ? CHUNK_ROWS : 2 * CHUNK_ROWS),
    );
    this.rowBytes = numeric.map((type) => (type === "integer" ? 4 : 8));
  }

  /** Ends a row, or several; `rows` never goes beyond `CHUNK_ROWS`. */
  add(count: number): void {
    this.rows += count;
    if (this.rows === CHUNK_ROWS) this.flush();
  }

  setBlob(bytes: Uint8Array): void {
    this.blobs.push(bytes);
  }

  flush(): void {
    if (this.rows === 0) return;
    for (const [i, vector] of this.vectors.entries()) {
      const bytes = this.rows * this.rowBytes[i]!;
      duckdb.copy_data_to_vector(vector, 0, this.columns[i]!.buffer as ArrayBuffer, 0, bytes);
    }
    if (this.blobVector) {
      for (const [i, blob] of this.blobs.entries()) {
        duckdb.vector_assign_string_element_len(this.blobVector, i, blob);
      }
      this.blobs.length = 0;
    }
    duckdb.data_chunk_set_size(this.chunk, this.rows);
    duckdb.append_data_chunk(this.appender, this.chunk);
    // Frees the strings that the chunk holds; vectors of plain numbers need no reset.
    if (this.blobVector) duckdb.data_chunk_reset(this.chunk);
    this.rows = 0;
  }

  close(): void {
    this.flush();
    duckdb.appender_close_sync(this.appender);
  }

  abandon(): void {
    duckdb.appender_clear(this.appender);
    duckdb.appender_close_sync(this.appender);
  }
}

type ColumnType = "integer" | "bigint" | "double" | "weight" | "blob";

function logicalType(type: ColumnType): duckdb.LogicalType {
  switch (type) {
    case "integer":
      return duckdb.create_logical_type(duckdb.Type.INTEGER);
    case "bigint":
      return duckdb.create_logical_type(duckdb.Type.BIGINT);
    case "double":
      return duckdb.create_logical_type(duckdb.Type.DOUBLE);
    case "blob":
      return duckdb.create_logical_type(duckdb.Type.BLOB);
    case "weight":
      return duckdb.create_decimal_type(18, 3);
  }
}

type SampleColumns = readonly [Int32Array, Int32Array, Float64Array, Int32Array];

/** A 64-bit integer in two halves, the lower first, as x86-64 and arm64 have it. */
function putInteger(halves: Int32Array, row: number, value: number): void {
  const lower = value | 0;
  halves[2 * row] = lower;
  halves[2 * row + 1] = lower === value ? lower >> 31 : Math.floor(value / TWO_32);
}

export class DuckdbBulkWriter implements BulkWriter {
  private readonly sampleTable: ChunkAppender;
  private readonly summaryTable: ChunkAppender;
  private readonly originMs: number;
  private backwards = true;

  constructor(connection: duckdb.Connection, originMs: number) {
    this.originMs = originMs;
    this.sampleTable = new ChunkAppender(connection, "sample", [
      "integer",
      "bigint",
      "double",
      "weight",
    ]);
    this.summaryTable = new ChunkAppender(connection, "series_summary", [
      "integer",
      "integer",
      "integer",
      "double",
      "double",
      "double",
      "double",
      "double",
      "blob",
    ]);
  }

  /**
   * Every second series is written backwards in time. DuckDB packs offsets as differences, 2,048 at
   * a time; where a series begins, time then turns around instead of jumping back, which takes half
   * the bits. Rows have no order for whoever reads them anyway.
   */
  samples(series: SeriesValues): void {
    const table = this.sampleTable;
    const { length } = series;
    this.backwards = !this.backwards;
    for (let done = 0; done < length;) {
      const count = Math.min(length - done, CHUNK_ROWS - table.rows);
      if (this.backwards) this.fillBackwards(series, length - 1 - done, count);
      else this.fillForwards(series, done, count);
      table.add(count);
      done += count;
    }
  }

  /** DECIMAL(18,3) is an integer of thousandths. */
  private fillForwards(series: SeriesValues, from: number, count: number): void {
    const { rows, columns } = this.sampleTable;
    const [ids, offsets, values, weights] = columns as SampleColumns;
    ids.fill(series.seriesId, rows, rows + count);
    values.set(series.values.subarray(from, from + count), rows);
    for (let i = 0; i < count; i++) {
      putInteger(offsets, rows + i, Math.round(series.timeMs[from + i]!) - this.originMs);
      putInteger(weights, rows + i, Math.round(series.weights[from + i]! * 1000));
    }
  }

  private fillBackwards(series: SeriesValues, from: number, count: number): void {
    const { rows, columns } = this.sampleTable;
    const [ids, offsets, values, weights] = columns as SampleColumns;
    ids.fill(series.seriesId, rows, rows + count);
    for (let i = 0; i < count; i++) {
      values[rows + i] = series.values[from - i]!;
      putInteger(offsets, rows + i, Math.round(series.timeMs[from - i]!) - this.originMs);
      putInteger(weights, rows + i, Math.round(series.weights[from - i]! * 1000));
    }
  }

  summary(summary: MinuteSummary): void {
    const table = this.summaryTable;
    const { columns, rows } = table;
    columns[0]![rows] = summary.seriesId;
    columns[1]![rows] = summary.minute;
    columns[2]![rows] = summary.count;
    columns[3]![rows] = summary.weight;
    columns[4]![rows] = summary.mean;
    columns[5]![rows] = summary.m2;
    columns[6]![rows] = summary.min;
    columns[7]![rows] = summary.max;
    table.setBlob(summary.sketch);
    table.add(1);
  }

  finish(): Promise<void> {
    this.sampleTable.close();
    this.summaryTable.close();
    return Promise.resolve();
  }

  abandon(): void {
    this.sampleTable.abandon();
    this.summaryTable.abandon();
  }
}
