/** `recording.json`: what a recording is, in one small file that people can read too. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandResult, RecordingIdentity } from "../counter/recording-identity.ts";

export const MANIFEST_FILE = "recording.json";
export const INVENTORY_FILE = "inventory.json";

export interface Manifest extends RecordingIdentity {
  readonly format: "linux-perfmon recording";
  readonly version: 1;
  /** Version of the program that recorded. */
  readonly recorder: string;
  /** Wall clock, milliseconds since 1970, UTC. */
  readonly startedMs: number;
  /** IANA name or `UTC+02:00`. */
  readonly timeZone: string;
  /** Which process records or recorded; tells whether it still does. */
  readonly process: {
    readonly bootId: string;
    readonly pid: number;
    /** When it was started, in clock ticks since boot: its number may be another's later. */
    readonly startTicks?: number;
  };
  /** Present once the recording was closed in order. */
  readonly finishedMs?: number;
  /** Why it ended, if not because it was told to: a limit that it had. */
  readonly ended?: string;
  readonly command?: CommandResult;
  /** `tools` when the values are what tools printed while it was recorded; left out for the kernel's. */
  readonly source?: string;
  /** Present when the values are not of our own recorder. */
  readonly imported?: ImportSource;
}

/** Where the values of an imported recording come from. */
export interface ImportSource {
  /** `pdh-csv`, `iostat`, `sar`, ... */
  readonly format: string;
  /** Names of the files, without folders. */
  readonly files: readonly string[];
}

/** Writes it such that a reader sees the old one or the new one, never half of one. */
export function writeManifest(folder: string, manifest: Manifest): void {
  const path = join(folder, MANIFEST_FILE);
  writeFileSync(`${path}.new`, `${JSON.stringify(manifest, undefined, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/** `undefined` when there is none that can be read; the log's own headers then tell what is needed. */
export function readManifest(folder: string): Manifest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(join(folder, MANIFEST_FILE), "utf8"));
  } catch {
    return undefined;
  }
  return isManifest(value) ? value : undefined;
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== "object" || value === null) return false;
  const manifest = value as Record<string, unknown>;
  const texts = ["id", "host", "cluster", "run", "role", "timeZone", "recorder"];
  const { process, command } = manifest as { process?: unknown; command?: unknown };
  return (
    manifest["format"] === "linux-perfmon recording" &&
    texts.every((key) => typeof manifest[key] === "string") &&
    typeof manifest["startedMs"] === "number" &&
    typeof manifest["intervalMs"] === "number" &&
    typeof process === "object" &&
    process !== null &&
    (manifest["ended"] === undefined || typeof manifest["ended"] === "string") &&
    (command === undefined || isCommandResult(command))
  );
}

function isCommandResult(value: unknown): value is CommandResult {
  if (typeof value !== "object" || value === null) return false;
  const command = value as Record<string, unknown>;
  return (
    typeof command["program"] === "string" &&
    ["startedMs", "durationSeconds", "exitCode"].every((key) => typeof command[key] === "number")
  );
}
