import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { IDENTITY, temporaryFolder, writeSyntheticLog } from "../../test/support/synthetic-log.ts";
import { cook, cookedSeries, prepareIntervals } from "../counter/cook.ts";
import { MANIFEST_FILE, readManifest, writeManifest, type Manifest } from "./manifest.ts";
import { Carry, readChunks } from "./read-chunks.ts";
import { findRecordings, isRecording, openRecording } from "./recording.ts";

const MANIFEST: Manifest = {
  ...IDENTITY,
  format: "linux-perfmon recording",
  version: 1,
  recorder: "0.0.0",
  startedMs: 1.7e12,
  timeZone: "UTC",
  process: { bootId: "elsewhere", pid: 1 },
};

let folder = "";

beforeAll(async () => {
  const log = await writeSyntheticLog(700, 11, { segmentMs: 240_000, blockSamples: 50 });
  folder = log.folder;
  writeManifest(folder, MANIFEST);
});

/** Cooks everything and gives a line per value, in no particular order of chunks. */
function cookedLines(segments: readonly number[], maxReadings: number, carry?: Carry): string[] {
  const recording = openRecording(folder);
  const lines: string[] = [];
  for (const segment of segments) {
    const options = { maxReadings, ...(carry ? { carry } : undefined) };
    for (const chunk of readChunks(recording, segment, options)) {
      for (const { columns } of chunk.units) {
        const unit = columns();
        const intervals = prepareIntervals(unit, chunk.clock);
        const series = cookedSeries(unit.at.length);
        for (const counter of unit.object.counters) {
          cook(counter, intervals, series);
          for (let i = 0; i < series.length; i++) {
            expect(series.at[i]!).toBeGreaterThanOrEqual(chunk.carried);
            const time = chunk.clock.timeMs[series.at[i]!]!;
            lines.push(
              `${unit.instance.name} ${counter.name} ${time} ${series.values[i]} ${series.weights[i]}`,
            );
          }
        }
      }
    }
  }
  return lines.sort();
}

describe("chunks of a recording", () => {
  it("give the same values however large they are, and wherever reading starts", () => {
    const all = cookedLines([1, 2, 3], Infinity, new Carry());
    expect(all.length).toBeGreaterThan(3000);
    expect(cookedLines([1, 2, 3], 1, new Carry())).toEqual(all);
    expect(cookedLines([1, 2, 3], 700)).toEqual(all);
    // Loading again from a later segment, in a new process, gives what one go gives for it.
    const resumed = [
      ...cookedLines([1], Infinity),
      ...cookedLines([2], Infinity),
      ...cookedLines([3], 300),
    ];
    expect(resumed.sort()).toEqual(all);
  });

  it("number the blocks of each segment", () => {
    const chunks = [...readChunks(openRecording(folder), 2, { maxReadings: 1 })];
    expect(chunks.map(({ firstBlock, blocks }) => [firstBlock, blocks])).toEqual(
      chunks.map((_, i) => [i, 1]),
    );
  });

  it("tell of gaps and clock steps, and no interval spans a gap", async () => {
    const log = await writeSyntheticLog(10, 12, {}, (sample) => ({
      monotonicUs: 1e6 * (sample < 5 ? sample : sample + 60),
      wallMs: 1.7e12 + 1000 * (sample < 5 ? sample : sample + 60) - (sample < 8 ? 0 : 7000),
    }));
    writeManifest(log.folder, MANIFEST);
    const [chunk] = readChunks(openRecording(log.folder), 1, { maxReadings: Infinity });
    expect(chunk!.events.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      "gap: no samples for 61.0 s",
      "clock-step: the wall clock was set by -7.0 s; stamps go on as before",
    ]);
    expect([...chunk!.clock.timeMs].map((ms) => (ms - 1.7e12) / 1000)).toEqual([
      0, 1, 2, 3, 4, 65, 66, 67, 68, 69,
    ]);
    for (const { columns } of chunk!.units) {
      const { at, seconds } = prepareIntervals(columns(), chunk!.clock);
      at.forEach((sample, i) => {
        if (i > 0 && sample >= 5 && at[i - 1]! < 5) expect(seconds[i]).toBeNaN();
      });
    }
  });
});

describe("a recording's folder", () => {
  it("is found by itself and in the folders above it", () => {
    const top = temporaryFolder();
    for (const name of ["b", "a/deep"]) {
      mkdirSync(join(top, name), { recursive: true });
      cpSync(folder, join(top, name), { recursive: true });
    }
    expect(findRecordings([top]).map((recording) => recording.folder)).toEqual([
      join(top, "a/deep"),
      join(top, "b"),
    ]);
    expect(findRecordings([join(top, "b"), top]).length).toBe(2);
  });

  it("needs no manifest: the log says what it is", () => {
    const copy = temporaryFolder();
    cpSync(folder, copy, { recursive: true });
    rmSync(join(copy, MANIFEST_FILE));
    expect(isRecording(copy)).toBe(true);
    expect(openRecording(copy).manifest).toMatchObject({ ...IDENTITY, startedMs: 1.7e12 });
    writeFileSync(join(copy, MANIFEST_FILE), "{ damaged");
    expect(openRecording(copy).manifest).toMatchObject(IDENTITY);
  });

  it("keeps its manifest", () => {
    const copy = temporaryFolder();
    const command = { program: "sort", startedMs: 5, durationSeconds: 2, exitCode: 0 };
    writeManifest(copy, { ...MANIFEST, command });
    expect(readManifest(copy)).toEqual({ ...MANIFEST, command });
    expect(readFileSync(join(copy, MANIFEST_FILE), "utf8")).toContain('\n  "id"');
  });

  it("is over unless its recorder runs on this machine", () => {
    const copy = temporaryFolder();
    cpSync(folder, copy, { recursive: true });
    expect(openRecording(copy).over).toBe(true);
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    writeManifest(copy, { ...MANIFEST, process: { bootId, pid: process.pid } });
    const { over, segments } = openRecording(copy);
    expect(over).toBe(false);
    expect(segments.map(({ closed }) => closed)).toEqual([true, true, false]);
  });

  it.each([
    [() => "/no/such/folder", /There is no folder/],
    [() => temporaryFolder(), /is not a recording/],
    [() => join(folder, MANIFEST_FILE), /is a file; a recording is a folder/],
    [
      () => {
        const copy = temporaryFolder();
        writeFileSync(join(copy, "000001.plog"), "nonsense");
        return copy;
      },
      /Nothing in .* can be read/,
    ],
    [
      () => {
        const copy = temporaryFolder();
        cpSync(folder, copy, { recursive: true });
        writeManifest(copy, { ...MANIFEST, version: 2 as 1 });
        return copy;
      },
      /recording of version 2; this perfmon reads version 1/,
    ],
  ])("that is none gets one clear sentence (%#)", (path, message) => {
    expect(() => findRecordings([path()])).toThrow(message);
  });
});
