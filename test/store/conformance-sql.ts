/** Conformance of stores: SQL of people, and opening. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadRecording } from "../../src/load/load-recording.ts";
import { UserError } from "../../src/util/errors.ts";
import { temporaryFolder } from "../support/synthetic-log.ts";
import { count, rows, RUN, storesOfTests, type StoreUnderTest } from "./conformance-support.ts";
import { writeRecording } from "./recordings.ts";

export function sqlConformance({ name, freshUrl, absentUrl }: StoreUnderTest): void {
  const { opened, closeAll } = storesOfTests();

  describe(`${name}: SQL of people`, () => {
    it("sees the views", async () => {
      const url = await freshUrl();
      await loadRecording(await opened(url), await writeRecording());
      await closeAll();
      const store = await opened(url, "read");
      const [hosts] = await rows(store, "SELECT hostname, samples, recordings FROM dim_host");
      expect(hosts).toEqual(["node1", 200, 1]);
      const dates = await rows(
        store,
        "SELECT utcdate, hour, minute_of_hour, weekday FROM dim_date ORDER BY minute",
      );
      expect(dates[0]).toEqual(["2023-11-14", 22, 13, 2]);
      expect(dates.length).toBe(4);
      const counters = await rows(
        store,
        "SELECT counter, unit, series FROM dim_counter ORDER BY counter",
      );
      expect(counters[1]).toEqual(["Avg. sec/Read", "seconds", 2]);
      expect(await rows(store, "SELECT count(*) FROM normalized")).toEqual([
        [await count(store, "sample")],
      ]);
    });

    it.each(["read", "write"] as const)("cannot change a store opened to %s", async (mode) => {
      const url = await freshUrl();
      await loadRecording(await opened(url), await writeRecording({ samples: 20 }));
      await closeAll();
      const store = await opened(url, mode);
      const before = await count(store, "sample");
      for (const sql of [
        "DELETE FROM sample",
        "DROP TABLE sample",
        "CREATE TABLE mine (a INTEGER)",
        "INSERT INTO event VALUES (1, 'a', 1, 'b', 'c')",
        "UPDATE sample SET value = 0",
        "COMMIT",
        "SELECT 1; DELETE FROM sample",
        "COMMIT; DELETE FROM sample",
        "EXPLAIN ANALYZE DELETE FROM sample",
        "WITH gone AS (DELETE FROM sample RETURNING *) SELECT * FROM gone",
        "",
        "SELECT * FROM nowhere",
        "not SQL",
      ]) {
        await expect(store.query(sql), sql).rejects.toThrow(UserError);
      }
      expect(await count(store, "sample")).toBe(before);
    });

    it("cannot reach files or the network", async () => {
      const url = await freshUrl();
      await loadRecording(await opened(url), await writeRecording({ samples: 20 }));
      await closeAll();
      const store = await opened(url, "read");
      const target = join(temporaryFolder(), "out.csv");
      const secret = join(temporaryFolder(), "secret.csv");
      writeFileSync(secret, "a\n1\n");
      for (const sql of [
        `SELECT * FROM read_csv('${secret}')`,
        `SELECT * FROM '${secret}'`,
        `SELECT * FROM read_text('${secret}')`,
        `SELECT pg_read_file('${secret}')`,
        `SELECT lo_import('${secret}')`,
        `COPY sample TO '${target}'`,
        `COPY (SELECT 1) TO '${target}'`,
        `COPY sample FROM '${secret}'`,
        `ATTACH '${target}' AS other`,
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')",
        "SET enable_external_access = true",
      ]) {
        await expect(store.query(sql), sql).rejects.toThrow(UserError);
      }
      expect(() => rmSync(target)).toThrow(/ENOENT/);
    });

    it("gives plain values", async () => {
      const store = await opened(await freshUrl());
      const { columns, rows: found } = await store.query(
        `SELECT CAST(1 AS BIGINT) AS small, CAST(9007199254740993 AS BIGINT) AS large,
           CAST('2024-02-03' AS DATE) AS day, CAST('2024-02-03 04:05:06.789' AS TIMESTAMP) AS time,
           CAST(0.1 AS DOUBLE PRECISION) AS double, NULL AS nothing, 'é' AS text`,
      );
      expect(columns).toEqual(["small", "large", "day", "time", "double", "nothing", "text"]);
      expect(found).toEqual([
        [1, "9007199254740993", "2024-02-03", "2024-02-03T04:05:06.789Z", 0.1, null, "é"],
      ]);
    });
  });

  describe(`${name}: opening`, () => {
    it("refuses a store that a newer version made", async () => {
      const url = await freshUrl();
      await loadRecording(await opened(url), await writeRecording({ samples: 5 }));
      await closeAll();
      await pretendNewer(url);
      await expect(opened(url, "read")).rejects.toThrow(
        /schema version 99; this perfmon knows version 1/,
      );
      await expect(opened(url, "write")).rejects.toThrow(UserError);
    });

    it("says that there is nothing to read", async () => {
      await expect(opened(absentUrl(), "read")).rejects.toThrow(/There is no store/);
    });

    it("makes an empty store where there is none, which then can be read", async () => {
      const url = absentUrl();
      await opened(url, "write");
      await closeAll();
      const store = await opened(url, "read");
      expect(await store.runs()).toEqual([]);
      await expect(store.describeRun(RUN)).rejects.toThrow(UserError);
    });
  });
}

async function pretendNewer(url: string): Promise<void> {
  const [scheme, path] = url.includes(":") ? url.split(":") : ["duckdb", url];
  const sql = "UPDATE perfmon_schema SET version = 99";
  if (scheme === "pglite") {
    const { PGlite } = await import("@electric-sql/pglite");
    const database = await PGlite.create(path);
    await database.exec(sql);
    await database.close();
    return;
  }
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}
