/** Opens a DuckDB file as a store: waits for its lock, and says in one sentence what is wrong. */
import { closeSync, existsSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { totalmem } from "node:os";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import duckdb from "@duckdb/node-bindings";
import { UserError } from "../../util/errors.ts";
import type { OpenOptions } from "../open.ts";
import { checkSchema } from "../sql/schema-check.ts";
import { SqlStore } from "../sql/sql-store.ts";
import { DuckdbEngine } from "./duckdb-engine.ts";

const LOCK_WAIT_MS = 5000;

/** Files this process has open for writing: the file's lock is per process and would not tell. */
const openForWriting = new Set<string>();

export async function openDuckdb(path: string, options: OpenOptions): Promise<SqlStore> {
  checkFile(path, options.mode);
  const identity = existsSync(path) ? realpathSync(path) : resolve(path);
  if (openForWriting.has(identity)) {
    throw new UserError(`This process has ${path} open for writing already.`);
  }
  const database = await openDatabase(path, options);
  const engine = new DuckdbEngine({
    database,
    connection: await duckdb.connect(database),
    location: path,
    writable: options.mode === "write",
    onClose: () => openForWriting.delete(identity),
  });
  if (options.mode === "write") openForWriting.add(identity);
  try {
    await checkSchema(engine);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return new SqlStore(engine);
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

async function openDatabase(path: string, options: OpenOptions): Promise<duckdb.Database> {
  const deadline = performance.now() + (options.lockWaitMs ?? LOCK_WAIT_MS);
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 500)) {
    try {
      return await duckdb.open(path, configuration(options.mode));
    } catch (error) {
      if (!isLocked(error)) throw cannotOpen(path, error);
      if (performance.now() + pauseMs > deadline) throw locked(path, error);
      await delay(pauseMs);
    }
  }
}

function configuration(mode: OpenOptions["mode"]): duckdb.Config {
  const config = duckdb.create_config();
  const megabytes = Math.floor(totalmem() / 1024 / 1024);
  const settings: Record<string, string> = {
    access_mode: mode === "read" ? "READ_ONLY" : "READ_WRITE",
    // Loading needs little; sorting for exact quantiles needs more, and spills beyond it.
    memory_limit: `${Math.min(mode === "write" ? 128 : 2048, Math.floor(megabytes / 2))}MB`,
    // SQL reaches neither files nor the network, and nothing it says can change that.
    enable_external_access: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
    lock_configuration: "true",
  };
  for (const [name, value] of Object.entries(settings)) duckdb.set_config(config, name, value);
  return config;
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && error.message.includes("Could not set lock on file");
}

function locked(path: string, error: unknown): UserError {
  const holder = /\(PID (\d+)\)/.exec(error instanceof Error ? error.message : "")?.[1];
  const who = holder === undefined ? "another process" : `the process with id ${holder}`;
  return new UserError(
    `${path} is in use by ${who}.`,
    "Wait until it is done, or name another store with --db.",
  );
}

function cannotOpen(path: string, error: unknown): UserError {
  const message = error instanceof Error ? error.message : String(error);
  if (/permission denied|EACCES|EPERM|EROFS|read-only file system/i.test(message)) {
    return new UserError(
      `${path} cannot be opened: this user may not read it, or may not write it or its folder.`,
      "Change the permissions, or name another store with --db.",
    );
  }
  if (/no such file|ENOENT/i.test(message)) {
    return new UserError(
      `${path} cannot be made: its folder is not there.`,
      "Make the folder, or name another store with --db.",
    );
  }
  if (/not a valid DuckDB database/i.test(message)) {
    return new UserError(`${path} is not a DuckDB file.`, "Name another file with --db.");
  }
  const reason = message.split("\n")[0]!;
  return new UserError(
    `${path} cannot be opened: ${reason}`,
    "If a newer DuckDB wrote it, use a newer perfmon; if it is damaged, load the recordings again.",
  );
}
