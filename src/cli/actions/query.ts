/** `perfmon query`: one read-only statement, its result as a table, CSV or JSON. */
import { openStore } from "../../store/open.ts";
import type { QueryResult } from "../../store/store.ts";
import { UsageError } from "../../util/errors.ts";
import type { CliContext } from "../context.ts";
import { delimitedRow } from "../output/delimited.ts";
import { cellText, jsonDocument } from "../output/numbers.ts";
import { textTable } from "../output/text-table.ts";
import { storeUrl } from "../store-option.ts";

interface QueryOptions {
  readonly db?: string;
  readonly json?: true;
  readonly csv?: true;
}

/** A table wider than this per column is cut; CSV and JSON never are. */
const MAX_COLUMN_WIDTH = 60;

export async function runQuery(
  sql: string,
  options: QueryOptions,
  context: CliContext,
): Promise<void> {
  if (options.json && options.csv) throw new UsageError("--json and --csv exclude each other.");
  const store = await openStore(storeUrl(options.db, context), { mode: "read" });
  let result: QueryResult;
  try {
    result = await store.query(sql);
  } finally {
    await store.close();
  }
  context.stdout.write(
    options.json ? asJson(result) : options.csv ? asCsv(result) : asTable(result),
  );
}

function asJson({ columns, rows }: QueryResult): string {
  return jsonDocument(
    rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i] ?? null]))),
  );
}

function asCsv({ columns, rows }: QueryResult): string {
  const lines = [columns, ...rows.map((row) => row.map(cellText))];
  return lines.map((cells) => `${delimitedRow(cells, ",")}\n`).join("");
}

function asTable({ columns, rows }: QueryResult): string {
  const lines = textTable(
    columns.map((title, i) => ({
      title,
      align: rows.some((row) => isNumber(row[i])) ? ("right" as const) : ("left" as const),
      maxWidth: MAX_COLUMN_WIDTH,
    })),
    rows.map((row) => row.map(cellText)),
  );
  const count = rows.length === 1 ? "1 row" : `${rows.length} rows`;
  return `${lines.join("\n")}\n(${count})\n`;
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" || typeof value === "bigint";
}
