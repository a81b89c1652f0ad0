/** INSERT statements for the few rows of dimensions and ledger; every value is quoted. */
import { literal } from "./dialect.ts";
import type { SqlValue } from "./engine.ts";

const ROWS_PER_STATEMENT = 1000;

export function insertStatements(
  table: string,
  columns: readonly string[],
  rows: readonly (readonly SqlValue[])[],
): string[] {
  const statements: string[] = [];
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const tuples = rows
      .slice(start, start + ROWS_PER_STATEMENT)
      .map((row) => `(${row.map(sqlLiteral).join(",")})`);
    statements.push(`INSERT INTO ${table} (${columns.join(",")}) VALUES ${tuples.join(",")}`);
  }
  return statements;
}

function sqlLiteral(value: SqlValue): string {
  if (value === null) return "NULL";
  if (typeof value === "string") return literal(value);
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  throw new TypeError(`${String(value)} cannot be inserted`);
}
