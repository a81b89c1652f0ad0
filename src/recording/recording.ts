/** A recording on disk: finding it, and telling what is there before its samples are read. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { segmentNumber } from "../log/format.ts";
import { readSegment } from "../log/segment-reader.ts";
import { UserError } from "../util/errors.ts";
import { clockOffsetMs, readArrival, type Arrival } from "./arrival.ts";
import type { RecordedEvent } from "./chunk.ts";
import { INVENTORY_FILE, MANIFEST_FILE, readManifest, type Manifest } from "./manifest.ts";
import { readMarks, type Mark } from "./marks.ts";
import { outsideEvents } from "./outside-events.ts";
import { isRunning } from "./recorder-process.ts";
import {
  inventoryFromRaw,
  isRawRecording,
  manifestFromRaw,
  rawSegments,
} from "./raw/raw-recording.ts";
import type { RawMinutes } from "./raw/read-raw-segment.ts";

export interface SegmentFile {
  readonly number: number;
  /** Of a raw segment the first of its files. */
  readonly path: string;
  readonly bytes: number;
  /** What makes up a segment that the sh recorder wrote. */
  readonly minutes?: RawMinutes;
  /** Nothing will be added to it any more. */
  readonly closed: boolean;
}

export interface Recording {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Inventory document; empty when it is missing or cannot be read. */
  readonly inventory: Readonly<Record<string, unknown>>;
  /** Moments that somebody named while it was recorded, in their order. */
  readonly marks: readonly Mark[];
  /** In order; circular mode may have deleted the first ones. */
  readonly segments: readonly SegmentFile[];
  /** False while its recorder is at work on this machine. */
  readonly over: boolean;
  /** The host's clock less that of the machine which it was brought to; times here are without it. */
  readonly clockOffsetMs: number;
  /** What happened outside while it was recorded: marks, a command, clocks. */
  readonly events: readonly RecordedEvent[];
}

const INVENTORY_LIMIT_BYTES = 8 * 1024 * 1024;

export function isRecording(folder: string): boolean {
  return (
    existsSync(join(folder, MANIFEST_FILE)) ||
    segmentNames(folder).length > 0 ||
    isRawRecording(folder)
  );
}

/**
 * Finds the recordings in the given folders and the folders below them, in order of path.
 *
 * @throws UserError when a path is not there, or holds none
 */
export function findRecordings(paths: readonly string[]): Recording[] {
  const folders = new Set<string>();
  for (const path of paths) {
    const found = search(path, 4);
    if (found.length === 0) {
      throw new UserError(
        `${path} is not a recording: it holds no ${MANIFEST_FILE} and no segment such as 000001.plog or 000001.00.raw.`,
        "Give a folder that `perfmon record -o FOLDER` or recorder.sh wrote, or a folder of such folders.",
      );
    }
    for (const folder of found) folders.add(folder);
  }
  return [...folders].map(openRecording);
}

/** @throws UserError when there is no recording, or nothing in it can be read */
export function openRecording(folder: string): Recording {
  if (!isFolder(folder)) throw notThere(folder);
  const names = segmentNames(folder);
  const raw = names.length > 0 ? [] : rawSegments(folder);
  const manifest = readManifest(folder) ?? manifestFromRaw(raw) ?? manifestFromLog(folder, names);
  if (manifest.version > 1) {
    throw new UserError(
      `${folder} is a recording of version ${manifest.version}; this perfmon reads version 1.`,
      "Use the perfmon that wrote it, or a newer one.",
    );
  }
  const over = manifest.finishedMs !== undefined || !isRunning(manifest.process);
  const files =
    raw.length > 0
      ? raw
      : names.map((name) => ({
          number: segmentNumber(name)!,
          path: join(folder, name),
          bytes: statSync(join(folder, name)).size,
        }));
  const segments = files.map((file, i) => ({ ...file, closed: over || i < files.length - 1 }));
  const arrival = readArrival(folder);
  const offsetMs = clockOffsetMs(arrival, manifest.startedMs);
  const marks = readMarks(folder).map((mark) => ({ ...mark, timeMs: mark.timeMs - offsetMs }));
  return {
    folder,
    manifest: onOurClock(manifest, offsetMs, arrival),
    inventory: readInventory(folder),
    marks,
    segments,
    over,
    clockOffsetMs: offsetMs,
    events: outsideEvents(manifest, marks, arrival, offsetMs),
  };
}

function onOurClock(manifest: Manifest, offsetMs: number, arrival?: Arrival): Manifest {
  const { startedMs, finishedMs } = manifest;
  const command = arrival?.command ?? manifest.command;
  return {
    ...manifest,
    startedMs: startedMs - offsetMs,
    ...(finishedMs === undefined ? undefined : { finishedMs: finishedMs - offsetMs }),
    ...(command ? { command } : undefined),
  };
}

function search(path: string, depth: number): string[] {
  if (!isFolder(path)) throw notThere(path);
  if (isRecording(path)) return [path];
  if (depth === 0) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
    .map((entry) => join(path, entry.name))
    .sort()
    .flatMap((folder) => search(folder, depth - 1));
}

function notThere(path: string): UserError {
  return existsSync(path)
    ? new UserError(`${path} is a file; a recording is a folder.`, "Give the folder that holds it.")
    : new UserError(`There is no folder ${path}.`, "Check the path of the recording.");
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function segmentNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => segmentNumber(name) !== undefined)
      .sort((a, b) => segmentNumber(a)! - segmentNumber(b)!);
  } catch {
    return [];
  }
}

/** Every block says which recording it belongs to: a lost manifest loses nothing that loading needs. */
function manifestFromLog(folder: string, names: readonly string[]): Manifest {
  for (const name of names) {
    for (const part of readSegment(join(folder, name))) {
      if (!("block" in part)) continue;
      const { recording, start } = part.block.header;
      return {
        ...recording,
        format: "linux-perfmon recording",
        version: 1,
        recorder: "unknown",
        startedMs: start.wallMs,
        timeZone: "UTC",
        process: { bootId: "", pid: 0 },
      };
    }
  }
  throw new UserError(
    `Nothing in ${folder} can be read: ${MANIFEST_FILE} is missing or damaged, and no segment has a readable block.`,
    "If the recording was copied, copy it again; what cannot be read is not a recording.",
  );
}

function readInventory(folder: string): Readonly<Record<string, unknown>> {
  const path = join(folder, INVENTORY_FILE);
  try {
    if (!existsSync(path)) return inventoryFromRaw(folder) ?? {};
    if (statSync(path).size > INVENTORY_LIMIT_BYTES) return {};
    const value = JSON.parse(readFileSync(path, "utf8")) as unknown;
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
