/** Results that are nothing but numbers, out of DuckDB as they lie in its memory. */
import duckdb from "@duckdb/node-bindings";

/**
 * Runs a query whose columns are all numbers and not NULL. Value by value through the driver takes
 * far longer.
 *
 * @param take gets up to 2,048 rows at a time; the arrays are DuckDB's memory, its again afterwards
 */
export async function streamNumbers(
  connection: duckdb.Connection,
  sql: string,
  take: (columns: readonly Float64Array[]) => void,
): Promise<void> {
  const statement = await duckdb.prepare(
    connection,
    `SELECT CAST(COLUMNS(*) AS DOUBLE) FROM (${sql}) numbers`,
  );
  try {
    const result = await duckdb.execute_prepared_streaming(statement);
    const width = duckdb.column_count(result);
    let next = duckdb.fetch_chunk(result);
    for (;;) {
      const chunk = await next;
      const rows = chunk ? duckdb.data_chunk_get_size(chunk) : 0;
      if (!chunk || rows === 0) return;
      // DuckDB makes the next one meanwhile.
      next = duckdb.fetch_chunk(result);
      // What fails there is told when it is awaited, not as a rejection that nobody handles.
      next.catch(() => undefined);
      take(Array.from({ length: width }, (_, column) => doublesOf(chunk, column, rows)));
    }
  } finally {
    duckdb.destroy_prepare_sync(statement);
  }
}

function doublesOf(chunk: duckdb.DataChunk, column: number, rows: number): Float64Array {
  const vector = duckdb.data_chunk_get_vector(chunk, column);
  const bytes = duckdb.vector_get_data(vector, rows * Float64Array.BYTES_PER_ELEMENT);
  return new Float64Array(bytes.buffer, bytes.byteOffset, rows);
}
