/** Is this database ours, and of a version that this program knows? */
import { UserError } from "../../util/errors.ts";
import type { SqlEngine } from "./engine.ts";
import { SCHEMA_TABLE, SCHEMA_VERSION, schemaStatements } from "./schema.ts";

/**
 * Makes an empty database a store where it may be written; leaves alone whatever is not ours.
 *
 * @throws UserError for a database of somebody else, an empty one that is only read, and a schema of
 *   a newer version
 */
export async function checkSchema(engine: SqlEngine): Promise<void> {
  const tables = await engine.rows(
    `SELECT table_name FROM information_schema.tables
     WHERE table_schema NOT IN ('information_schema', 'pg_catalog') ORDER BY table_name`,
  );
  const names = tables.map((row) => String(row["table_name"]));
  if (names.includes(SCHEMA_TABLE)) {
    await checkVersion(engine);
    return;
  }
  if (names.length > 0) {
    throw new UserError(
      `${engine.location} is a database of another program: it has no table ${SCHEMA_TABLE}, but ${names[0]}.`,
      "Name another file or database with --db; nothing was changed.",
    );
  }
  if (!engine.writable) {
    throw new UserError(
      `${engine.location} is an empty database, not a store.`,
      "Load a recording into it first: perfmon load RECORDING --db STORE",
    );
  }
  await engine.execute("BEGIN TRANSACTION");
  for (const statement of schemaStatements(engine.dialect)) await engine.execute(statement);
  await engine.execute("COMMIT");
}

async function checkVersion(engine: SqlEngine): Promise<void> {
  const [row] = await engine.rows(`SELECT max(version) AS version FROM ${SCHEMA_TABLE}`);
  const version = Number(row?.["version"]);
  if (version === SCHEMA_VERSION) return;
  throw new UserError(
    `${engine.location} has schema version ${version}; this perfmon knows version ${SCHEMA_VERSION}.`,
    "Use the perfmon that made it, or a newer one.",
  );
}
