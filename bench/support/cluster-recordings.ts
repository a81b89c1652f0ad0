/** Recordings of two clusters that did the same job, on disks of different speed. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { INVENTORY_FILE, writeManifest } from "../../src/recording/manifest.ts";
import { benchLog } from "./bench-log.ts";
import { WorkingHost } from "./working-host.ts";

export const RUNS = ["cloud/terasort", "onprem/terasort"] as const;

const DISK_MB_PER_SECOND = { cloud: 100, onprem: 140 } as const;
const INTERVAL_MS = 1000;
const START_MS = Date.UTC(2026, 0, 5, 10);

/**
 * @param host from 1; of one cluster
 * @param seconds of the recordings; the job takes two thirds of it on the faster cluster
 */
export async function writeHost(
  parent: string,
  cluster: keyof typeof DISK_MB_PER_SECOND,
  host: number,
  seconds: number,
): Promise<void> {
  const name = `${cluster}${String(host).padStart(3, "0")}`;
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  const identity = {
    id: `${cluster === "cloud" ? "c" : "0"}0000000-0000-4000-8000-${String(host).padStart(12, "0")}`,
    host: name,
    cluster,
    run: "terasort",
    role: "worker",
    intervalMs: INTERVAL_MS,
  };
  const writer = benchLog(folder, identity);
  const seed = host + (cluster === "cloud" ? 0 : 100_000);
  const model = new WorkingHost({
    seed,
    diskMbPerSecond: DISK_MB_PER_SECOND[cluster],
    workMb: 0.66 * seconds * DISK_MB_PER_SECOND.onprem,
  });
  let jobSeconds = 0;
  for (let sample = 0; sample < seconds; sample++) {
    model.step();
    if (model.busy) jobSeconds = sample + 1;
    // A timer that fires up to 2 ms late, as it does on a machine that is not idle.
    const lateUs = (sample * 7919 + seed * 31) % 2000;
    const atMs = sample * INTERVAL_MS;
    writer.append(model.row, { monotonicUs: 1e9 + atMs * 1000 + lateUs, wallMs: START_MS + atMs });
    // Lets the writer's file take what waits for it.
    if (sample % 60 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await writer.close();
  writeManifest(folder, {
    ...identity,
    format: "linux-perfmon recording",
    version: 1,
    recorder: "bench",
    startedMs: START_MS,
    finishedMs: START_MS + seconds * INTERVAL_MS,
    timeZone: "UTC",
    process: { bootId: "", pid: 0 },
    ...(host === 1
      ? {
          command: {
            program: "yarn",
            startedMs: START_MS,
            durationSeconds: jobSeconds,
            exitCode: 0,
          },
        }
      : {}),
  });
  const inventory = {
    schema: 1,
    hostname: name,
    cpu: { logicalCpus: 2, model: "Bench CPU", nominalMHz: 2500 },
    memory: { totalBytes: 16 * 2 ** 30 },
    privilege: { uid: 0, root: true },
    boot: { id: identity.id },
  };
  writeFileSync(join(folder, INVENTORY_FILE), JSON.stringify(inventory));
}
