/** Opens a DuckDB file as a store. */
import { closeSync, existsSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { UserError } from "../../util/errors.ts";
import type { OpenOptions } from "../open.ts";
import type { SqlEngine } from "../sql/engine.ts";
import { checkSchema } from "../sql/schema-check.ts";
import { SqlStore } from "../sql/sql-store.ts";
import { DuckdbEngine } from "./duckdb-engine.ts";
import { cannotOpen, openDatabase } from "./open-database.ts";
import { ThreadedEngine } from "./threaded-engine.ts";

const LOCK_WAIT_MS = 5000;

/** Files this process has open for writing: the file's lock is per process and would not tell. */
const openForWriting = new Set<string>();

export async function openDuckdb(path: string, options: OpenOptions): Promise<SqlStore> {
  checkFile(path, options.mode);
  const engine = await openEngine(path, options);
  try {
    await checkSchema(engine);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return new SqlStore(engine);
}

async function openEngine(
  path: string,
  { mode, lockWaitMs = LOCK_WAIT_MS }: OpenOptions,
): Promise<SqlEngine> {
  const identity = existsSync(path) ? realpathSync(path) : resolve(path);
  if (openForWriting.has(identity)) {
    throw new UserError(`This process has ${path} open for writing already.`);
  }
  if (mode === "read") return new DuckdbEngine(await openDatabase(path, { mode, lockWaitMs }));
  openForWriting.add(identity);
  try {
    return await ThreadedEngine.open({ path, lockWaitMs }, () => openForWriting.delete(identity));
  } catch (error) {
    openForWriting.delete(identity);
    throw error;
  }
}

/** What can be told before DuckDB is asked; its own messages are for programmers. */
function checkFile(path: string, mode: OpenOptions["mode"]): void {
  if (!existsSync(path)) {
    if (mode === "write") return;
    throw new UserError(
      `There is no store ${path}.`,
      `Load a recording into it first: perfmon load RECORDING --db ${path}`,
    );
  }
  if (statSync(path).isDirectory()) {
    throw new UserError(`${path} is a folder, not a DuckDB file.`, "Name a file with --db.");
  }
  if (statSync(path).size === 0 && mode === "write") return;
  if (!hasMagic(path)) {
    throw new UserError(
      `${path} is not a DuckDB file.`,
      "Name another file with --db; this one was not changed.",
    );
  }
}

/** A DuckDB file starts with a checksum of 8 bytes and the letters `DUCK`. */
function hasMagic(path: string): boolean {
  const head = Buffer.alloc(12);
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw cannotOpen(path, error);
  }
  try {
    return readSync(file, head, 0, 12, 0) === 12 && head.toString("latin1", 8) === "DUCK";
  } finally {
    closeSync(file);
  }
}
