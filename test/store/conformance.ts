/**
 * What every store must do. Each engine's test file calls `storeConformance` with a way to make a
 * fresh place for a store.
 */
import { spawn } from "node:child_process";
import { copyFileSync, cpSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { SeriesStatistics } from "../../src/analysis/source.ts";
import { loadRecording } from "../../src/load/load-recording.ts";
import { openRecording } from "../../src/recording/recording.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { UserError } from "../../src/util/errors.ts";
import { temporaryFolder } from "../support/synthetic-log.ts";
import { rawDisk, sampleTimeMs, START_MS, writeRecording } from "./recordings.ts";

export interface StoreUnderTest {
  readonly name: string;
  /** A URL at which there is an empty store, or none yet. */
  readonly freshUrl: () => string | Promise<string>;
  /** A URL at which there is nothing. */
  readonly absentUrl: () => string;
}

const RUN = { cluster: "cloud", run: "one" };
const DISKS = ["sda", "sdb"];

/** Every value, with names and exact times, ordered: what must be the same however it was loaded. */
const ALL_VALUES = `SELECT hostname, object, counter, parent, instance, utcdatetime, value, weight
  FROM normalized ORDER BY hostname, object, counter, parent, instance, utcdatetime`;
const ALL_SERIES = `SELECT counter, parent, instance, attributes FROM series
  JOIN counter ON counter.counter_id = series.counter_id ORDER BY series_id`;

/** Interval values of a disk, worked out from the formulas. */
function expectedReads(disk: number, samples: number) {
  return Array.from({ length: samples - 1 }, (_, i) => {
    const seconds = (sampleTimeMs(i + 1) - sampleTimeMs(i)) / 1000;
    const reads = rawDisk(disk, i + 1).reads - rawDisk(disk, i).reads;
    const ticks = rawDisk(disk, i + 1).ticks - rawDisk(disk, i).ticks;
    return { timeMs: sampleTimeMs(i + 1), seconds, reads, ticks, rate: reads / seconds };
  });
}

export function storeConformance({ name, freshUrl, absentUrl }: StoreUnderTest): void {
  const open: Store[] = [];
  const opened = async (url: string, mode: "read" | "write" = "write"): Promise<Store> => {
    const store = await openStore(url, { mode });
    open.push(store);
    return store;
  };
  const closeAll = async (): Promise<void> => {
    for (const store of open.splice(0)) await store.close();
  };
  afterEach(closeAll);

  const rows = async (store: Store, sql: string) => (await store.query(sql)).rows;
  const count = async (store: Store, table: string) =>
    Number((await rows(store, `SELECT count(*) FROM ${table}`))[0]![0]);

  describe(`${name}: loading`, () => {
    it("adds a recording once, however often it is loaded", async () => {
      const recording = await writeRecording();
      const store = await opened(await freshUrl());
      const first = await loadRecording(store, recording);
      expect(first).toMatchObject({ host: "node1", segments: 3, samples: 200, alreadyLoaded: false, lost: [] });
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
      await loadRecording(pieces, recording, { maxReadings: 1 });
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
      expect(await loadRecording(store, { ...recording, segments, over: false })).toMatchObject({ segments: 2 });
      expect(await loadRecording(store, recording)).toMatchObject({ segments: 1, samples: 24 });
    });

    it("adds what is missing when a copy was taken too early", async () => {
      const recording = await writeRecording();
      const whole = await opened(await freshUrl());
      await loadRecording(whole, recording);

      const copy = join(temporaryFolder(), basename(recording.folder));
      cpSync(recording.folder, copy, { recursive: true });
      const last = readdirSync(copy).filter((file) => file.endsWith(".plog")).sort()[2]!;
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
      expect(await rows(store, `SELECT count(*) FROM normalized WHERE weight IS NULL`)).toEqual([[0]]);
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
      const counter = { name: "c", type: "gauge", unit: "count", group: 0, value: [[0, 1]], scale: 1 } as const;
      const [seriesId] = await session.seriesIds([{ object: "o", counter, instance: { name: "i" } }]);
      const one = Float64Array.of(1);
      const timeMs = Float64Array.of(START_MS);
      await session.appendSamples({ seriesId: seriesId!, length: 1, timeMs, values: one, weights: one });
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
      await expect(loadRecording(store, { ...late, manifest })).rejects.toThrow(/claims the same time/);
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

  describe(`${name}: summaries`, () => {
    it("of all minutes together say what the values say", async () => {
      const store = await opened(await freshUrl());
      await loadRecording(store, await writeRecording());
      const [totals] = await rows(
        store,
        `SELECT sum(value_count), sum(weight), sum(mean * weight) / sum(weight),
           min(minimum), max(maximum)
         FROM series_summary JOIN series ON series.series_id = series_summary.series_id
         JOIN counter ON counter.counter_id = series.counter_id
         WHERE counter = 'Avg. sec/Read' AND instance = 'sda'`,
      );
      const first = rawDisk(0, 0);
      const last = rawDisk(0, 199);
      const [sums] = await rows(
        store,
        `SELECT count(*), min(value), max(value) FROM normalized
         WHERE counter = 'Avg. sec/Read' AND instance = 'sda'`,
      );
      expect(totals![0]).toBe(sums![0]);
      expect(totals![1]).toBe(last.reads - first.reads);
      expect(totals![2]).toBeCloseTo((0.001 * (last.ticks - first.ticks)) / (last.reads - first.reads), 9);
      expect([totals![3], totals![4]]).toEqual([sums![1], sums![2]]);
    });
  });

  describe(`${name}: weights`, () => {
    it("make every average the true one, where an unweighted one is wrong", async () => {
      const store = await opened(await freshUrl());
      await loadRecording(store, await writeRecording());
      const first = rawDisk(0, 0);
      const last = rawDisk(0, 199);
      const truth = {
        "Reads/sec": (last.reads - first.reads) / (sampleTimeMs(199) / 1000),
        "Avg. sec/Read": (0.001 * (last.ticks - first.ticks)) / (last.reads - first.reads),
      };
      for (const [counter, expected] of Object.entries(truth)) {
        const [row] = await rows(
          store,
          `SELECT sum(value * weight) / sum(weight), avg(value) FROM normalized
           WHERE counter = '${counter}' AND instance = 'sda'`,
        );
        expect(Number(row![0]) / expected).toBeCloseTo(1, 8);
        expect(Math.abs(Number(row![1]) / expected - 1)).toBeGreaterThan(0.001);
        const pattern = { object: "Disk", counter, instance: "sda" };
        const [statistics] = await store.statistics(RUN, [pattern]);
        expect(statistics!.mean / expected).toBeCloseTo(1, 8);
        const bucketed = (await store.buckets(RUN, [pattern], START_MS, 17_000))[0]!;
        let moment = 0;
        let weight = 0;
        bucketed.mean.forEach((mean, i) => {
          moment += mean * bucketed.weight[i]!;
          weight += bucketed.weight[i]!;
        });
        expect(moment / weight / expected).toBeCloseTo(1, 8);
      }
    });
  });

  describe(`${name}: questions`, () => {
    // Asked only: one store does for all of them.
    let shared: Store | undefined;
    beforeAll(async () => {
      shared = await openStore(await freshUrl(), { mode: "write" });
      const command = { program: "sort", startedMs: START_MS + 1000, durationSeconds: 150.25, exitCode: 3 };
      await loadRecording(shared, await writeRecording({ command }));
      const other = { id: "6f1a3a52-0000-4000-8000-000000000005", host: "Node0", samples: 90 };
      await loadRecording(shared, await writeRecording(other));
    });
    afterAll(() => shared?.close());
    const filled = (): Store => shared!;

    it("statistics are exact, quantiles observed values", async () => {
      const store = filled();
      const window = { fromMs: START_MS + 20_000, toMs: START_MS + 150_700 };
      const answers = await store.statistics({ ...RUN, ...window }, [
        { object: "Disk", counter: "Reads/sec", instance: "sdb" },
        { object: "Disk", counter: "Size Bytes", instance: "sdb" },
      ]);
      expect(answers.map(({ series }) => `${series.host} ${series.counter}`)).toEqual([
        "Node0 Reads/sec",
        "Node0 Size Bytes",
        "node1 Reads/sec",
        "node1 Size Bytes",
      ]);
      const inWindow = expectedReads(1, 200).filter(
        ({ timeMs }) => timeMs > 20_000 && timeMs <= 150_700,
      );
      checkStatistics(answers[2]!, inWindow.map(({ rate, seconds }) => [rate, seconds]));
      const sizes = inWindow.map(({ seconds }, i) => [rawDisk(1, 21 + i).bytes, seconds] as const);
      checkStatistics(answers[3]!, sizes);
    });

    it("statistics of a steady series have no deviation, and its very value as mean", async () => {
      const store = filled();
      const [steady] = await store.statistics(RUN, [
        { object: "Process", counter: "% User Time", instance: "sh:1000" },
      ]);
      expect(steady!.count).toBe(9);
      const java = await store.statistics({ ...RUN, fromMs: START_MS + 4000, toMs: START_MS + 9000 }, [
        { object: "Process", counter: "% User Time", instance: "java:42" },
      ]);
      expect(java.map(({ mean, deviation, p50 }) => [mean, deviation, p50])).toEqual([
        [25, 0, 25],
        [25, 0, 25],
      ]);
    });

    it("buckets are open at their start and closed at their end", async () => {
      const store = filled();
      const originMs = START_MS + 5000;
      const [answer] = await store.buckets(
        { ...RUN, fromMs: START_MS + 2000, toMs: START_MS + 101_000 },
        [{ object: "Disk", counter: "Queue Length", instance: "sda" }],
        originMs,
        10_000,
      );
      const expected = new Map<number, { moment: number; weight: number; max: number }>();
      expectedReads(0, 90).forEach(({ timeMs, seconds }, i) => {
        if (timeMs <= 2000 || timeMs > 101_000) return;
        const bucket = Math.ceil((timeMs - 5000) / 10_000) - 1;
        const sum = expected.get(bucket) ?? { moment: 0, weight: 0, max: -Infinity };
        const { queue } = rawDisk(0, i + 1);
        sum.moment += queue * seconds;
        sum.weight += seconds;
        sum.max = Math.max(sum.max, queue);
        expected.set(bucket, sum);
      });
      const inOrder = [...expected].sort(([a], [b]) => a - b);
      expect(answer!.series).toMatchObject({ host: "Node0", instance: "sda", parent: "" });
      expect([...answer!.bucket]).toEqual(inOrder.map(([bucket]) => bucket));
      expect(answer!.bucket[0]).toBe(-1);
      expect([...answer!.max]).toEqual(inOrder.map(([, { max }]) => max));
      inOrder.forEach(([, { moment, weight }], i) => {
        expect(answer!.mean[i]).toBeCloseTo(moment / weight, 8);
        expect(answer!.weight[i]).toBeCloseTo(weight, 8);
      });
      // A value exactly at the end of a bucket belongs to it, not to the next.
      const edge = await store.buckets(
        { ...RUN, fromMs: originMs, toMs: originMs + 10_000 },
        [{ object: "Disk", counter: "Queue Length", instance: "sda" }],
        originMs,
        10_000,
      );
      expect(edge.map(({ bucket }) => [...bucket])).toEqual([[0], [0]]);
    });

    it("buckets without a value are left out, fractional widths are kept", async () => {
      const store = filled();
      const [answer] = await store.buckets(
        RUN,
        [{ object: "Process", counter: "*", instance: "sh:1010" }],
        START_MS,
        1234.5,
      );
      expect(answer!.series.host).toBe("Node0");
      const times = Array.from({ length: 9 }, (_, i) => sampleTimeMs(11 + i));
      const buckets = [...new Set(times.map((timeMs) => Math.ceil(timeMs / 1234.5) - 1))];
      expect([...answer!.bucket]).toEqual(buckets);
    });

    it("patterns match without regard to case, and only * is special", async () => {
      const store = filled();
      const found = async (counter: string, instance?: string) => {
        const pattern = { object: "d*K", counter, ...(instance === undefined ? {} : { instance }) };
        const answers = await store.statistics({ ...RUN, toMs: START_MS + 5000 }, [pattern]);
        return answers.length;
      };
      expect(await found("reads/SEC")).toBe(4);
      expect(await found("*")).toBe(16);
      expect(await found("avg*read", "SDA")).toBe(2);
      expect(await found("*e*d*")).toBe(8);
      expect(await found("Reads_sec")).toBe(0);
      expect(await found("%")).toBe(0);
      expect(await found("Reads/sec", "s_a")).toBe(0);
      expect(await found("Reads/sec", "sd!a")).toBe(0);
      expect(await found("' OR 1=1 --")).toBe(0);
      expect(await store.statistics(RUN, [])).toEqual([]);
      // A series that two patterns select is one answer.
      const twice = { object: "Disk", counter: "Reads/sec", instance: "sda" };
      expect((await store.statistics(RUN, [twice, { ...twice, object: "*" }])).length).toBe(2);
    });

    it("coverage counts instances and values by host and counter", async () => {
      const store = filled();
      const rowsOfRun = await store.coverage(RUN);
      expect(rowsOfRun.map(({ host, object, counter }) => `${host} ${object} ${counter}`)).toEqual(
        ["Node0", "node1"].flatMap((host) => [
          `${host} Disk Avg. sec/Read`,
          `${host} Disk Queue Length`,
          `${host} Disk Reads/sec`,
          `${host} Disk Size Bytes`,
          `${host} Process % User Time`,
        ]),
      );
      expect(rowsOfRun[6]).toEqual({
        host: "node1",
        object: "Disk",
        counter: "Queue Length",
        instances: 2,
        values: 398,
        fromMs: START_MS + 1000,
        toMs: START_MS + sampleTimeMs(199),
      });
      const narrow = { ...RUN, fromMs: START_MS + 1000, toMs: START_MS + 3700 };
      const queue = (await store.coverage(narrow)).filter(({ counter }) => counter === "Queue Length");
      expect(queue.map(({ values, fromMs, toMs }) => [values, fromMs - START_MS, toMs - START_MS])).toEqual([
        [4, 2000, 3700],
        [4, 2000, 3700],
      ]);
    });

    it("describes a run, its hosts, its command and its events", async () => {
      const store = filled();
      const description = await store.describeRun(RUN);
      expect(description).toMatchObject({
        ...RUN,
        fromMs: START_MS,
        toMs: START_MS + sampleTimeMs(199),
        command: { program: "sort", durationSeconds: 150.25, exitCode: 3 },
      });
      expect(description.hosts.map(({ name: host, samples }) => [host, samples])).toEqual([
        ["Node0", 89],
        ["node1", 199],
      ]);
      expect(description.hosts[1]).toMatchObject({ role: "worker", intervalMs: 1000, inventory: {} });
      const text = "map's start";
      expect(description.events).toEqual([
        { host: "Node0", timeMs: START_MS + sampleTimeMs(50), kind: "mark", text },
        { host: "node1", timeMs: START_MS + sampleTimeMs(50), kind: "mark", text },
      ]);
      const window = { fromMs: START_MS + 100_000, toMs: START_MS + 120_500 };
      const part = await store.describeRun({ ...RUN, ...window });
      expect(part.command).toBeUndefined();
      expect(part.events).toEqual([]);
      expect(part).toMatchObject({ fromMs: START_MS + 100_000, toMs: START_MS + 120_000 });
      expect(part.hosts.map(({ samples }) => samples)).toEqual([0, 20]);
      expect(await store.runs()).toMatchObject([
        { ...RUN, hosts: 2, fromMs: START_MS, toMs: START_MS + sampleTimeMs(199), commandSeconds: 150.25 },
      ]);
      await expect(store.describeRun({ cluster: "cloud", run: "none" })).rejects.toThrow(
        /holds no run cloud\/none/,
      );
    });

    it("explains a finding with SQL that runs", async () => {
      const store = filled();
      const selector = { ...RUN, fromMs: START_MS + 1000, toMs: START_MS + 2000 };
      const sql = store.explainSql(selector, { object: "dis*", counter: "Queue Length", instance: "sda" });
      const { columns, rows: found } = await store.query(sql);
      expect(columns).toEqual(["hostname", "utcdatetime", "parent", "instance", "value", "unit"]);
      expect(found.map((row) => row[4])).toEqual([rawDisk(0, 2).queue, rawDisk(0, 2).queue]);
      const quoted = store.explainSql({ cluster: "it's", run: "one" }, { object: "*", counter: "100%*" });
      expect((await store.query(quoted)).rows).toEqual([]);
    });
  });

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
      const counters = await rows(store, "SELECT counter, unit, series FROM dim_counter ORDER BY counter");
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
      await expect(opened(url, "read")).rejects.toThrow(/schema version 99; this perfmon knows version 1/);
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

function checkStatistics(answer: SeriesStatistics, values: readonly (readonly [number, number])[]): void {
  const weight = values.reduce((sum, [, w]) => sum + w, 0);
  const mean = values.reduce((sum, [v, w]) => sum + v * w, 0) / weight;
  const variance = values.reduce((sum, [v, w]) => sum + w * (v - mean) ** 2, 0) / weight;
  const sorted = values.map(([v]) => v).sort((a, b) => a - b);
  const rank = (percent: number) => sorted[Math.ceil((percent * sorted.length) / 100) - 1]!;
  expect(answer.count).toBe(values.length);
  const expected = {
    weight,
    mean,
    deviation: Math.sqrt(variance),
    min: sorted[0]!,
    max: sorted[sorted.length - 1]!,
    p50: rank(50),
    p95: rank(95),
    p99: rank(99),
  };
  for (const [key, value] of Object.entries(expected)) {
    const found = answer[key as keyof typeof expected];
    expect(Math.abs(found / value - 1), `${key}: ${found} for ${value}`).toBeLessThan(5e-9);
    expect(found, key).toBe(Number(found.toPrecision(9)));
  }
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

async function pretendNewer(url: string): Promise<void> {
  const [scheme, path] = url.includes(":") ? url.split(":") : ["duckdb", url];
  const sql = "UPDATE perfmon_schema SET version = 99";
  if (scheme === "pglite") {
    const { PGlite } = await import("@electric-sql/pglite");
    const database = await PGlite.create(path!);
    await database.exec(sql);
    await database.close();
    return;
  }
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(path!);
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}
