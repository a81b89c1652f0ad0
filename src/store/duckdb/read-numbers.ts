/** Results that are nothing but numbers, out of DuckDB as they lie in its memory. */
import duckdb from "@duckdb/node-bindings";

/**
 * Runs a query whose columns are all numbers and not NULL. Value by value through the driver takes
 * far longer; and streamed, each 2,048 rows are a question to another thread, which takes longer than
 * what is done with them. So whoever asks keeps results to what fits memory.
 *
 * @param take gets up to 2,048 rows at a time; the arrays are DuckDB's memory, its again afterwards
 */
export async function readNumbers(
  connection: duckdb.Connection,
  sql: string,
  take: (columns: readonly Float64Array[]) => void,
): Promise<void> {
  const result = await duckdb.query(
    connection,
    `SELECT CAST(COLUMNS(*) AS DOUBLE) FROM (${sql}) numbers`,
  );
  const width = duckdb.column_count(result);
  const chunks = duckdb.result_chunk_count(result);
  for (let i = 0; i < chunks; i++) {
    const chunk = duckdb.result_get_chunk(result, i);
    const rows = duckdb.data_chunk_get_size(chunk);
    if (rows === 0) continue;
    take(Array.from({ length: width }, (_, column) => doublesOf(chunk, column, rows)));
  }
}

function doublesOf(chunk: duckdb.DataChunk, column: number, rows: number): Float64Array {
  const vector = duckdb.data_chunk_get_vector(chunk, column);
  const bytes = duckdb.vector_get_data(vector, rows * Float64Array.BYTES_PER_ELEMENT);
  return new Float64Array(bytes.buffer, bytes.byteOffset, rows);
}
