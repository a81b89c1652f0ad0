/** docs/schema.md: every query in it runs, every table and column it names is there, and all are named. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadRecording } from "../../src/load/load-recording.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder } from "../support/synthetic-log.ts";
import { writeRecording } from "./recordings.ts";

const page = readFileSync(new URL("../../docs/schema.md", import.meta.url), "utf8");
const examples = [...page.matchAll(/([^\n]+):\n\n```sql\n([^`]+)```/g)].map((match) => [
  match[1]!,
  match[2]!,
]);
let store: Store;

beforeAll(async () => {
  store = await openStore(join(temporaryFolder(), "store.duckdb"), { mode: "write" });
  const second = { id: "6f1a3a52-0000-4000-8000-000000000002", run: "two" };
  for (const options of [{}, second]) await loadRecording(store, await writeRecording(options));
});
afterAll(() => store.close());

describe("docs/schema.md", () => {
  it("has examples", () => {
    expect(examples.length).toBe(page.split("```sql").length - 1);
    expect(examples.length).toBeGreaterThan(5);
  });

  it.each(examples)("%s: the example answers", async (_title, sql) => {
    const { rows } = await store.query(sql);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every((row) => row.every((value) => value !== null))).toBe(true);
  });

  it("names every column of every table and view", async () => {
    const { rows } = await store.query(
      "SELECT table_name, column_name FROM information_schema.columns WHERE table_name <> 'perfmon_schema'",
    );
    expect(rows.length).toBeGreaterThan(80);
    const names = new Set(
      [...page.matchAll(/`(\w+)`|^### (\w+)$/gm)].map((match) => match[1] ?? match[2]),
    );
    const missing = rows.filter((row) => row.some((name) => !names.has(String(name))));
    expect(missing).toEqual([]);
  });
});
