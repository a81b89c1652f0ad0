/** Conformance of stores: the questions of an analysis, against answers worked out without a store. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BucketedSeries, SeriesStatistics } from "../../src/analysis/source.ts";
import { loadRecording } from "../../src/load/load-recording.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import {
  expectedReads,
  rows,
  RUN,
  storesOfTests,
  type StoreUnderTest,
} from "./conformance-support.ts";
import { rawDisk, sampleTimeMs, START_MS, writeRecording } from "./recordings.ts";

export function questionsConformance({ name, freshUrl }: StoreUnderTest): void {
  const { opened } = storesOfTests();

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
      expect(totals![2]).toBeCloseTo(
        (0.001 * (last.ticks - first.ticks)) / (last.reads - first.reads),
        9,
      );
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
      const command = {
        program: "sort",
        startedMs: START_MS + 1000,
        durationSeconds: 150.25,
        exitCode: 3,
      };
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
      checkStatistics(
        answers[2]!,
        inWindow.map(({ rate, seconds }) => [rate, seconds]),
      );
      const sizes = inWindow.map(({ seconds }, i) => [rawDisk(1, 21 + i).bytes, seconds] as const);
      checkStatistics(answers[3]!, sizes);
    });

    it("statistics of a steady series have no deviation, and its very value as mean", async () => {
      const store = filled();
      const [steady] = await store.statistics(RUN, [
        { object: "Process", counter: "% User Time", instance: "sh:1000" },
      ]);
      expect(steady!.count).toBe(9);
      const java = await store.statistics(
        { ...RUN, fromMs: START_MS + 4000, toMs: START_MS + 9000 },
        [{ object: "Process", counter: "% User Time", instance: "java:42" }],
      );
      expect(java.map(({ mean, deviation, p50 }) => [mean, deviation, p50])).toEqual([
        [25, 0, 25],
        [25, 0, 25],
      ]);
    });

    it("series and samples are given as they are stored, in a window that is open at its start", async () => {
      const store = filled();
      const patterns = [
        { object: "disk", counter: "Avg. sec/*", instance: "sdb" },
        { object: "Process", counter: "*", instance: "sh:10?0*" },
        { object: "Process", counter: "*", instance: "sh:1020" },
      ];
      const window = { ...RUN, fromMs: START_MS + 20_000, toMs: START_MS + 150_700 };
      const series = await store.series(window, patterns);
      expect(series.map(({ key, unit, type }) => [key.host, key.instance, unit, type])).toEqual([
        ["Node0", "sdb", "seconds", "average"],
        ["Node0", "sh:1020", "%", "percent-time"],
        ["node1", "sdb", "seconds", "average"],
        ["node1", "sh:1020", "%", "percent-time"],
      ]);
      // All values of this one lie before.
      const before = { ...RUN, toMs: START_MS + 20_000 };
      expect((await store.series(before, patterns)).map(({ key }) => key.instance)).not.toContain(
        "sh:1020",
      );
      const [, , disk] = series;
      const samples = await store.samples(window, [disk!]);
      const rows = [...samples.timeMs]
        .map((timeMs, i) => [timeMs - START_MS, samples.value[i], samples.weight[i]] as const)
        .sort((a, b) => a[0] - b[0]);
      const expected = expectedReads(1, 200).filter(
        ({ timeMs, reads }) => timeMs > 20_000 && timeMs <= 150_700 && reads > 0,
      );
      expect(rows.map(([timeMs]) => timeMs)).toEqual(expected.map(({ timeMs }) => timeMs));
      expected.forEach(({ reads, ticks }, i) => {
        expect(rows[i]![1]! / ((0.001 * ticks) / reads)).toBeCloseTo(1, 8);
        expect(rows[i]![2]).toBe(reads);
      });
      expect(new Set(samples.seriesId)).toEqual(new Set([disk!.id]));
      expect((await store.samples(window, [])).timeMs.length).toBe(0);
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
      const expected = new Map<number, { moment: number; weight: number }>();
      expectedReads(0, 90).forEach(({ timeMs, seconds }, i) => {
        if (timeMs <= 2000 || timeMs > 101_000) return;
        const bucket = Math.ceil((timeMs - 5000) / 10_000) - 1;
        const sum = expected.get(bucket) ?? { moment: 0, weight: 0 };
        const { queue } = rawDisk(0, i + 1);
        sum.moment += queue * seconds;
        sum.weight += seconds;
        expected.set(bucket, sum);
      });
      const inOrder = [...expected].sort(([a], [b]) => a - b);
      expect(answer!.series).toMatchObject({ host: "Node0", instance: "sda", parent: "" });
      expect(bucketsOf(answer!)).toEqual(inOrder.map(([bucket]) => bucket));
      expect(answer!.first).toBe(-1);
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
      expect(edge.map(bucketsOf)).toEqual([[0], [0]]);
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
      expect(bucketsOf(answer!)).toEqual(buckets);
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

    it("coverage counts hosts, instances and values by counter", async () => {
      const store = filled();
      const rowsOfRun = await store.coverage(RUN);
      expect(rowsOfRun.map(({ object, counter }) => `${object} ${counter}`)).toEqual([
        "Disk Avg. sec/Read",
        "Disk Queue Length",
        "Disk Reads/sec",
        "Disk Size Bytes",
        "Process % User Time",
      ]);
      expect(rowsOfRun[1]).toEqual({
        object: "Disk",
        counter: "Queue Length",
        hosts: 2,
        instances: 4,
        values: 2 * (199 + 89),
      });
      const narrow = { ...RUN, fromMs: START_MS + 1000, toMs: START_MS + 3700 };
      const queue = (await store.coverage(narrow)).filter(
        ({ counter }) => counter === "Queue Length",
      );
      expect(queue.map(({ hosts, instances, values }) => [hosts, instances, values])).toEqual([
        [2, 4, 8],
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
      expect(description.hosts[1]).toMatchObject({
        role: "worker",
        intervalMs: 1000,
        inventory: {},
      });
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
        {
          ...RUN,
          hosts: 2,
          fromMs: START_MS,
          toMs: START_MS + sampleTimeMs(199),
          commandSeconds: 150.25,
        },
      ]);
      await expect(store.describeRun({ cluster: "cloud", run: "none" })).rejects.toThrow(
        /holds no run cloud\/none/,
      );
    });

    it("explains a finding with SQL that runs", async () => {
      const store = filled();
      const selector = { ...RUN, fromMs: START_MS + 1000, toMs: START_MS + 2000 };
      const sql = store.explainSql(selector, {
        object: "dis*",
        counter: "Queue Length",
        instance: "sda",
      });
      const { columns, rows: found } = await store.query(sql);
      expect(columns).toEqual(["hostname", "utcdatetime", "parent", "instance", "value", "unit"]);
      expect(found.map((row) => row[4])).toEqual([rawDisk(0, 2).queue, rawDisk(0, 2).queue]);
      const quoted = store.explainSql(
        { cluster: "it's", run: "one" },
        { object: "*", counter: "100%*" },
      );
      expect((await store.query(quoted)).rows).toEqual([]);
    });
  });
}

/** Those that have a value. */
function bucketsOf({ first, mean }: BucketedSeries): number[] {
  return [...mean].flatMap((value, i) => (Number.isNaN(value) ? [] : [first + i]));
}

function checkStatistics(
  answer: SeriesStatistics,
  values: readonly (readonly [number, number])[],
): void {
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
