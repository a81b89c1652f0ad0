/** DuckDB's SQL, and what it can do. */
import type { SqlDialect } from "../sql/dialect.ts";
import type { StoreCapabilities } from "../store.ts";

export const DUCKDB_DIALECT: SqlDialect = {
  types: { double: "DOUBLE", blob: "BLOB", weight: "DECIMAL(18,3)" },
  parameter: (position) => `$${position}`,
  timestampOfMs: (ms) => `make_timestamp_ms(${ms})`,
  // Compensated: the order in which threads add must not show.
  sum: (expression) => `fsum(${expression})`,
  quantiles: (expression, fractions) => `quantile_disc(${expression}, [${fractions.join(", ")}])`,
};

export const DUCKDB_CAPABILITIES: StoreCapabilities = { transactions: true, readOnlySql: true };
