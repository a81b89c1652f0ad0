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

export class DuckdbBulkWriter implements BulkWriter {
  private readonly sampleTable: ChunkAppender;
  private readonly summaryTable: ChunkAppender;
  private readonly originMs: number;

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

  samples({ seriesId, length, timeMs, values, weights }: SeriesValues): void {
    const table = this.sampleTable;
    const [ids, offsets, column, decimals] = table.columns as [
      Int32Array,
      Int32Array,
      Float64Array,
      Int32Array,
    ];
    for (let from = 0; from < length; ) {
      const row = table.rows;
      const count = Math.min(length - from, CHUNK_ROWS - row);
      ids.fill(seriesId, row, row + count);
      column.set(values.subarray(from, from + count), row);
      for (let i = 0; i < count; i++) {
        const offset = Math.round(timeMs[from + i]!) - this.originMs;
        const half = 2 * (row + i);
        offsets[half] = offset | 0;
        offsets[half + 1] = Math.floor(offset / TWO_32);
        const thousandths = Math.round(weights[from + i]! * 1000);
        decimals[half] = thousandths | 0;
        decimals[half + 1] = thousandths < TWO_32 ? 0 : Math.floor(thousandths / TWO_32);
      }
      table.add(count);
      from += count;
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
