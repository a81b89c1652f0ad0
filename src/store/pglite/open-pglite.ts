/** Opens PostgreSQL in this process (PGlite) on a folder: the second engine of the shared SQL. */
import type { PGlite } from "@electric-sql/pglite";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../util/errors.ts";
import type { OpenOptions } from "../open.ts";
import { checkSchema } from "../sql/schema-check.ts";
import { SqlStore } from "../sql/sql-store.ts";
import { PgliteEngine } from "./pglite-engine.ts";

export async function openPglite(folder: string, { mode }: OpenOptions): Promise<SqlStore> {
  checkFolder(folder, mode);
  const pglite = await importPglite();
  const database = await pglite.PGlite.create(folder, { relaxedDurability: false });
  const engine = new PgliteEngine(database, folder, mode === "write");
  try {
    await checkSchema(engine);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return new SqlStore(engine);
}

/** PGlite makes a database of whatever folder it is given: look before. */
function checkFolder(folder: string, mode: OpenOptions["mode"]): void {
  if (!existsSync(folder)) {
    if (mode === "write") return;
    throw new UserError(
      `There is no store ${folder}.`,
      `Load a recording into it first: perfmon load RECORDING --db pglite:${folder}`,
    );
  }
  const isDatabase = existsSync(join(folder, "PG_VERSION"));
  const isEmpty = statSync(folder).isDirectory() && readdirSync(folder).length === 0;
  if (isDatabase || (isEmpty && mode === "write")) return;
  throw new UserError(
    `${folder} is not the folder of a PostgreSQL database.`,
    "Name another folder with --db; this one was not changed.",
  );
}

async function importPglite(): Promise<{ PGlite: typeof PGlite }> {
  try {
    return await import("@electric-sql/pglite");
  } catch {
    throw new UserError(
      "The embedded PostgreSQL is not installed.",
      "Install it with: npm install @electric-sql/pglite",
    );
  }
}
