import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  RAW_ID,
  rawSample,
  rawText,
  wallOf,
  writeRawFile,
  type RawSample,
} from "../../../test/support/raw-text.ts";
import { temporaryFolder } from "../../../test/support/synthetic-log.ts";
import type { Chunk } from "../chunk.ts";
import { Carry, readChunks } from "../read-chunks.ts";
import { findRecordings, openRecording } from "../recording.ts";
import { parseHead, RAW_LIMITS, type RawHead, textOf } from "./raw-format.ts";
import { readRawText } from "./read-raw-text.ts";
import { RecordedSamples } from "./recorded-samples.ts";

function samples(from: number, count: number, more: Partial<RawSample> = {}): RawSample[] {
  return Array.from({ length: count }, (_, i) => rawSample(from + i, i === 0 ? more : {}));
}

function recordingOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeRawFile(folder, name, text);
  return folder;
}

function chunks(folder: string, maxReadings = Infinity, segments?: readonly number[]): Chunk[] {
  const recording = openRecording(folder);
  const carry = new Carry();
  return (segments ?? recording.segments.map(({ number }) => number)).flatMap((segment) => [
    ...readChunks(recording, segment, { maxReadings, carry }),
  ]);
}

function uptimes(read: readonly Chunk[]): number[] {
  return read.flatMap(({ clock, carried }) =>
    [...clock.monotonicMs.subarray(carried)].map((ms) => ms / 1000),
  );
}

function events(read: readonly Chunk[]): string[] {
  return read.flatMap((chunk) => chunk.events.map(({ kind, text }) => `${kind}: ${text}`));
}

/** Every difference between two readings, as text: the raw material of all values. */
function differences(read: readonly Chunk[]): string[] {
  return read.flatMap(({ clock, units }) =>
    units.flatMap(({ columns }) => {
      const { object, group, instance, at, columns: numbers } = columns();
      return [...at.subarray(1)].map((sample, i) => {
        const own = numbers.map((column) => column[i + 1]! - column[i]!);
        const time = clock.timeMs[sample]! - clock.timeMs[at[i]!]!;
        return `${object.name} ${group} ${instance.name} ${clock.timeMs[sample]} ${time} ${own.join()}`;
      });
    }),
  );
}

/** Five minutes in two segments. */
function longRecording(): string {
  return recordingOf({
    "000001.00.raw.gz": rawText(samples(0, 60)),
    "000001.01.raw.gz": rawText(samples(60, 60)),
    "000001.59.raw.gz": rawText(samples(120, 60)),
    "000002.00.raw.gz": rawText(samples(180, 60)),
    "000002.01.raw": rawText(samples(240, 30)),
  });
}

describe("a raw recording", () => {
  it("is a recording of segments, each of an hour's files", () => {
    const folder = longRecording();
    const [recording] = findRecordings([folder]);
    expect(recording!.segments.map(({ number, closed }) => [number, closed])).toEqual([
      [1, true],
      [2, true],
    ]);
    expect(recording!.over).toBe(true);
    // Without a manifest every file tells whose it is.
    expect(recording!.manifest).toMatchObject({
      id: RAW_ID,
      host: "node1",
      cluster: "cloud",
      run: "tuesday",
      role: "worker",
      intervalMs: 1000,
      startedMs: 1.7e12,
    });
    const read = chunks(folder);
    expect(uptimes(read)).toEqual(Array.from({ length: 270 }, (_, i) => 1000 + i));
    expect(events(read)).toEqual([]);
    expect(read.map(({ firstBlock, blocks }) => [firstBlock, blocks])).toEqual([
      [0, 60],
      [0, 2],
    ]);
  });

  it("gives the same whatever the chunks are, and wherever reading starts", () => {
    const folder = longRecording();
    const all = differences(chunks(folder)).sort();
    expect(all.length).toBeGreaterThan(2000);
    expect(differences(chunks(folder, 1)).sort()).toEqual(all);
    const resumed = [...chunks(folder, 900, [1]), ...chunks(folder, 900, [2])];
    expect(differences(resumed).sort()).toEqual(all);
  });

  it("counts the bytes of its text, which compressing does not make fewer", () => {
    const text = rawText(samples(0, 60));
    const plain = recordingOf({ "000001.00.raw": text });
    const compressed = recordingOf({ "000001.00.raw.gz": text });
    for (const folder of [plain, compressed]) {
      expect(openRecording(folder).segments[0]!.bytes).toBe(text.length);
    }
  });

  it("takes the plain file where its compressed one was not finished", () => {
    const text = rawText(samples(0, 5));
    const folder = recordingOf({ "000001.00.raw": text });
    writeFileSync(join(folder, "000001.00.raw.gz"), gzipSync(text).subarray(0, 100));
    writeFileSync(join(folder, "000001.00.raw.gz.new"), "rest");
    const read = chunks(folder);
    expect(uptimes(read)).toHaveLength(5);
    expect(events(read)).toEqual([]);
  });
});

describe("damage", () => {
  it("at any byte of the last sample costs that sample", () => {
    const text = rawText(samples(0, 4, { processes: { 7: "7 (a b) S 1" } }));
    const whole = Buffer.from(text, "latin1");
    const head = parseHead(whole) as RawHead;
    const third = rawText(samples(0, 3, { processes: { 7: "7 (a b) S 1" } })).length;
    for (let size = third; size <= whole.length; size++) {
      const read = [...new RecordedSamples().show(textOf(whole.subarray(0, size), head))];
      const complete = read.filter((loss) => loss === undefined).length;
      expect(complete).toBe(size === whole.length ? 4 : 3);
      const rest = { offset: third, bytes: size - third, cut: true };
      expect(read.filter((loss) => loss !== undefined)).toEqual(
        size <= third + 1 || size === whole.length ? [] : [rest],
      );
    }
  });

  it("of a file that was cut is told, and what was complete is read", () => {
    const text = rawText(samples(0, 4));
    for (const name of ["000001.00.raw", "000001.00.raw.gz"]) {
      const folder = recordingOf({ [name]: text.slice(0, -40) });
      const read = chunks(folder);
      expect(uptimes(read)).toEqual([1000, 1001, 1002]);
      expect(events(read)).toEqual([
        expect.stringMatching(/^cut: segment 1: \d+ bytes .*000001.00.raw: .* middle of a sample/),
      ]);
    }
  });

  it("of a compressed file leaves what can be decompressed", () => {
    const folder = recordingOf({ "000001.00.raw.gz": rawText(samples(0, 60)) });
    const file = join(folder, "000001.00.raw.gz");
    const { length } = readFileSync(file);
    truncateSync(file, Math.floor(length * 0.7));
    const read = uptimes(chunks(folder));
    expect(read.length).toBeGreaterThan(20);
    expect(read.length).toBeLessThan(60);
    writeFileSync(file, "no such thing");
    expect(() => openRecording(folder)).toThrow(/Nothing in .* can be read/);
  });

  it("in the middle costs a sample", () => {
    const folder = recordingOf({
      "000001.00.raw": rawText(samples(0, 6), { without: 3 }),
      "000001.01.raw": rawText(samples(60, 2)),
    });
    const read = chunks(folder);
    expect(uptimes(read)).toEqual([1000, 1001, 1003, 1004, 1005, 1060, 1061]);
    expect(events(read)).toEqual([
      expect.stringMatching(/^damage: .*a sample is not complete/),
      "gap: no samples for 55.0 s",
    ]);
  });

  it("that is no recorder's file costs that file", () => {
    const folder = recordingOf({
      "000001.00.raw": rawText(samples(0, 2)),
      "000001.01.raw": "perfmon raw 1\nmark @0123abcd\n",
      "000001.02.raw": rawText(samples(120, 2)),
    });
    writeFileSync(join(folder, "000001.03.raw.gz"), "no such thing");
    const read = chunks(folder);
    expect(uptimes(read)).toEqual([1000, 1001, 1120, 1121]);
    expect(events(read).filter((text) => text.startsWith("damage"))).toEqual([
      expect.stringMatching(/000001.01.raw: its first lines are not complete/),
      expect.stringMatching(/000001.03.raw: it cannot be decompressed/),
    ]);
  });

  it("does not come from texts that expand without end, or are too large", () => {
    const folder = temporaryFolder();
    const bomb = gzipSync(Buffer.alloc(RAW_LIMITS.textBytes + 1));
    writeFileSync(join(folder, "000001.00.raw.gz"), bomb);
    expect(readRawText(join(folder, "000001.00.raw"))).toMatch(/cannot be decompressed/);
    const large = join(folder, "000001.01.raw");
    writeFileSync(large, "");
    truncateSync(large, RAW_LIMITS.fileBytes + 1);
    expect(readRawText(large)).toMatch(/larger than such a file can be/);
  });

  it("by a later version is none: it says so", () => {
    const folder = recordingOf({ "000001.00.raw": rawText(samples(0, 2), { version: 2 }) });
    expect(() => openRecording(folder)).toThrow(/version 2; this perfmon reads version 1/);
  });

  it("by files of another recording is refused", () => {
    const other = "99999999-0000-4000-8000-000000000000";
    const folder = recordingOf({
      "000001.00.raw": rawText(samples(0, 2)),
      "000001.01.raw": rawText(samples(60, 2), { id: other }),
    });
    expect(() => chunks(folder)).toThrow(/belongs to another recording/);
  });
});

describe("the clock", () => {
  it("goes on from the start, and tells when the wall clock was set", () => {
    const folder = recordingOf({
      "000001.00.raw": rawText(samples(0, 2)),
      "000001.01.raw": rawText(samples(2, 2), { wall: wallOf(1002).replace(/ 17/, " 18") }),
    });
    const [chunk] = chunks(folder);
    expect([...chunk!.clock.timeMs]).toEqual([0, 1, 2, 3].map((s) => 1.7e12 + s * 1000));
    expect(events([chunk!])).toEqual([
      "clock-step: the wall clock was set by 100000000.0 s; stamps go on as before",
    ]);
  });

  it("of whole seconds does not seem to be set when it is cut one way, then the other", () => {
    const folder = recordingOf({
      "000001.00.raw": rawText(samples(0, 2), {
        start: "1000.00 1700000000",
        wall: "1000.01 1700000000",
      }),
      "000001.01.raw": rawText(samples(2, 2), {
        start: "1000.00 1700000000",
        wall: "1002.01 1700000001",
      }),
    });
    const [chunk] = chunks(folder);
    expect(chunk!.clock.timeMs[0]).toBe(1.7e12 + 500);
    expect(events([chunk!])).toEqual([]);
  });

  it("shows a host that slept as a gap, and no interval spans it", () => {
    const folder = recordingOf({
      "000001.00.raw": rawText([...samples(0, 2), ...samples(3600, 2)]),
    });
    const [chunk] = chunks(folder);
    expect(events([chunk!])).toEqual(["gap: no samples for 3599.0 s"]);
    expect([...chunk!.clock.epoch]).toEqual([0, 0, 1, 1]);
  });

  it("that stands still or steps back makes no sample", () => {
    const folder = recordingOf({
      "000001.00.raw": rawText([rawSample(5), rawSample(5), rawSample(4), rawSample(6)]),
    });
    expect(uptimes(chunks(folder))).toEqual([1005, 1006]);
  });
});

describe("processes", () => {
  const line = (pid: number, name: string, utime: number, start: number) =>
    `${pid} (${name}) S 1 1 1 0 -1 4194304 10 0 0 0 ${utime} 5 0 0 20 0 1 0 ${start} 1000000 100 ` +
    "18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0";

  it("come, stay as they were, go, and are others under the same number", () => {
    const text = rawText([
      rawSample(0, { processes: { 7: line(7, "a b)", 1, 50), 8: line(8, "idle", 2, 60) } }),
      rawSample(1),
      rawSample(2, { processes: { 7: line(7, "a b)", 9, 50), 8: line(8, "idle", 2, 60) } }),
      rawSample(3, { processes: { 7: line(7, "new", 3, 999) } }),
      rawSample(4, { processes: { 7: line(7, "new", 4, 999) } }),
    ]);
    const [chunk] = chunks(recordingOf({ "000001.00.raw": text }));
    const found = chunk!.units
      .filter(({ object, group }) => object.name === "Process" && group === 0)
      .map(({ columns }) => {
        const { object, instance, at, columns: numbers } = columns();
        const utime = object.groups[0]!.fields.findIndex(({ id }) => id === "utime");
        return [instance.name, [...at], [...numbers[utime]!]];
      });
    expect(found).toEqual([
      ["a b):7", [0, 2], [1, 9]],
      ["idle:8", [0, 2], [2, 2]],
      ["new:7", [3, 4], [3, 4]],
    ]);
    expect(events([chunk!])).toEqual([]);
  });
});

describe("what is read once a minute", () => {
  it("describes devices in every sample of it", () => {
    const minute = { "sys/block/sda/size": "2048", "sys/block/sda/device/model": "FAST 1" };
    const folder = recordingOf({
      "000001.00.raw": rawText(samples(0, 3, { minute })),
      "000001.01.raw": rawText(samples(3, 3, { minute })),
    });
    const [chunk] = chunks(folder);
    const disk = chunk!.units.find(({ instance }) => instance.name === "sda")!;
    expect(disk.instance.attributes).toMatchObject({ model: "FAST 1", sizeBytes: "1048576" });
    expect(disk.readings).toBe(6);
  });

  it("makes the inventory", () => {
    const folder = recordingOf({ "000001.00.raw": rawText(samples(0, 2)) });
    expect(openRecording(folder).inventory).toEqual({});
    const minute = {
      "proc/sys/kernel/hostname": "node1",
      "proc/sys/kernel/osrelease": "2.6.32",
      "proc/cpuinfo": "processor\t: 0\nmodel name\t: Old\n\nprocessor\t: 1\nmodel name\t: Old\n",
    };
    const inventory = rawText([{ uptime: 1000, files: {}, minute }]);
    writeRawFile(folder, "inventory.raw.gz", inventory);
    expect(openRecording(folder).inventory).toMatchObject({
      hostname: "node1",
      kernel: { release: "2.6.32", architecture: "x86_64" },
      cpu: { model: "Old", logicalCpus: 2 },
    });
    rmSync(join(folder, "inventory.raw.gz"));
    mkdirSync(join(folder, "inventory.raw"));
    expect(openRecording(folder).inventory).toEqual({});
  });
});
