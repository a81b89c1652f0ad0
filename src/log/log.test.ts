import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  DISK_LIKE,
  temporaryFolder,
  testWriter,
  writeSyntheticLog,
} from "../../test/support/synthetic-log.ts";
import { recordedObject } from "../counter/recorded.ts";
import { SampleRow } from "../counter/sample-row.ts";
import type { LogBlock, LogDamage } from "./block.ts";
import { HEADER_DICTIONARY, LOG_VERSION, MARKER } from "./format.ts";
import { readSegment } from "./segment-reader.ts";

/** Everything readable of a segment, as the map per sample that the synthetic log was made from. */
function readBack(path: string) {
  const samples: Map<string, number[]>[] = [];
  const damage: LogDamage[] = [];
  const blocks: LogBlock[] = [];
  let ended = false;
  for (const part of readSegment(path)) {
    if ("damage" in part) damage.push(part.damage);
    else if ("end" in part) ended = true;
    else {
      blocks.push(part.block);
      samples.push(...samplesOf(part.block));
    }
  }
  return { samples, damage, blocks, ended };
}

function samplesOf(block: LogBlock): Map<string, number[]>[] {
  const samples = Array.from(block.monotonicMs, () => new Map<string, number[]>());
  for (const unit of block.units) {
    unit.at.forEach((sample, i) => {
      samples[sample]!.set(
        unit.instance.name,
        unit.columns.map((column) => column[i]!),
      );
    });
  }
  return samples;
}

/** Maps compare without regard to order: removed units are listed before later ones. */
function sorted(samples: readonly ReadonlyMap<string, readonly number[]>[]) {
  return samples.map((sample) => [...sample].sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe("the counter log", () => {
  it("gives back exactly what was written, over several blocks", async () => {
    const log = await writeSyntheticLog(500, 1);
    const back = readBack(log.segments[0]!);
    expect(back.damage).toEqual([]);
    expect(back.ended).toBe(true);
    expect(back.blocks.length).toBe(5);
    expect(sorted(back.samples)).toEqual(sorted(log.expected));
    expect(back.blocks[1]!.header.block).toBe(1);
    expect([...back.blocks[0]!.monotonicMs.subarray(0, 3)]).toEqual([5000, 6000, 7000]);
    expect([...back.blocks[0]!.wallMs.subarray(0, 2)]).toEqual([1.7e12, 1.7e12 + 1000]);
  });

  it("splits into segments by size and by time, and keeps the newest in circular mode", async () => {
    const bySize = await writeSyntheticLog(600, 2, { segmentBytes: 8 * 1024 });
    expect(bySize.segments.length).toBeGreaterThan(1);
    const samples = bySize.segments.flatMap((path) => readBack(path).samples);
    expect(sorted(samples)).toEqual(sorted(bySize.expected));
    const byTime = await writeSyntheticLog(600, 3, { segmentMs: 200_000, keepSegments: 2 });
    expect(byTime.segments.length).toBe(2);
    const kept = byTime.segments.flatMap((path) => readBack(path).samples);
    expect(sorted(kept)).toEqual(sorted(byTime.expected.slice(-kept.length)));
  });

  it("reads when cut at every byte of its last block, losing at most the cut sample", async () => {
    const log = await writeSyntheticLog(20, 4, { blockSamples: 8 });
    const bytes = readFileSync(log.segments[0]!);
    const lastBlock = bytes.lastIndexOf(MARKER);
    const path = join(temporaryFolder(), "000001.plog");
    let readable = 16;
    for (let cut = lastBlock; cut < bytes.length; cut++) {
      writeFileSync(path, bytes.subarray(0, cut));
      const back = readBack(path);
      // A longer file never reads shorter, and grows by a sample at a time.
      expect(back.samples.length - readable).toBeOneOf([0, 1]);
      readable = back.samples.length;
      expect(sorted(back.samples)).toEqual(sorted(log.expected.slice(0, readable)));
      expect(back.damage.length).toBeLessThanOrEqual(1);
    }
    expect(readable).toBe(20);
  });

  it("keeps every other block and reports the loss when any byte is flipped", async () => {
    const log = await writeSyntheticLog(24, 5, { blockSamples: 8 });
    const bytes = readFileSync(log.segments[0]!);
    const path = join(temporaryFolder(), "000001.plog");
    const second = bytes.indexOf(MARKER, 1);
    const third = bytes.indexOf(MARKER, second + 1);
    const expected = sorted(log.expected);
    for (let offset = second; offset < third; offset++) {
      const damaged = Buffer.from(bytes);
      damaged[offset] = damaged[offset]! ^ (1 << (offset % 8));
      writeFileSync(path, damaged);
      const back = readBack(path);
      expect(back.damage.length, `flip at ${offset}`).toBeGreaterThan(0);
      expect(back.ended).toBe(true);
      const samples = sorted(back.samples);
      const middle = samples.length - 16;
      expect(samples).toEqual([...expected.slice(0, 8 + middle), ...expected.slice(16)]);
    }
  });

  it("begins a new block for an object that appears while recording", async () => {
    const folder = temporaryFolder();
    const writer = testWriter(folder);
    const row = new SampleRow();
    const first = recordedObject(DISK_LIKE);
    const second = { ...first, name: "Later" };
    for (let sample = 0; sample < 4; sample++) {
      row.begin();
      if (sample === 0) row.add(first, 0, { name: "a" });
      if (sample === 2) row.add(second, 0, { name: "b" });
      for (const unit of row.units) row.read(unit);
      writer.append(row, { monotonicUs: sample, wallMs: sample });
    }
    await writer.close();
    const { blocks } = readBack(join(folder, "000001.plog"));
    const content = blocks.map((block) =>
      block.units.map((unit) => [unit.object.name, unit.at.length]),
    );
    expect(content).toEqual([
      [["DiskLike", 2]],
      [
        ["DiskLike", 2],
        ["Later", 2],
      ],
    ]);
  });

  it.each([
    ["version", 0, LOG_VERSION, /counter log of version 2; this perfmon reads up to 1/],
    ["dictionary", 1, HEADER_DICTIONARY, /needs header dictionary 2; this perfmon has up to 1/],
  ])("refuses a log of a newer %s in one sentence", async (_what, position, known, message) => {
    const log = await writeSyntheticLog(3, 6);
    const bytes = readFileSync(log.segments[0]!);
    const { crc32 } = await import("../util/crc32.ts");
    const frame = MARKER.length;
    bytes[frame + 9 + position] = known + 1;
    const length = bytes.readUInt32LE(frame + 1);
    const sum = crc32(bytes, frame + 9, frame + 9 + length, crc32(bytes, frame, frame + 5));
    bytes.writeUInt32LE(sum, frame + 5);
    const path = join(temporaryFolder(), "000001.plog");
    writeFileSync(path, bytes);
    expect(() => [...readSegment(path)]).toThrow(message);
  });

  it("calls a file that is no log damaged from end to end", () => {
    const path = join(temporaryFolder(), "000001.plog");
    writeFileSync(path, "this is not a log\n".repeat(1000));
    expect(readBack(path)).toMatchObject({ samples: [], damage: [{ offset: 0, bytes: 18_000 }] });
  });
});
