/** One recording in both engines: every answer is the same to the last of its 9 digits. */
import { join } from "node:path";
import { expect, it, beforeAll, afterAll } from "vitest";
import { loadRecording } from "../../src/load/load-recording.ts";
import { openRecording } from "../../src/recording/recording.ts";
import { writeManifest } from "../../src/recording/manifest.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { IDENTITY, temporaryFolder, writeSyntheticLog } from "../support/synthetic-log.ts";
import { START_MS, writeRecording } from "./recordings.ts";

const RUN = { cluster: "cloud", run: "one" };
const ALL = [{ object: "*", counter: "*" }];
const stores: Store[] = [];

beforeAll(async () => {
  const ordinary = await writeRecording();
  // Values over the whole range of a double, counters that wrap and are reset, instances that go.
  const identity = { ...IDENTITY, id: "6f1a3a52-0000-4000-8000-0000000000ff", host: "wild" };
  const wild = await writeSyntheticLog(400, 5, {
    recording: identity,
    segmentMs: 150_000,
    blockSamples: 40,
  });
  writeManifest(wild.folder, {
    ...identity,
    format: "linux-perfmon recording",
    version: 1,
    recorder: "test",
    startedMs: 1.7e12,
    timeZone: "UTC",
    process: { bootId: "elsewhere", pid: 1 },
  });
  for (const url of ["duckdb:", "pglite:"]) {
    const store = await openStore(`${url}${join(temporaryFolder(), "store")}`, { mode: "write" });
    stores.push(store);
    await loadRecording(store, ordinary);
    await loadRecording(store, openRecording(wild.folder));
  }
}, 120_000);

afterAll(async () => {
  for (const store of stores) await store.close();
});

it.each<[string, (store: Store) => Promise<unknown>, number]>([
  ["describeRun", async (store) => [await store.describeRun(RUN)], 1],
  ["coverage", (store) => store.coverage(RUN), 5],
  ["means", (store) => store.means(RUN, ALL), 50],
  [
    "means of a window",
    (store) => store.means({ ...RUN, fromMs: START_MS + 17_000, toMs: START_MS + 93_700 }, ALL),
    20,
  ],
  ["statistics", (store) => store.statistics(RUN, ALL), 50],
  [
    "statistics of a window",
    (store) =>
      store.statistics({ ...RUN, fromMs: START_MS + 17_000, toMs: START_MS + 93_700 }, ALL),
    20,
  ],
  ["buckets of a second", (store) => store.buckets(RUN, ALL, START_MS - 500, 1000), 50],
  ["buckets", (store) => store.buckets(RUN, ALL, START_MS, 10_000), 50],
  ["buckets of odd width", (store) => store.buckets(RUN, ALL, START_MS - 333, 7777.7), 50],
  ["runs", (store) => store.runs(), 1],
])("%s", async (_what, ask, atLeast) => {
  const [duckdb, pglite] = await Promise.all(stores.map(ask));
  expect((duckdb as unknown[]).length).toBeGreaterThanOrEqual(atLeast);
  expect(differences(duckdb, pglite)).toEqual([]);
});

/** Sums of values that nearly cancel have no 9 digits to agree on: 1e-9 of the largest is the bar. */
function differences(a: unknown, b: unknown, path = ""): string[] {
  if (typeof a === "number" && typeof b === "number") {
    return Object.is(a, b) || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b))
      ? []
      : [`${path}: ${a} and ${b}`];
  }
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) {
    return a === b ? [] : [`${path}: ${String(a)} and ${String(b)}`];
  }
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) =>
    differences(
      (a as Record<string, unknown>)[key],
      (b as Record<string, unknown>)[key],
      `${path}.${key}`,
    ),
  );
}
