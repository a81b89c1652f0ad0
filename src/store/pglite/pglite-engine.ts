/** PostgreSQL, as PGlite runs it, behind the shared SQL. */
import type { PGlite, Results } from "@electric-sql/pglite";
import { UserError } from "../../util/errors.ts";
import type { QueryResult, StoreCapabilities } from "../store.ts";
import type { SqlDialect } from "../sql/dialect.ts";
import type { BulkWriter, SqlEngine, SqlRow, SqlValue } from "../sql/engine.ts";
import { insertStatements } from "../sql/insert-sql.ts";
import { plainRow, plainValue } from "../sql/plain-value.ts";
import { CopyBulkWriter } from "./copy-bulk-writer.ts";

const POSTGRES_DIALECT: SqlDialect = {
  types: { double: "DOUBLE PRECISION", blob: "BYTEA", weight: "DOUBLE PRECISION" },
  parameter: (position) => `$${position}`,
  timestampOfMs: (ms) => `(timestamp 'epoch' + (${ms}) * interval '1 millisecond')`,
  sum: (expression) => `sum(${expression})`,
  quantiles: (expression, fractions) =>
    `percentile_disc(ARRAY[${fractions.join(", ")}]) WITHIN GROUP (ORDER BY ${expression})`,
};

/** Types whose texts are numbers: BIGINT, NUMERIC (sums of BIGINT). */
const NUMBER_TYPES = { 20: Number, 1700: Number };

/** PostgreSQL's DATE, and TIMESTAMP without time zone, which here is always UTC. */
const DATE_TYPE = 1082;
const TIME_TYPES = { 1114: (text: string) => new Date(`${text.replace(" ", "T")}Z`) };

export class PgliteEngine implements SqlEngine {
  readonly id = "pglite";
  readonly dialect = POSTGRES_DIALECT;
  readonly capabilities: StoreCapabilities = { transactions: true, readOnlySql: true };
  readonly parallelQueries = 1;
  readonly writable: boolean;
  readonly location: string;
  private readonly database: PGlite;
  /** There is one connection only: a query would end up inside the load's transaction. */
  private inTransaction = false;

  constructor(database: PGlite, location: string, writable: boolean) {
    this.database = database;
    this.location = location;
    this.writable = writable;
  }

  async rows(sql: string, parameters: readonly string[] = []): Promise<SqlRow[]> {
    const { rows } = await this.database.query<Record<string, unknown>>(sql, [...parameters], {
      parsers: NUMBER_TYPES,
    });
    return rows.map(plainRow);
  }

  async numbers(sql: string, take: (columns: readonly Float64Array[]) => void): Promise<void> {
    const { rows, fields } = await this.database.query<unknown[]>(sql, [], {
      rowMode: "array",
      parsers: NUMBER_TYPES,
    });
    take(fields.map((_field, column) => Float64Array.from(rows, (row) => Number(row[column]))));
  }

  async execute(sql: string): Promise<void> {
    await this.database.exec(sql);
    if (/^(BEGIN|COMMIT|ROLLBACK)\b/.test(sql)) this.inTransaction = sql.startsWith("BEGIN");
  }

  async insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly SqlValue[])[],
  ): Promise<void> {
    for (const statement of insertStatements(table, columns, rows)) await this.execute(statement);
  }

  bulkWriter(originMs: number): Promise<BulkWriter> {
    return Promise.resolve(new CopyBulkWriter(this.database, originMs));
  }

  /** The extended protocol takes one statement only; the transaction keeps it to reading. */
  async query(sql: string): Promise<QueryResult> {
    if (!/^\s*(select|with|values|table|explain|show)\b/i.test(sql)) {
      throw new UserError(
        "The statement does not read: exactly one is run, and only such as read (SELECT, WITH, VALUES, EXPLAIN).",
        "See docs/schema.md for the tables and views that can be asked.",
      );
    }
    if (this.inTransaction) throw new Error("this engine cannot be asked while it loads");
    try {
      return await this.database.transaction(async (transaction) => {
        await transaction.exec("SET TRANSACTION READ ONLY");
        // Not the superuser, who may read files of the server.
        await transaction.exec("SET LOCAL ROLE pg_read_all_data");
        const result = await transaction.query<unknown[]>(sql, [], {
          rowMode: "array",
          parsers: { 1700: Number, ...TIME_TYPES, [DATE_TYPE]: String },
        });
        return plainResult(result);
      });
    } catch (error) {
      throw new UserError(
        `The query failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  async close(): Promise<void> {
    if (!this.database.closed) await this.database.close();
  }
}

function plainResult({ fields, rows }: Results<unknown[]>): QueryResult {
  return { columns: fields.map(({ name }) => name), rows: rows.map((row) => row.map(plainValue)) };
}
