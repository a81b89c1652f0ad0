/** A person's SQL: one statement that reads, held to that by DuckDB itself. */
import { DuckDBTypeId, StatementType, type DuckDBConnection } from "@duckdb/node-api";
import { UserError } from "../../util/errors.ts";
import type { QueryResult } from "../store.ts";
import { plainValue } from "../sql/plain-value.ts";

const READING: readonly StatementType[] = [StatementType.SELECT, StatementType.EXPLAIN];

/** @throws UserError when it is not one statement that reads, or fails */
export async function readOnlyQuery(
  connection: DuckDBConnection,
  sql: string,
): Promise<QueryResult> {
  // A file opened for writing is guarded by this; one opened for reading has no way to be written.
  await connection.run("BEGIN TRANSACTION READ ONLY");
  try {
    await checkStatement(connection, sql);
    const reader = await connection.runAndReadAll(sql);
    const isDate = reader.columnTypes().map(({ typeId }) => typeId === DuckDBTypeId.DATE);
    const plain = (value: unknown, column: number) => {
      const result = plainValue(value);
      return isDate[column] && typeof result === "string" ? result.slice(0, 10) : result;
    };
    return {
      columns: reader.deduplicatedColumnNames(),
      rows: reader.getRowsJS().map((row) => row.map(plain)),
    };
  } catch (error) {
    throw asUserError(error);
  } finally {
    await connection.run("ROLLBACK");
  }
}

/** Keeps out what would end the guarding transaction (COMMIT) or act beside it. */
async function checkStatement(connection: DuckDBConnection, sql: string): Promise<void> {
  const statements = await connection.extractStatements(sql);
  if (statements.count === 0) throw notReading("There is no statement");
  // DuckDB makes two statements of a PIVOT whose columns it has to find out first.
  if (isPivot(sql)) return;
  if (statements.count > 1) throw notReading(`There are ${statements.count} statements`);
  const statement = await statements.prepare(0);
  const reads = READING.includes(statement.statementType);
  statement.destroySync();
  if (!reads) throw notReading("The statement does not read");
}

function isPivot(sql: string): boolean {
  return (
    /^\s*(pivot|from|with|select)\b/i.test(sql) && /\bpivot\b/i.test(sql) && !/;\s*\S/.test(sql)
  );
}

function notReading(what: string): UserError {
  return new UserError(
    `${what}: exactly one is run, and only such as read (SELECT, FROM, PIVOT, DESCRIBE, EXPLAIN).`,
    "See docs/schema.md for the tables and views that can be asked.",
  );
}

function asUserError(error: unknown): unknown {
  if (error instanceof UserError || !(error instanceof Error)) return error;
  const message = error.message.trim();
  if (message.startsWith("Permission Error")) {
    return new UserError("The query was refused: SQL has no access to files or the network here.");
  }
  return new UserError(`The query failed: ${message}`);
}
