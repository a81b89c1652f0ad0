/** Makes the folder of a new recording, and the names in it. */
import { readdirSync, readFileSync, rmdirSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RecordingIdentity } from "../counter/recording-identity.ts";
import { readInventory } from "../inventory/inventory.ts";
import { readText } from "../inventory/read-text.ts";
import {
  INVENTORY_FILE,
  MANIFEST_FILE,
  writeManifest,
  type Manifest,
} from "../recording/manifest.ts";
import { cannotWrite, makeRecordingFolder } from "../recording/new-folder.ts";
import { thisProcess } from "../recording/recorder-process.ts";
import { VERSION } from "../util/version.ts";
import { localTime } from "./local-time.ts";
import type { RecordOptions } from "./options.ts";
import { limitedRunner } from "./run-tool.ts";

export interface NewRecording {
  readonly folder: string;
  readonly manifest: Manifest;
}

/**
 * Makes the folder, the manifest and the inventory.
 *
 * @throws UserError when the folder cannot be made or written, or holds a recording already
 */
export function createRecording(options: RecordOptions): NewRecording {
  const startedMs = Date.now();
  const runTool = limitedRunner();
  const { stamp, utcOffset } = localTime(runTool);
  const host = options.host ?? hostName();
  const folder = options.output ?? defaultFolder(options, stamp);
  makeRecordingFolder(folder);
  const roots = { procRoot: "/proc", sysRoot: "/sys", etcRoot: "/etc", fileRoot: "" };
  const inventory = readInventory(roots, runTool);
  const identity: RecordingIdentity = {
    id: uuid(),
    host,
    cluster: options.cluster,
    run: options.run ?? stamp,
    role: options.role,
    intervalMs: options.intervalMs,
  };
  const manifest: Manifest = {
    format: "linux-perfmon recording",
    version: 1,
    ...identity,
    recorder: VERSION,
    startedMs,
    timeZone: inventory.timeZone ?? utcOffset,
    process: thisProcess(),
    ...(options.source === "kernel" ? undefined : { source: options.source }),
  };
  try {
    writeFileSync(join(folder, INVENTORY_FILE), `${JSON.stringify(inventory, undefined, 2)}\n`);
    writeManifest(folder, manifest);
  } catch (error) {
    throw cannotWrite(folder, error);
  }
  return { folder, manifest };
}

/** Where a recording goes for which no folder is named: one of the current folder. */
export function defaultFolder({ host }: Pick<RecordOptions, "host">, stamp: string): string {
  return `perfmon-${host ?? hostName()}-${stamp}`;
}

/** Takes back a recording that never came to be, and the folder if nothing else is in it. */
export function discardRecording(folder: string): void {
  const ours = (name: string) =>
    name === MANIFEST_FILE || name === INVENTORY_FILE || /^\d{6,9}\.(plog|csv|tsv)$/.test(name);
  for (const name of readdirSync(folder).filter(ours)) unlinkSync(join(folder, name));
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

/** From the kernel: Node 12 has no randomUUID, and loading its crypto costs memory. */
function uuid(): string {
  return readFileSync("/proc/sys/kernel/random/uuid", "utf8").trim();
}

/** What `hostname` prints; node:os would be loaded for nothing else. */
function hostName(): string {
  return readText("/proc/sys/kernel/hostname") ?? "localhost";
}
