/** Opens the database itself: waits for its lock, and says in one sentence what is wrong. */
import { totalmem } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import duckdb from "@duckdb/node-bindings";
import { UserError } from "../../util/errors.ts";
import type { OpenDatabase } from "./duckdb-engine.ts";

/** @throws UserError when it is locked for longer than that, or cannot be opened */
export async function openDatabase(
  path: string,
  { mode, lockWaitMs }: { readonly mode: "read" | "write"; readonly lockWaitMs: number },
): Promise<OpenDatabase> {
  const deadline = performance.now() + lockWaitMs;
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 500)) {
    try {
      const database = await duckdb.open(path, configuration(mode));
      const connection = await duckdb.connect(database);
      return { database, connection, location: path, writable: mode === "write" };
    } catch (error) {
      if (!isLocked(error)) throw cannotOpen(path, error);
      if (performance.now() + pauseMs > deadline) throw locked(path, error);
      await delay(pauseMs);
    }
  }
}

function configuration(mode: "read" | "write"): duckdb.Config {
  const config = duckdb.create_config();
  const megabytes = Math.floor(totalmem() / 1024 / 1024);
  const settings: Record<string, string> = {
    access_mode: mode === "read" ? "READ_ONLY" : "READ_WRITE",
    // Loading needs little; sorting for exact quantiles needs more, and spills beyond it.
    memory_limit: `${Math.min(mode === "write" ? 64 : 2048, Math.floor(megabytes / 2))}MB`,
    // One thread compresses what another has read: a third would only be in their way.
    ...(mode === "write" ? { threads: "1" } : {}),
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

export function cannotOpen(path: string, error: unknown): UserError {
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
