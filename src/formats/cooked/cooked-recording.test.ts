import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordedValues } from "../../../test/support/recorded-values.ts";
import { seededRandom, temporaryFolder } from "../../../test/support/synthetic-log.ts";
import { compareRuns } from "../../analysis/compare.ts";
import { loadRecording } from "../../load/load-recording.ts";
import { readChunks } from "../../recording/read-chunks.ts";
import { openRecording, type Recording } from "../../recording/recording.ts";
import { openStore } from "../../store/open.ts";
import type { Store } from "../../store/store.ts";
import { UserError } from "../../util/errors.ts";
import {
  CookedRecording,
  type CookedRecordingOptions,
  type CookedTotals,
} from "./cooked-recording.ts";

const START_MS = Date.UTC(2026, 10, 23, 10);
const OPTIONS: CookedRecordingOptions = {
  identity: { id: "c0", host: "node1", cluster: "cloud", run: "one", role: "worker" },
  source: { format: "test", files: ["numbers.txt"] },
};

/** Everything a recording yields; times in seconds after START. */
function cooked(recording: Recording, maxReadings = Infinity) {
  const values = [...recordedValues(recording, maxReadings)].map(
    ([path, list]) =>
      [
        path,
        list.map(({ timeMs, value, weight }) => ({
          at: (timeMs - START_MS) / 1000,
          value,
          weight,
        })),
      ] as const,
  );
  return new Map(values);
}

/** Of the recording that was written last. */
let totals: CookedTotals | undefined;

async function written(
  fill: (recording: CookedRecording) => Promise<void>,
  options: Partial<CookedRecordingOptions> = {},
): Promise<Recording> {
  const folder = join(temporaryFolder(), "rec");
  const recording = new CookedRecording(folder, { ...OPTIONS, ...options });
  await fill(recording);
  totals = await recording.finish();
  return openRecording(folder);
}

/** One value per second of one counter, as `samples` has them. */
function column(
  recording: CookedRecording,
  name: { object: string; counter: string; instance?: string },
  values: readonly (number | undefined)[],
): Promise<void> {
  const series = recording.series(name);
  return values.reduce<Promise<unknown>>(
    (before, value, i) =>
      before.then(() =>
        recording.sample({ timeMs: START_MS + (i + 1) * 1000, intervalMs: 1000 }, () =>
          recording.set(series, value),
        ),
      ),
    Promise.resolve(),
  ) as Promise<void>;
}

describe("values of a cooked recording", () => {
  it("are the printed numbers, to the last digit", async () => {
    const printed = [
      ..."0 0.1 0.3 12.34 0.07 99.99 -5.5 1e-7 123456789012345 4503599627370496 1.5e300 5e-300".split(
        " ",
      ),
      ..."8.5699999999999996016e-005 0.00 1234567.891 -0.000001 1e22 100.13 2.5e-308".split(" "),
    ];
    const recording = await written((out) =>
      column(out, { object: "Memory", counter: "Available Bytes" }, printed.map(Number)),
    );
    const [path, values] = [...cooked(recording)][0]!;
    expect(path).toBe(String.raw`Memory()\Available Bytes`);
    expect(values.map(({ value }) => value)).toEqual(printed.map(Number));
    expect(values.map(({ at }) => at)).toEqual(printed.map((_, i) => i + 1));
    expect(new Set(values.map(({ weight }) => weight))).toEqual(new Set([1]));
  });

  it("come back exactly also at random, and to 15 digits where there are 17", async () => {
    const random = seededRandom(3);
    const short = Array.from(
      { length: 500 },
      () =>
        Number(((random() - 0.5) * 10 ** (random() * 12)).toFixed(Math.floor(random() * 4))) + 0,
    );
    const long = Array.from({ length: 200 }, () => (random() - 0.5) * 10 ** (random() * 40 - 20));
    const recording = await written((out) =>
      column(out, { object: "X", counter: "y" }, [...short, ...long]),
    );
    const values = cooked(recording, 300)
      .get(String.raw`X()\y`)!
      .map(({ value }) => value);
    expect(values.slice(0, 500)).toEqual(short);
    long.forEach((value, i) => expect(Math.abs(values[500 + i]! / value - 1)).toBeLessThan(1e-14));
  });

  it("are missing where they were not set, at any place, and none is made up", async () => {
    const holes = [undefined, 1, undefined, NaN, 2, Infinity, 0, undefined];
    const recording = await written((out) => column(out, { object: "X", counter: "y" }, holes));
    expect(
      cooked(recording)
        .get(String.raw`X()\y`)!
        .map(({ at, value }) => [at, value]),
    ).toEqual([
      [2, 1],
      [5, 2],
      [7, 0],
    ]);
  });

  it("weigh their own interval; the time before a first report and a gap weighs nothing", async () => {
    const recording = await written(async (out) => {
      const series = out.series({ object: "System", counter: "Processes" });
      const at = (seconds: number, intervalMs: number | undefined, value: number) =>
        out.sample({ timeMs: START_MS + seconds * 1000, intervalMs }, () => out.set(series, value));
      await at(0, undefined, 99);
      await at(0.4, 400, 1);
      await at(1, 600, 2);
      await at(100, undefined, 99);
      await at(102, 2000, 3);
      await at(500, 1000, 4);
      expect(await at(500, 1000, 5)).toBe(false);
      expect(await at(499, 1000, 5)).toBe(false);
    });
    expect(totals).toEqual({ samples: 4, values: 4, outOfOrder: 2, weightless: 0 });
    const values = cooked(recording).get(String.raw`System()\Processes`)!;
    expect(values.map(({ at, value, weight }) => [at, value, weight])).toEqual([
      [0.4, 1, 0.4],
      [1, 2, 0.6],
      [102, 3, 2],
      [500, 4, 1],
    ]);
    expect(recording.manifest).toMatchObject({ startedMs: START_MS, intervalMs: 400 });
  });

  it("averages weigh by their operations, when the rate of these is there", async () => {
    const recording = await written(async (out) => {
      const disk = (counter: string) =>
        out.series({ object: "physicaldisk", instance: "sda", counter });
      const rows = [
        [10, 0.002],
        [0, 0],
        [990, 0.004],
      ] as const;
      for (const [i, [reads, seconds]] of rows.entries()) {
        const instant = { timeMs: START_MS + (i + 1) * 2000, intervalMs: 2000 };
        await out.sample(instant, () => {
          // In any order, and in any case of letters.
          out.set(disk("Avg. Disk sec/Read"), seconds);
          out.set(disk("disk reads/sec"), reads);
          out.set(disk("Avg. Disk sec/Write"), 0.5);
          out.set(disk("Disk Merged Reads/sec"), 2);
          out.set(disk("% Merged Reads"), 5);
        });
      }
    });
    const values = cooked(recording);
    const latency = values.get(String.raw`PhysicalDisk(sda)\Avg. Disk sec/Read`)!;
    expect(latency.map(({ at, value, weight }) => [at, value, weight])).toEqual([
      [2, 0.002, 20],
      [6, 0.004, 1980],
    ]);
    const merged = values.get(String.raw`PhysicalDisk(sda)\% Merged Reads`)!;
    expect(merged.map(({ weight }) => weight)).toEqual([24, 4, 1984]);
    const other = values.get(String.raw`PhysicalDisk(sda)\Avg. Disk sec/Write`)!;
    expect(other.map(({ weight }) => weight)).toEqual([2, 2, 2]);
  });

  it("have the unit and type that is declared, or given, or that the name says", async () => {
    const recording = await written((out) =>
      out
        .sample({ timeMs: START_MS, intervalMs: 1000 }, () => {
          for (const [object, counter] of [
            ["PROCESSOR", "% user time"],
            ["LogicalDisk", "% Free Space"],
            ["LogicalDisk", "Disk Bytes/sec"],
            ["Imported", "shared"],
          ] as const) {
            out.set(out.series({ object, counter, instance: "x" }), 1);
          }
          out.set(out.series({ object: "Imported", counter: "clock", unit: "MHz" }), 1);
        })
        .then(() => undefined),
    );
    const counters = [];
    for (const chunk of readChunks(recording, 1, { maxReadings: Infinity })) {
      for (const { object } of chunk.units) {
        const { name, unit, type } = object.counters[0]!;
        counters.push([object.name, name, unit, type]);
      }
    }
    expect(counters).toEqual([
      ["Processor", "% User Time", "%", "percent-time"],
      ["LogicalDisk", "% Free Space", "%", "fraction"],
      ["LogicalDisk", "Disk Bytes/sec", "bytes/s", "rate"],
      ["Imported", "shared", "none", "gauge"],
      ["Imported", "clock", "MHz", "gauge"],
    ]);
  });
});

describe("series of a cooked recording", () => {
  it("come and go without end, in bounded memory", async () => {
    let most = 0;
    const recording = await written(async (out) => {
      for (let i = 1; i <= 3000; i++) {
        await out.sample({ timeMs: START_MS + i * 1000, intervalMs: 1000 }, () => {
          out.set(out.series({ object: "Process", counter: "% User Time", instance: `p:${i}` }), i);
          if (i % 700 === 0) out.set(out.series({ object: "Rare", counter: "x" }), i);
        });
        const { row } = out as unknown as { row: { units: unknown[] } };
        most = Math.max(most, row.units.length);
      }
    });
    expect(most).toBeLessThan(300);
    const values = cooked(recording, 5000);
    expect(values.size).toBe(3001);
    expect(values.get(String.raw`Rare()\x`)!.map(({ value }) => value)).toEqual([
      700, 1400, 2100, 2800,
    ]);
    expect(values.get(String.raw`Process(p:2999)\% User Time`)).toEqual([
      { at: 2999, value: 2999, weight: 1 },
    ]);
  });
});

describe("the folder of a cooked recording", () => {
  it("says where its values are from, and what is known of the host", async () => {
    const recording = await written((out) => column(out, { object: "X", counter: "y" }, [1, 2]), {
      inventory: { cpu: { logicalCpus: 4 } },
      timeZone: "Europe/Berlin",
      command: { program: "sort", startedMs: START_MS, durationSeconds: 2, exitCode: 0 },
    });
    expect(recording.manifest).toMatchObject({
      id: "c0",
      intervalMs: 1000,
      timeZone: "Europe/Berlin",
      imported: { format: "test", files: ["numbers.txt"] },
      startedMs: START_MS,
      finishedMs: START_MS + 2000,
      command: { program: "sort" },
    });
    expect(recording.inventory).toEqual({ cpu: { logicalCpus: 4 } });
    expect(recording.over).toBe(true);
  });

  it("is still being written as long as it is not finished", async () => {
    const folder = join(temporaryFolder(), "rec");
    const recording = new CookedRecording(folder, OPTIONS);
    await column(recording, { object: "X", counter: "y" }, [1, 2]);
    expect(openRecording(folder).over).toBe(false);
    await recording.abandon();
    expect(readFileSync(join(folder, "recording.json"), "utf8")).not.toContain("finishedMs");
  });

  it("is never one that holds a recording already", async () => {
    const { folder } = await written((out) => column(out, { object: "X", counter: "y" }, [1]));
    expect(() => new CookedRecording(folder, OPTIONS)).toThrow(UserError);
  });
});

describe("a cooked recording in a store", () => {
  let store: Store | undefined;
  beforeAll(async () => {
    store = await openStore(join(temporaryFolder(), "t.duckdb"), { mode: "write" });
  });
  afterAll(() => store?.close());

  it("has the printed numbers, and is not loaded twice", async () => {
    const recording = await written(
      async (out) => {
        await column(out, { object: "Memory", counter: "Available Bytes" }, [0.1, 12.34, 5e9 + 1]);
      },
      { markSpan: true },
    );
    expect(await loadRecording(store!, recording)).toMatchObject({ values: 3, samples: 4 });
    expect(await loadRecording(store!, recording)).toMatchObject({
      alreadyLoaded: true,
      values: 0,
    });
    const { rows } = await store!.query("SELECT value, weight, unit FROM normalized ORDER BY 1");
    expect(rows).toEqual([
      [0.1, 1, "bytes"],
      [12.34, 1, "bytes"],
      [5e9 + 1, 1, "bytes"],
    ]);
    const described = await store!.describeRun({ cluster: "cloud", run: "one" });
    expect(described).toMatchObject({ fromMs: START_MS, toMs: START_MS + 3000 });
    expect(described.events.map(({ kind, text, timeMs }) => [kind, text, timeMs])).toEqual([
      ["mark", "input starts", START_MS],
      ["mark", "input ends", START_MS + 3000],
    ]);
  });

  it("compares with another one: the machine that is busy is found", async () => {
    const runs = await Promise.all(
      [20, 97].map((busy, i) =>
        written(
          async (out) => {
            const cpu = (counter: string) =>
              out.series({ object: "Processor", instance: "_Total", counter });
            const queue = out.series({ object: "System", counter: "Processor Queue Length" });
            for (let second = 1; second <= 60 * (i + 1); second++) {
              await out.sample({ timeMs: START_MS + second * 1000, intervalMs: 1000 }, () => {
                out.set(cpu("% Processor Time"), busy);
                out.set(cpu("% User Time"), busy);
                out.set(cpu("% Idle Time"), 100 - busy);
                out.set(queue, i * 9);
              });
            }
          },
          {
            identity: { ...OPTIONS.identity, id: `c${i + 1}`, run: i === 0 ? "calm" : "busy" },
            markSpan: true,
            inventory: { cpu: { logicalCpus: 4 } },
          },
        ),
      ),
    );
    for (const recording of runs) await loadRecording(store!, recording);
    const side = (run: string) => ({ source: store!, run: { cluster: "cloud", run } });
    const comparison = await compareRuns(side("calm"), side("busy"));
    expect(comparison.baseline.durationSeconds).toBe(60);
    expect(comparison.candidate.durationSeconds).toBe(120);
    expect(comparison.verdict).toMatchObject({
      slower: "candidate",
      bottleneck: "cpu",
      outcome: "difference",
    });
  });
});
