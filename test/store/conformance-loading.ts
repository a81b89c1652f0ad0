/** Conformance of stores: loading adds everything once, whatever comes between. */
import { spawn } from "node:child_process";
import { copyFileSync, cpSync, readdirSync, truncateSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadRecording } from "../../src/load/load-recording.ts";
import { ReadAhead } from "../../src/load/read-ahead.ts";
import { openRecording } from "../../src/recording/recording.ts";
import { UserError } from "../../src/util/errors.ts";
import { temporaryFolder } from "../support/synthetic-log.ts";
import {
  count,
  DISKS,
  expectedReads,
  rows,
  RUN,
  storesOfTests,
  type StoreUnderTest,
} from "./conformance-support.ts";
import { sampleTimeMs, START_MS, writeRecording } from "./recordings.ts";

/** Every value, with names and exact times, ordered: what must be the same however it was loaded. */
const ALL_VALUES = `SELECT hostname, object, counter, parent, instance, utcdatetime, value, weight
  FROM normalized ORDER BY hostname, object, counter, parent, instance, utcdatetime`;
const ALL_SERIES = `SELECT counter, parent, instance, attributes FROM series
  JOIN counter ON counter.counter_id = series.counter_id ORDER BY series_id`;

export function loadingConformance({ name, freshUrl }: StoreUnderTest): void {
  const { opened } = storesOfTests();

  describe(`${name}: loading`, () => {
    it("adds a recording once, however often it is loaded", async () => {
      const recording = await writeRecording();
      const store = await opened(await freshUrl());
      const first = await loadRecording(store, recording);
      expect(first).toMatchObject({
        host: "node1",
        segments: 3,
        samples: 200,
        alreadyLoaded: false,
        lost: [],
      });
      const tables = ["sample", "series", "series_summary", "instant", "event", "load", "counter"];
      const before = await Promise.all(tables.map((table) => count(store, table)));
      expect(before[0]).toBe(first.values);
      expect(first.values).toBeGreaterThan(1500);
      const second = await loadRecording(store, recording);
      expect(second).toMatchObject({ segments: 0, samples: 0, values: 0, alreadyLoaded: true });
      expect(await Promise.all(tables.map((table) => count(store, table)))).toEqual(before);
    });

    it("keeps every value, its time and its weight", async () => {
      const store = await opened(await freshUrl());
      await loadRecording(store, await writeRecording());
      for (const [d, disk] of DISKS.entries()) {
        const found = await rows(
          store,
          `SELECT utcdatetime, value, weight FROM normalized
           WHERE counter = 'Reads/sec' AND instance = '${disk}' ORDER BY utcdatetime`,
        );
        const expected = expectedReads(d, 200);
        expect(found.length).toBe(199);
        found.forEach(([time, value, weight], i) => {
          expect(Date.parse(String(time)) - START_MS).toBe(expected[i]!.timeMs);
          expect(value).toBeCloseTo(expected[i]!.rate, 6);
          expect(weight).toBe(expected[i]!.seconds);
        });
      }
    });

    it("stores the same values in one go, in many chunks, and segment by segment", async () => {
      const recording = await writeRecording();
      const whole = await opened(await freshUrl());
      await loadRecording(whole, recording);
      const expected = await rows(whole, ALL_VALUES);
      const pieces = await opened(await freshUrl());
      await loadRecording(pieces, recording, { reader: new ReadAhead([recording], 1) });
      expect(await rows(pieces, ALL_VALUES)).toEqual(expected);

      const growing = await opened(await freshUrl());
      for (let segments = 1; segments <= 3; segments++) {
        const part = { ...recording, segments: recording.segments.slice(0, segments) };
        expect(await loadRecording(growing, part)).toMatchObject({ segments: 1 });
      }
      expect(await rows(growing, ALL_VALUES)).toEqual(expected);
      expect(await rows(growing, ALL_SERIES)).toEqual(await rows(whole, ALL_SERIES));
    });

    it("leaves the segment that is being recorded for later", async () => {
      const recording = await writeRecording();
      const segments = recording.segments.map((segment, i) => ({ ...segment, closed: i < 2 }));
      const store = await opened(await freshUrl());
      expect(await loadRecording(store, { ...recording, segments, over: false })).toMatchObject({
        segments: 2,
      });
      expect(await loadRecording(store, recording)).toMatchObject({ segments: 1, samples: 24 });
    });

    it("adds what is missing when a copy was taken too early", async () => {
      const recording = await writeRecording();
      const whole = await opened(await freshUrl());
      await loadRecording(whole, recording);

      const copy = join(temporaryFolder(), basename(recording.folder));
      cpSync(recording.folder, copy, { recursive: true });
      const last = readdirSync(copy)
        .filter((file) => file.endsWith(".plog"))
        .sort()[2]!;
      truncateSync(join(copy, last), Math.floor(recording.segments[2]!.bytes * 0.6));
      const store = await opened(await freshUrl());
      const early = await loadRecording(store, openRecording(copy));
      expect(early.samples).toBeLessThan(200);
      expect(early.lost.join()).toMatch(/segment 3/);
      copyFileSync(join(recording.folder, last), join(copy, last));
      const late = await loadRecording(store, openRecording(copy));
      expect(late).toMatchObject({ segments: 1, samples: 200 - early.samples });
      expect(await rows(store, ALL_VALUES)).toEqual(await rows(whole, ALL_VALUES));
      const marks = "SELECT text FROM event WHERE kind = 'mark'";
      expect(await rows(store, marks)).toEqual([["map's start"]]);
    });

    it("a kill in the middle leaves no trace, and loading again completes", async () => {
      const recording = await writeRecording();
      const whole = await opened(await freshUrl());
      await loadRecording(whole, recording);
      const url = await freshUrl();
      await killedLoad(url, recording.folder, 2);
      const store = await opened(url);
      expect(await rows(store, "SELECT segment FROM load")).toEqual([[1]]);
      expect(await count(store, "sample")).toBeGreaterThan(0);
      expect(await rows(store, `SELECT count(*) FROM normalized WHERE weight IS NULL`)).toEqual([
        [0],
      ]);
      const again = await loadRecording(store, recording);
      expect(again).toMatchObject({ segments: 2, samples: 120 });
      expect(await rows(store, ALL_VALUES)).toEqual(await rows(whole, ALL_VALUES));
      expect(await count(store, "instant")).toBe(199);
    });

    it("giving up leaves no trace, not even of the run", async () => {
      const recording = await writeRecording();
      const store = await opened(await freshUrl());
      const { manifest, inventory } = recording;
      const session = await store.beginLoad({ ...manifest, inventory });
      await session.beginSegment(1);
      const counter = {
        name: "c",
        type: "gauge",
        unit: "count",
        group: 0,
        value: [[0, 1]],
        scale: 1,
      } as const;
      const [seriesId] = await session.seriesIds([
        { object: "o", counter, instance: { name: "i" } },
      ]);
      const one = Float64Array.of(1);
      const timeMs = Float64Array.of(START_MS);
      await session.appendSamples({
        seriesId: seriesId!,
        length: 1,
        timeMs,
        values: one,
        weights: one,
      });
      await session.appendInstants(timeMs);
      await session.abort();
      expect(await store.runs()).toEqual([]);
      expect(await count(store, "series")).toBe(0);
      expect(await count(store, "sample")).toBe(0);
      // The store is free for the next load.
      expect((await loadRecording(store, recording)).values).toBeGreaterThan(0);
    });

    it("refuses another recording of the same host and time, and keeps what it has", async () => {
      const store = await opened(await freshUrl());
      await loadRecording(store, await writeRecording());
      const before = await rows(store, ALL_VALUES);
      const id = "6f1a3a52-0000-4000-8000-000000000002";
      for (const startMs of [START_MS + 60_000, START_MS - 60_000]) {
        const other = await writeRecording({ id, startMs });
        const loading = loadRecording(store, other);
        await expect(loading).rejects.toThrow(UserError);
        await expect(loading).rejects.toThrow(/000000000002.*cloud\/one.*000000000001/);
      }
      // Also when what is known beforehand does not tell.
      const late = await writeRecording({ id, startMs: START_MS - 60_000 });
      const { finishedMs: _, ...manifest } = late.manifest;
      await expect(loadRecording(store, { ...late, manifest })).rejects.toThrow(
        /claims the same time/,
      );
      expect(await rows(store, ALL_VALUES)).toEqual(before);
      expect(await count(store, "recording")).toBe(1);
      // One that begins where the other ends, another host and another run are welcome.
      const after = await writeRecording({ id, startMs: START_MS + sampleTimeMs(199) });
      expect((await loadRecording(store, after)).segments).toBe(3);
      const elsewhere = { id: "6f1a3a52-0000-4000-8000-000000000003", host: "node2" };
      expect((await loadRecording(store, await writeRecording(elsewhere))).segments).toBe(3);
      const otherRun = { id: "6f1a3a52-0000-4000-8000-000000000004", run: "two" };
      expect((await loadRecording(store, await writeRecording(otherRun))).segments).toBe(3);
    });

    it.each([
      ["a start", { startedMs: Infinity }],
      ["an interval", { intervalMs: 0 }],
      [
        "an exit code",
        { command: { program: "x", startedMs: 1, durationSeconds: 1, exitCode: 0.5 } },
      ],
      [
        "a duration",
        { command: { program: "x", startedMs: 1, durationSeconds: Infinity, exitCode: 0 } },
      ],
    ])("refuses a manifest with %s that cannot be", async (_what, wrong) => {
      const recording = await writeRecording({ samples: 5 });
      const manifest = { ...recording.manifest, ...wrong };
      const store = await opened(await freshUrl());
      await expect(loadRecording(store, { ...recording, manifest })).rejects.toThrow(/impossible/);
      expect(await store.runs()).toEqual([]);
    });

    it("tells processes apart that used one id after another, and knows them again", async () => {
      const store = await opened(await freshUrl());
      await loadRecording(store, await writeRecording({ samples: 30 }));
      const later = (start: string, number: number) =>
        writeRecording({
          id: `6f1a3a52-0000-4000-8000-00000000001${number}`,
          samples: 30,
          startMs: START_MS + number * 60_000,
          processStart: start,
        });
      await loadRecording(store, await later("100", 1));
      const java = "SELECT series_id FROM series WHERE instance = 'java:42'";
      expect((await rows(store, java)).length).toBe(1);
      await loadRecording(store, await later("7000", 2));
      expect((await rows(store, java)).length).toBe(2);
      const statistics = await store.statistics(RUN, [
        { object: "process", counter: "*", instance: "java:42" },
      ]);
      expect(statistics.map(({ series, count: n }) => [series.attributes["start"], n])).toEqual([
        ["100", 58],
        ["7000", 29],
      ]);
    });

    it.each([0, 1])("takes a recording of %d samples: a run without values", async (samples) => {
      const store = await opened(await freshUrl());
      const result = await loadRecording(store, await writeRecording({ samples }));
      expect(result).toMatchObject({ samples, values: 0 });
      expect(await store.runs()).toMatchObject([{ ...RUN, hosts: 1, series: 0, values: 0 }]);
      const description = await store.describeRun(RUN);
      expect(description).toMatchObject({ fromMs: START_MS, toMs: START_MS });
      expect(description.hosts).toMatchObject([{ name: "node1", samples: 0 }]);
      expect(await store.coverage(RUN)).toEqual([]);
      expect(await store.statistics(RUN, [{ object: "*", counter: "*" }])).toEqual([]);
    });
  });
}

/** Loads in a process of its own, and kills that before it commits the segment. */
async function killedLoad(url: string, folder: string, segment: number): Promise<void> {
  const script = fileURLToPath(new URL("interrupted-load.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", script, url, folder, String(segment)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once("exit", (_code, signal) => resolve(signal)),
  );
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    void exited.then(() => reject(new Error("the load ended before it could be killed")));
  });
  child.kill("SIGKILL");
  expect(await exited).toBe("SIGKILL");
}
