import { rmSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { openRecording, type Recording } from "../recording/recording.ts";
import { writeSyntheticLog } from "../../test/support/synthetic-log.ts";
import { ReadAhead } from "./read-ahead.ts";

let recordings: Recording[] = [];

async function record(seed: number): Promise<Recording> {
  const { folder } = await writeSyntheticLog(300, seed, { segmentMs: 120_000, blockSamples: 50 });
  return openRecording(folder);
}

beforeAll(async () => {
  recordings = [await record(1), await record(2)];
});

/** All columns of the segments, as text. */
function read(reader: ReadAhead, ahead: boolean, skip?: Recording): string[] {
  const seen: string[] = [];
  for (const recording of recordings) {
    if (recording === skip) continue;
    for (const { number } of recording.segments) {
      for (const chunk of reader.chunks(recording, number)) {
        for (const unit of chunk.units) seen.push(unit.columns().columns.map(String).join(";"));
        chunk.release();
      }
      if (ahead) reader.readOn();
    }
  }
  return seen;
}

describe("reading ahead", () => {
  it("changes nothing of what is read", () => {
    const plain = read(new ReadAhead(recordings, 100), false);
    expect(plain.length).toBeGreaterThan(20);
    expect(read(new ReadAhead(recordings, 100), true)).toEqual(plain);
  });

  it("is in vain where another segment is wanted then", () => {
    const [first, second] = recordings;
    const reader = new ReadAhead(recordings, 100);
    for (const chunk of reader.chunks(first!, 1)) chunk.release();
    reader.readOn();
    expect(read(reader, false, first)).toEqual(read(new ReadAhead([second!], 100), false, first));
  });

  it("fails no earlier than the segment is wanted", async () => {
    const broken = await record(3);
    const reader = new ReadAhead([broken], 100);
    for (const chunk of reader.chunks(broken, 1)) chunk.release();
    rmSync(broken.segments[1]!.path);
    reader.readOn();
    expect(() => [...reader.chunks(broken, 2)]).toThrow(/ENOENT/);
  });
});
