/** Writes small logs with the real writer from invented raw values: what format tests start from. */
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordedObject } from "../../src/counter/recorded.ts";
import { SampleRow, type Unit } from "../../src/counter/sample-row.ts";
import { counterFields, gaugeFields, type CounterObject } from "../../src/counter/declaration.ts";
import type { SampleStamp } from "../../src/log/sample-encoder.ts";
import { LogWriter, type LogWriterOptions } from "../../src/log/log-writer.ts";

export const IDENTITY = {
  id: "6f1a3a52-0000-4000-8000-000000000001",
  host: "node1",
  cluster: "cloud",
  run: "one",
  role: "worker",
  intervalMs: 1000,
} as const;

/** An object with instances, of three counters and two gauges. */
export const DISK_LIKE: CounterObject = {
  name: "DiskLike",
  help: "An object for tests.",
  instances: { what: "one per disk", total: false },
  cadence: "every-sample",
  groups: [
    {
      id: "stat",
      fields: [...counterFields(["reads", "bytes", "ticks"]), ...gaugeFields(["queue", "size"])],
    },
  ],
  counters: [
    {
      name: "Reads/sec",
      help: "Reads per second.",
      unit: "count/s",
      type: "rate",
      value: ["reads"],
      resource: "disk",
      use: "throughput",
      better: "neutral",
      source: { file: "test", field: "reads" },
    },
    {
      name: "Avg. Bytes/Read",
      help: "Bytes per read.",
      unit: "bytes/op",
      type: "average",
      value: ["bytes"],
      base: ["reads"],
      resource: "disk",
      use: "information",
      better: "neutral",
      source: { file: "test", field: "bytes" },
    },
    {
      name: "Queue Length",
      help: "Requests waiting.",
      unit: "count",
      type: "gauge",
      value: ["queue"],
      resource: "disk",
      use: "saturation",
      better: "lower",
      source: { file: "test", field: "queue" },
    },
  ],
};

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "perfmon-test-"));
}

/** A writer with options for tests; syncs only when closed. */
export function testWriter(folder: string, options: Partial<LogWriterOptions> = {}): LogWriter {
  return new LogWriter({
    folder,
    recording: IDENTITY,
    segmentBytes: Infinity,
    segmentMs: Infinity,
    keepSegments: 0,
    syncIntervalMs: 1e9,
    maxBacklog: 1e9,
    onError: (error) => {
      throw error;
    },
    ...options,
  });
}

export interface SyntheticLog {
  readonly folder: string;
  readonly segments: readonly string[];
  /** What was written: per sample the raw values per instance, or undefined where it was absent. */
  readonly expected: readonly ReadonlyMap<string, readonly number[]>[];
}

/**
 * A log in which instances come and go, skip samples, wrap, exceed 2^53 and change sign; seeded.
 */
export async function writeSyntheticLog(
  samples: number,
  seed: number,
  options: Partial<LogWriterOptions> = {},
  stamp: (sample: number) => SampleStamp = everySecond,
): Promise<SyntheticLog> {
  const folder = temporaryFolder();
  const object = recordedObject(DISK_LIKE);
  const writer = testWriter(folder, options);
  const row = new SampleRow();
  const random = seededRandom(seed);
  const units = new Map<string, Unit>();
  const expected: Map<string, number[]>[] = [];
  let born = 0;
  for (let sample = 0; sample < samples; sample++) {
    row.begin();
    if (units.size < 3 || random() < 0.05) {
      const name = `d${born++}`;
      units.set(name, row.add(object, 0, { name, attributes: { born: String(sample) } }));
    }
    if (units.size > 5) {
      const [name, unit] = [...units][0]!;
      row.remove(unit);
      units.delete(name);
    }
    const written = new Map<string, number[]>();
    for (const [name, unit] of units) {
      if (random() < 0.1) continue;
      for (let field = 0; field < unit.width; field++) {
        const slot = unit.slot + field;
        const change = Math.floor((random() - 0.3) * 10 ** Math.floor(random() * 18));
        if (random() < 0.6) row.values[slot] = Math.floor(row.values[slot]! + change);
      }
      row.read(unit);
      written.set(name, [...row.values.subarray(unit.slot, unit.slot + unit.width)]);
    }
    expected.push(written);
    writer.append(row, stamp(sample));
  }
  await writer.close();
  const segments = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
  return { folder, segments, expected };
}

function everySecond(sample: number): SampleStamp {
  return { monotonicUs: 5_000_000 + sample * 1_000_000, wallMs: 1.7e12 + sample * 1000 };
}

/** Mulberry32: the same numbers for the same seed everywhere. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
