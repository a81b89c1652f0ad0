/**
 * The fastest way into DuckDB from Node: columns are copied as bytes into one data chunk that is used
 * again and again, and handed to an appender. Measured against other ways in `bench/load.ts`.
 */
import duckdb from "@duckdb/node-bindings";
import {
  BULK_TABLES,
  bytesPerRow,
  CHUNK_ROWS,
  type BulkTable,
  type ColumnBatch,
  type ColumnType,
} from "./column-batch.ts";

/** Size of a `duckdb_string_t`; one that is all zero is empty. */
const STRING_BYTES = 16;
const EMPTY_STRINGS = new ArrayBuffer(CHUNK_ROWS * STRING_BYTES);

/** Writes within the transaction that the connection has open. */
export class BatchAppender {
  private readonly tables: Readonly<Record<BulkTable, TableAppender>>;

  constructor(connection: duckdb.Connection) {
    this.tables = {
      sample: new TableAppender(connection, "sample"),
      series_summary: new TableAppender(connection, "series_summary"),
    };
  }

  append(batch: ColumnBatch): void {
    this.tables[batch.table].append(batch);
  }

  finish(): void {
    for (const table of Object.values(this.tables)) table.close();
  }

  abandon(): void {
    for (const table of Object.values(this.tables)) table.abandon();
  }
}

class TableAppender {
  private readonly appender: duckdb.Appender;
  private readonly chunk: duckdb.DataChunk;
  private readonly vectors: readonly duckdb.Vector[];
  private readonly rowBytes: readonly number[];

  constructor(connection: duckdb.Connection, table: BulkTable) {
    const types: readonly ColumnType[] = BULK_TABLES[table];
    this.appender = duckdb.appender_create(connection, null, table);
    this.chunk = duckdb.create_data_chunk(types.map(logicalType));
    this.vectors = types.map((_type, i) => duckdb.data_chunk_get_vector(this.chunk, i));
    this.rowBytes = types.map(bytesPerRow);
  }

  append({ rows, columns, blobs }: ColumnBatch): void {
    for (let row = 0; row < rows; row += CHUNK_ROWS) {
      const count = Math.min(CHUNK_ROWS, rows - row);
      for (const [i, buffer] of columns.entries()) {
        const bytes = this.rowBytes[i]!;
        duckdb.copy_data_to_vector(this.vectors[i]!, 0, buffer, row * bytes, count * bytes);
      }
      if (blobs) this.copyBlobs(blobs, row, count);
      duckdb.data_chunk_set_size(this.chunk, count);
      duckdb.append_data_chunk(this.appender, this.chunk);
      // Frees the strings that the chunk holds; vectors of plain numbers need no reset.
      if (blobs) duckdb.data_chunk_reset(this.chunk);
    }
  }

  close(): void {
    duckdb.appender_close_sync(this.appender);
  }

  abandon(): void {
    duckdb.appender_clear(this.appender);
    duckdb.appender_close_sync(this.appender);
  }

  private copyBlobs(blobs: NonNullable<ColumnBatch["blobs"]>, row: number, count: number): void {
    const vector = this.vectors[this.vectors.length - 1]!;
    // Most are empty: all at once.
    duckdb.copy_data_to_vector(vector, 0, EMPTY_STRINGS, 0, count * STRING_BYTES);
    for (let i = 0; i < count; i++) {
      const start = row + i === 0 ? 0 : blobs.ends[row + i - 1]!;
      const end = blobs.ends[row + i]!;
      if (end === start) continue;
      const bytes = new Uint8Array(blobs.bytes, start, end - start);
      duckdb.vector_assign_string_element_len(vector, i, bytes);
    }
  }
}

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
