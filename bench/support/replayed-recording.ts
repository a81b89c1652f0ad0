/**
 * Long recordings with the statistics of real ones, written by the real log writer: this machine's
 * counters are read for some seconds while it has something to do, and what each field changed by
 * from reading to reading is then replayed in random order for as many samples as are wanted.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hostContext } from "../../src/agent/host-context.ts";
import { Sampler } from "../../src/agent/sampler.ts";
import { collectors } from "../../src/collectors/all.ts";
import { SampleRow, type Unit } from "../../src/counter/sample-row.ts";
import { monotonicMs } from "../../src/util/monotonic.ts";
import { writeManifest } from "../../src/recording/manifest.ts";
import { benchLog } from "./bench-log.ts";
import { seededRandom } from "../../test/support/synthetic-log.ts";

const READINGS = 40;
const READING_MS = 500;
const INTERVAL_MS = 1000;

/** What was read: units that were there all the time, and their values per reading. */
export interface Readings {
  readonly units: readonly Unit[];
  readonly rows: readonly (readonly Float64Array[])[];
}

export async function readThisMachine(): Promise<Readings> {
  const folder = mkdtempSync(join(tmpdir(), "perfmon-bench-"));
  const tsx = fileURLToPath(new URL("../../node_modules/.bin/tsx", import.meta.url));
  const busyHost = fileURLToPath(new URL("./busy-host.ts", import.meta.url));
  const busy = spawn(tsx, [busyHost, folder], { stdio: "ignore" });
  const sampler = new Sampler(collectors, hostContext({ allBlockDevices: false }));
  const taken: ReadonlyMap<Unit, Float64Array>[] = [];
  try {
    for (let reading = 0; reading < READINGS; reading++) {
      await new Promise((resolve) => setTimeout(resolve, READING_MS));
      // Everything is due every time: cadences are for agents.
      sampler.sample(monotonicMs() + reading * 3_600_000);
      const { row } = sampler;
      const present = row.units.filter((unit) => row.isRead(unit) && unit.width > 0);
      taken.push(
        new Map(present.map((unit) => [unit, row.values.slice(unit.slot, unit.slot + unit.width)])),
      );
    }
  } finally {
    busy.kill();
    sampler.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const units = [...taken[0]!.keys()].filter((unit) => taken.every((row) => row.has(unit)));
  return { units, rows: taken.map((row) => units.map((unit) => row.get(unit)!)) };
}

export interface ReplayOptions {
  readonly folder: string;
  readonly host: number;
  readonly samples: number;
}

/** Writes a recording of one host; segments of an hour. */
export async function writeReplay(
  { units, rows }: Readings,
  { folder, host, samples }: ReplayOptions,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const random = seededRandom(host);
  const startedMs = 1.76e12;
  const identity = {
    id: `00000000-0000-4000-8000-${String(host).padStart(12, "0")}`,
    host: `node${String(host).padStart(2, "0")}`,
    cluster: "bench",
    run: "load",
    role: "worker",
    intervalMs: INTERVAL_MS,
  };
  const writer = benchLog(folder, identity);
  const row = new SampleRow();
  const own = units.map(({ object, group, instance }) => row.add(object, group, instance));
  for (let sample = 0; sample < samples; sample++) {
    row.begin();
    const step = 1 + Math.floor(random() * (rows.length - 1));
    for (const [u, unit] of own.entries()) {
      replay(
        unit,
        row.values,
        rows[sample === 0 ? 0 : step]![u]!,
        rows[step - 1]![u]!,
        sample === 0,
      );
      row.read(unit);
    }
    // A timer that fires up to 2 ms late, as it does on a machine that is not idle.
    const lateUs = Math.floor(random() * 2000);
    const atMs = sample * INTERVAL_MS;
    writer.append(row, { monotonicUs: 1e9 + atMs * 1000 + lateUs, wallMs: startedMs + atMs });
    // Lets the writer's file take what waits for it.
    if (sample % 60 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await writer.close();
  const manifest = { format: "linux-perfmon recording", version: 1, recorder: "bench" } as const;
  const process = { bootId: "", pid: 0 };
  const finishedMs = startedMs + samples * INTERVAL_MS;
  writeManifest(folder, {
    ...identity,
    ...manifest,
    startedMs,
    finishedMs,
    timeZone: "UTC",
    process,
  });
}

function replay(
  unit: Unit,
  values: Float64Array,
  now: Float64Array,
  before: Float64Array,
  first: boolean,
): void {
  const { fields } = unit.object.groups[unit.group]!;
  for (let field = 0; field < unit.width; field++) {
    const slot = unit.slot + field;
    const isGauge = fields[field]!.kind === "gauge";
    // A counter that fell while it was read would be a reset each time.
    const change = Math.max(0, now[field]! - before[field]!);
    values[slot] = isGauge || first ? now[field]! : values[slot]! + change;
  }
}
