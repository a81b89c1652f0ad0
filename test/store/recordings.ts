/**
 * Recordings for tests of stores, written by the real log writer from formulas, so that what a store
 * answers can be worked out without it.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { CommandResult } from "../../src/counter/recording-identity.ts";
import { counterFields, gaugeFields, type CounterObject } from "../../src/counter/declaration.ts";
import { recordedObject } from "../../src/counter/recorded.ts";
import { SampleRow, type Unit } from "../../src/counter/sample-row.ts";
import { writeManifest } from "../../src/recording/manifest.ts";
import { openRecording, type Recording } from "../../src/recording/recording.ts";
import { IDENTITY, temporaryFolder, testWriter } from "../support/synthetic-log.ts";

export const START_MS = 1_700_000_000_000;

const common = {
  help: "A counter for tests.",
  resource: "disk",
  use: "throughput",
  better: "neutral",
  source: { file: "test", field: "test" },
} as const;

export const DISK: CounterObject = {
  name: "Disk",
  help: "An object for tests.",
  instances: { what: "one per disk", total: false },
  cadence: "every-sample",
  groups: [
    {
      id: "stat",
      fields: [...counterFields(["reads", "ticks"]), ...gaugeFields(["queue", "bytes"])],
    },
  ],
  counters: [
    { ...common, name: "Reads/sec", unit: "count/s", type: "rate", value: ["reads"] },
    {
      ...common,
      name: "Avg. sec/Read",
      unit: "seconds",
      type: "average",
      value: ["ticks"],
      base: ["reads"],
      scale: 0.001,
    },
    { ...common, name: "Queue Length", unit: "count", type: "gauge", value: ["queue"] },
    { ...common, name: "Size Bytes", unit: "bytes", type: "gauge", value: ["bytes"] },
  ],
};

const PROCESS: CounterObject = {
  name: "Process",
  help: "An object for tests.",
  instances: { what: "one per process", total: false },
  cadence: "every-sample",
  groups: [{ id: "stat", fields: counterFields(["utime"]) }],
  counters: [
    {
      ...common,
      name: "% User Time",
      unit: "%",
      type: "percent-time",
      value: ["utime"],
      scale: 0.01,
    },
  ],
};

export interface RecordingOptions {
  readonly id?: string;
  readonly cluster?: string;
  readonly run?: string;
  readonly host?: string;
  readonly samples?: number;
  readonly startMs?: number;
  readonly segmentSamples?: number;
  readonly blockSamples?: number;
  readonly command?: CommandResult;
  /** Start time of process `java:42`, which lives through all samples. */
  readonly processStart?: string;
}

/** Milliseconds after the start: every seventh sample is 700 ms late. */
export function sampleTimeMs(sample: number): number {
  return sample * 1000 + (sample % 7 === 3 ? 700 : 0);
}

/** Raw values of disk 0 or 1 at a sample: uneven, so that an unweighted average is wrong. */
export function rawDisk(disk: number, sample: number) {
  let reads = 0;
  let ticks = 0;
  for (let i = 1; i <= sample; i++) {
    const some = (i * i * 31 + disk * 17) % 97;
    reads += some;
    // Only with reads: what takes time without one belongs to no average.
    ticks += some * (1 + (some % 5) + (i % 11));
  }
  return {
    reads,
    ticks,
    queue: (sample * 13 + disk) % 10,
    bytes: 16_000_000_000 + ((sample * 7919) % 4096) * 4096,
  };
}

export async function writeRecording(options: RecordingOptions = {}): Promise<Recording> {
  const { samples = 200, startMs = START_MS, segmentSamples = 80, blockSamples = 16 } = options;
  const folder = join(temporaryFolder(), options.host ?? "node1");
  mkdirSync(folder);
  const identity = {
    ...IDENTITY,
    id: options.id ?? IDENTITY.id,
    cluster: options.cluster ?? "cloud",
    run: options.run ?? "one",
    host: options.host ?? "node1",
  };
  const writer = testWriter(folder, {
    recording: identity,
    blockSamples,
    segmentMs: segmentSamples * 1000 - 500,
  });
  const row = new SampleRow();
  const disk = recordedObject(DISK);
  const process = recordedObject(PROCESS);
  const disks = ["sda", "sdb"].map((name) =>
    row.add(disk, 0, { name, attributes: { kind: "disk" } }),
  );
  const java = row.add(process, 0, {
    name: "java:42",
    attributes: { start: options.processStart ?? "100", role: "DataNode" },
  });
  let shortLived: Unit | undefined;
  for (let sample = 0; sample < samples; sample++) {
    row.begin();
    disks.forEach((unit, d) => {
      const { reads, ticks, queue, bytes } = rawDisk(d, sample);
      row.values.set([reads, ticks, queue, bytes], unit.slot);
      row.read(unit);
    });
    row.values[java.slot] = sample * 25;
    row.read(java);
    if (sample % 10 === 0) {
      if (shortLived) row.remove(shortLived);
      const attributes = { start: String(sample), role: "" };
      shortLived = row.add(process, 0, { name: `sh:${1000 + sample}`, attributes });
    }
    row.values[shortLived!.slot] = sample;
    row.read(shortLived!);
    const timeMs = sampleTimeMs(sample);
    writer.append(row, { monotonicUs: 1e9 + timeMs * 1000, wallMs: startMs + timeMs });
    if (sample === 50)
      writer.event({ timeMs: startMs + timeMs, kind: "mark", text: "map's start" });
  }
  await writer.close();
  writeManifest(folder, {
    ...identity,
    format: "linux-perfmon recording",
    version: 1,
    recorder: "test",
    startedMs: startMs,
    timeZone: "UTC",
    process: { bootId: "elsewhere", pid: 1 },
    finishedMs: startMs + sampleTimeMs(Math.max(0, samples - 1)),
    ...(options.command ? { command: options.command } : {}),
  });
  return openRecording(folder);
}
