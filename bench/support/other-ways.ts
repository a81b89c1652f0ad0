/** Other ways into DuckDB, to compare with: rows of `sample` that are there as arrays already. */
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";

export interface Rows {
  readonly ids: Int32Array;
  readonly offsetsMs: Float64Array;
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

const TABLE = `CREATE TABLE sample (
  series_id INTEGER NOT NULL, offset_ms BIGINT NOT NULL, value DOUBLE NOT NULL, weight DOUBLE NOT NULL)`;

/** The first rows of a store's `sample` table. */
export async function readRows(file: string, count: number): Promise<Rows> {
  const instance = await DuckDBInstance.create(file, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  const result = await connection.run(
    `SELECT series_id, CAST(offset_ms AS DOUBLE), value, CAST(weight AS DOUBLE) FROM sample LIMIT ${count}`,
  );
  const columns = (await result.getColumnsJS()) as number[][];
  connection.closeSync();
  instance.closeSync();
  return {
    ids: Int32Array.from(columns[0]!),
    offsetsMs: Float64Array.from(columns[1]!),
    values: Float64Array.from(columns[2]!),
    weights: Float64Array.from(columns[3]!),
  };
}

/** Rows per second of one way, file checkpointed. */
async function measured(
  file: string,
  rows: number,
  way: (connection: DuckDBConnection) => Promise<void>,
): Promise<number> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(TABLE);
  const startedMs = performance.now();
  await connection.run("BEGIN");
  await way(connection);
  await connection.run("COMMIT");
  await connection.run("CHECKPOINT");
  const seconds = (performance.now() - startedMs) / 1000;
  connection.closeSync();
  instance.closeSync();
  return rows / seconds;
}

/** The appender as its documentation shows it: one call per value. */
export function appendValueByValue(file: string, rows: Rows): Promise<number> {
  return measured(file, rows.ids.length, async (connection) => {
    const appender = await connection.createAppender("sample");
    for (let i = 0; i < rows.ids.length; i++) {
      appender.appendInteger(rows.ids[i]!);
      appender.appendBigInt(BigInt(rows.offsetsMs[i]!));
      appender.appendDouble(rows.values[i]!);
      appender.appendDouble(rows.weights[i]!);
      appender.endRow();
    }
    appender.closeSync();
  });
}

/** One INSERT per row, prepared once, all in one transaction. */
export function insertOneByOne(file: string, rows: Rows): Promise<number> {
  return measured(file, rows.ids.length, async (connection) => {
    const statement = await connection.prepare("INSERT INTO sample VALUES ($1, $2, $3, $4)");
    for (let i = 0; i < rows.ids.length; i++) {
      statement.bindInteger(1, rows.ids[i]!);
      statement.bindBigInt(2, BigInt(rows.offsetsMs[i]!));
      statement.bindDouble(3, rows.values[i]!);
      statement.bindDouble(4, rows.weights[i]!);
      await statement.run();
    }
    statement.destroySync();
  });
}
