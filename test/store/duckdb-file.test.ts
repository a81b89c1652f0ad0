/** What can be wrong with a store's file, and what then is said. */
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, describe, expect, it } from "vitest";
import { loadRecording } from "../../src/load/load-recording.ts";
import { openStore, type OpenOptions } from "../../src/store/open.ts";
import { UsageError, UserError } from "../../src/util/errors.ts";
import { temporaryFolder } from "../support/synthetic-log.ts";
import { writeRecording } from "./recordings.ts";

const newPath = () => join(temporaryFolder(), "store.duckdb");
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

async function refusal(
  url: string,
  mode: OpenOptions["mode"],
  lockWaitMs = 200,
): Promise<UserError> {
  const error: unknown = await openStore(url, { mode, lockWaitMs }).then(
    (store) => store.close(),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

/** A process that has the file open; resolves when it has. */
async function holder(path: string, holdMs: number): Promise<ChildProcess> {
  const script = `
    const { DuckDBInstance } = require("@duckdb/node-api");
    DuckDBInstance.create(process.argv[1]).then(async (instance) => {
      await instance.connect();
      console.log("open");
      setTimeout(() => process.exit(), Number(process.argv[2]));
    });`;
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const child = spawn(process.execPath, ["-e", script, path, String(holdMs)], {
    cwd,
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return child;
}

describe("a DuckDB file", () => {
  it("that another process has open is waited for, then its holder is named", async () => {
    const path = newPath();
    await (await openStore(path, { mode: "write" })).close();
    const { pid } = await holder(path, 60_000);
    for (const mode of ["read", "write"] as const) {
      expect((await refusal(path, mode)).message).toContain(`in use by the process with id ${pid}`);
    }
  });

  it("that another process lets go of in time is opened", async () => {
    const path = newPath();
    await (await openStore(path, { mode: "write" })).close();
    await holder(path, 400);
    const store = await openStore(path, { mode: "write", lockWaitMs: 15_000 });
    expect(await store.runs()).toEqual([]);
    await store.close();
  });

  it("that this process writes to already is refused", async () => {
    const path = newPath();
    const store = await openStore(path, { mode: "write" });
    expect((await refusal(path, "write")).message).toMatch(/open for writing already/);
    await store.close();
    await (await openStore(path, { mode: "write" })).close();
  });

  it("of another program is left as it is", async () => {
    const path = newPath();
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run("CREATE TABLE theirs AS SELECT 42 AS answer");
    connection.closeSync();
    instance.closeSync();
    const before = readFileSync(path);
    for (const mode of ["read", "write"] as const) {
      expect((await refusal(path, mode)).message).toMatch(/database of another program.*theirs/);
    }
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("that is empty, of another kind, a folder, or damaged is told apart", async () => {
    const text = newPath();
    writeFileSync(text, "just a text that is long enough");
    expect((await refusal(text, "write")).message).toMatch(/is not a DuckDB file/);
    expect(readFileSync(text, "utf8")).toMatch(/just a text/);
    const empty = newPath();
    writeFileSync(empty, "");
    expect((await refusal(empty, "read")).message).toMatch(/is not a DuckDB file/);
    expect((await refusal(temporaryFolder(), "write")).message).toMatch(/is a folder/);
    const damaged = newPath();
    await (await openStore(damaged, { mode: "write" })).close();
    const bytes = readFileSync(damaged);
    bytes.fill(0x5a, 4096, 12_288);
    writeFileSync(damaged, bytes);
    expect((await refusal(damaged, "read")).message).toMatch(/cannot be opened/);
  });

  it("in a folder that cannot be written to, or is not there", async () => {
    expect((await refusal("/sys/store.duckdb", "write")).message).toMatch(
      /may not write it or its folder/,
    );
    const nowhere = join(temporaryFolder(), "no", "store.duckdb");
    expect((await refusal(nowhere, "write")).message).toMatch(/its folder is not there/);
  });

  it("an empty DuckDB database becomes a store when written to, not when read", async () => {
    const path = newPath();
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run("CHECKPOINT");
    connection.closeSync();
    instance.closeSync();
    expect((await refusal(path, "read")).message).toMatch(/empty database, not a store/);
    const store = await openStore(path, { mode: "write" });
    expect(await store.runs()).toEqual([]);
    await store.close();
  });

  it("holds rows by series, so that asking for one reads little", async () => {
    const path = newPath();
    const store = await openStore(path, { mode: "write" });
    await loadRecording(store, await writeRecording({ samples: 500, segmentSamples: 1000 }));
    const { rows } = await store.query(
      "SELECT count(*) FROM (SELECT series_id, lag(series_id) OVER (ORDER BY rowid) AS before FROM sample) WHERE series_id < before",
    );
    expect(rows).toEqual([[0]]);
    await store.close();
  });

  it("PIVOT is a query too", async () => {
    const path = newPath();
    const store = await openStore(path, { mode: "write" });
    await loadRecording(store, await writeRecording({ samples: 20 }));
    const { columns } = await store.query(
      "PIVOT (SELECT * FROM normalized WHERE counter = 'Reads/sec') ON instance USING max(value) GROUP BY hostname",
    );
    expect(columns).toEqual(["hostname", "sda", "sdb"]);
    await store.close();
  });
});

describe("the URL of a store", () => {
  it("may carry the scheme or not", async () => {
    const path = newPath();
    await (await openStore(`duckdb:${path}`, { mode: "write" })).close();
    const store = await openStore(path, { mode: "read" });
    expect(store.id).toBe("duckdb");
    await expect(store.beginLoad({} as never)).rejects.toThrow(/open for reading only/);
    await store.close();
  });

  it("of a kind that no engine has is a usage error, which shows no password", async () => {
    const opening = openStore("oracle://scott:tiger@host/db", { mode: "read" });
    await expect(opening).rejects.toThrow(UsageError);
    await expect(opening).rejects.toThrow(/no store of the kind oracle:[^]*DuckDB file/);
    await expect(opening).rejects.not.toThrow(/tiger/);
    await expect(openStore("duckdb:", { mode: "read" })).rejects.toThrow(UsageError);
    await expect(openStore("constructor:x", { mode: "read" })).rejects.toThrow(UsageError);
  });
});
