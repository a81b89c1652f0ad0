/** DuckDB behind the shared SQL. */
import { BIGINT, DuckDBConnection } from "@duckdb/node-api";
import duckdb from "@duckdb/node-bindings";
import type { QueryResult, StoreCapabilities } from "../store.ts";
import type { BulkWriter, SqlEngine, SqlRow, SqlValue } from "../sql/engine.ts";
import { insertStatements } from "../sql/insert-sql.ts";
import { plainRow } from "../sql/plain-value.ts";
import { DUCKDB_CAPABILITIES, DUCKDB_DIALECT } from "./duckdb-dialect.ts";
import { readOnlyQuery } from "./read-only-query.ts";
import { readNumbers } from "./read-numbers.ts";

/** From so many rows on, an appender is worth its set-up: an INSERT takes 20 µs for each. */
const APPENDED_ROWS = 20;

/** DuckDB has threads of its own; while one query's result is taken, the next ones are under way. */
const PARALLEL_QUERIES = 3;

export interface OpenDatabase {
  readonly database: duckdb.Database;
  readonly connection: duckdb.Connection;
  readonly location: string;
  readonly writable: boolean;
}

export class DuckdbEngine implements SqlEngine {
  readonly id = "duckdb";
  readonly dialect = DUCKDB_DIALECT;
  readonly capabilities: StoreCapabilities = DUCKDB_CAPABILITIES;
  readonly writable: boolean;
  readonly parallelQueries: number;
  readonly location: string;
  private readonly open: OpenDatabase;
  private readonly connection: DuckDBConnection;
  private closed = false;

  constructor(open: OpenDatabase) {
    this.open = open;
    this.writable = open.writable;
    this.parallelQueries = open.writable ? 1 : PARALLEL_QUERIES;
    this.location = open.location;
    this.connection = new DuckDBConnection(open.connection);
  }

  async rows(sql: string, parameters: readonly string[] = []): Promise<SqlRow[]> {
    const values = parameters.length > 0 ? [...parameters] : undefined;
    const reader = await this.connection.runAndReadAll(sql, values);
    return reader.getRowObjectsJS().map(plainRow);
  }

  /** Where nothing is written, on a connection of its own: so several run at a time. */
  async numbers(sql: string, take: (columns: readonly Float64Array[]) => void): Promise<void> {
    if (this.writable) return readNumbers(this.open.connection, sql, take);
    const connection = await duckdb.connect(this.open.database);
    try {
      await readNumbers(connection, sql, take);
    } finally {
      duckdb.disconnect_sync(connection);
    }
  }

  async execute(sql: string): Promise<void> {
    await this.connection.run(sql);
  }

  async insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly SqlValue[])[],
  ): Promise<void> {
    if (rows.length < APPENDED_ROWS || !(await this.appended(table, columns, rows))) {
      for (const statement of insertStatements(table, columns, rows)) await this.execute(statement);
    }
  }

  /** By an appender, which takes all columns in the table's order or nothing. */
  private async appended(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly SqlValue[])[],
  ): Promise<boolean> {
    const { connection } = this;
    const names = (await connection.run(`SELECT * FROM ${table} LIMIT 0`)).columnNames();
    if (names.join() !== columns.join()) return false;
    const appender = await connection.createAppender(table);
    const types = columns.map((_name, i) => appender.columnType(i));
    for (const row of rows) {
      for (const [i, value] of row.entries()) {
        if (typeof value === "number" && types[i] === BIGINT) appender.appendBigInt(BigInt(value));
        else appender.appendValue(value, types[i]);
      }
      appender.endRow();
    }
    appender.closeSync();
    return true;
  }

  /** The thread of the database appends batches by itself; see `threaded-engine.ts`. */
  bulkWriter(): Promise<BulkWriter> {
    return Promise.reject(new Error(`${this.location} is open for reading only`));
  }

  /** For appenders: they write within the transaction that this connection has open. */
  get handle(): duckdb.Connection {
    return this.open.connection;
  }

  /** On a connection of its own: apart from a load that may be under way, and from other queries. */
  async query(sql: string): Promise<QueryResult> {
    const connection = new DuckDBConnection(await duckdb.connect(this.open.database));
    try {
      return await readOnlyQuery(connection, sql);
    } finally {
      connection.closeSync();
    }
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    try {
      // Closing does this too, but would keep an error (a full disk) to itself.
      if (this.writable) await this.execute("CHECKPOINT");
    } finally {
      this.connection.disconnectSync();
      duckdb.close_sync(this.open.database);
    }
  }
}
