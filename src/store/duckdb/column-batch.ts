/** Rows on their way into DuckDB, as columns of bytes that pass between threads without a copy. */

/** Rows that DuckDB handles together: a full vector. */
export const CHUNK_ROWS = 2048;

/** Rows of a batch: few messages, and little that lies around. */
export const BATCH_ROWS = 16 * CHUNK_ROWS;

export type ColumnType = "integer" | "bigint" | "double" | "weight" | "blob";

/** The tables that are loaded in bulk, and their columns in order; a blob, if there is one, is last. */
export const BULK_TABLES = {
  sample: ["integer", "bigint", "double", "weight"],
  series_summary: [
    "integer",
    "integer",
    "integer",
    "double",
    "double",
    "double",
    "double",
    "double",
    "blob",
  ],
} as const satisfies Record<string, readonly ColumnType[]>;

export type BulkTable = keyof typeof BULK_TABLES;

export interface ColumnBatch {
  readonly table: BulkTable;
  readonly rows: number;
  /** One per column but the blob; room for `BATCH_ROWS`, of which `rows` are filled. */
  readonly columns: readonly ArrayBuffer[];
  /** The blobs, one after the other, and where each ends. */
  readonly blobs?: { readonly bytes: ArrayBuffer; readonly ends: readonly number[] };
}

export function bytesPerRow(type: ColumnType): number {
  return type === "integer" ? 4 : 8;
}
