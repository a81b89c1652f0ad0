/** How a recording is getting on, told from its folder alone: whoever recorded need not be asked. */
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { surveySegment } from "../log/survey-segment.ts";
import { isOfThisBoot } from "./recorder-process.ts";
import { completeSamples } from "./raw/raw-format.ts";
import { readRawText } from "./raw/read-raw-text.ts";
import { openRecording, type SegmentFile } from "./recording.ts";
import type { Manifest } from "./manifest.ts";
import type { Mark } from "./marks.ts";

/** What a recorder in the background prints goes there. */
export const RECORDER_LOG = "recorder.log";

/** `died`: neither at work nor closed in order. */
export type RecordingState = "running" | "ended" | "died";

export interface RecordingStatus {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly state: RecordingState;
  /** Why it is in that state, where that can be told. */
  readonly reason?: string;
  readonly samples: number;
  readonly bytes: number;
  /** When the newest sample was written; `undefined` without one. */
  readonly lastSampleMs?: number;
  readonly marks: readonly Mark[];
  /** Sentences: what could not be recorded, and what the recorder complained of. */
  readonly errors: readonly string[];
}

/** @throws UserError when there is no recording */
export function recordingStatus(folder: string): RecordingStatus {
  const { manifest, segments, marks, over } = openRecording(folder);
  const counted = segments.map(countSamples);
  const files = sampleFiles(folder);
  const state = !over ? "running" : manifest.finishedMs === undefined ? "died" : "ended";
  const reason = reasonOf(manifest, state);
  const lastSampleMs = files.reduce((last, { changedMs }) => Math.max(last, changedMs), 0);
  return {
    folder,
    manifest,
    state,
    ...(reason === undefined ? undefined : { reason }),
    samples: counted.reduce((sum, { samples }) => sum + samples, 0),
    bytes: folderBytes(folder),
    ...(lastSampleMs > 0 ? { lastSampleMs } : undefined),
    marks,
    errors: [...counted.flatMap(({ errors }) => errors), ...complaints(folder)],
  };
}

function reasonOf({ ended, process, command }: Manifest, state: RecordingState) {
  if (state === "ended") return command ? `the command has ended` : ended;
  if (state === "running" || process.bootId === "") return undefined;
  return isOfThisBoot(process.bootId)
    ? "its process is gone"
    : "the host was rebooted, or it is a copy from another";
}

/** Events that tell of something that went wrong. */
const ERRORS: ReadonlySet<string> = new Set(["collector-failed", "dropped", "damage"]);

function countSamples({ path, minutes }: SegmentFile): { samples: number; errors: string[] } {
  if (minutes) {
    const samples = minutes.files.reduce((sum, file) => sum + rawSamples(file), 0);
    return { samples, errors: [] };
  }
  const { samples, events } = surveySegment(path);
  const errors = events.filter(({ kind }) => ERRORS.has(kind)).map(({ text }) => text);
  return { samples, errors };
}

function rawSamples(path: string): number {
  const text = readRawText(path);
  return typeof text === "string" ? 0 : completeSamples(text);
}

/** Files that grow with each sample, of whatever format. */
function sampleFiles(folder: string): { changedMs: number }[] {
  return readdirSync(folder)
    .filter((name) => /^\d{6,9}(\.[0-5]\d)?\.(plog|raw|csv|tsv)$/.test(name))
    .flatMap((name) => {
      const stats = statSync(join(folder, name), { throwIfNoEntry: false });
      return stats && stats.size > 0 ? [{ changedMs: stats.mtimeMs }] : [];
    });
}

function folderBytes(folder: string): number {
  return readdirSync(folder).reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

const LOG_TAIL_BYTES = 16 * 1024;

/** What the recorder printed about itself that was no news of its work. */
function complaints(folder: string): string[] {
  return readTail(join(folder, RECORDER_LOG), LOG_TAIL_BYTES)
    .split("\n")
    .flatMap((line) => /^(?:perfmon|recorder\.sh): (.+)$/.exec(line)?.slice(1) ?? []);
}

function readTail(path: string, bytes: number): string {
  try {
    const fd = openSync(path, "r");
    try {
      const { size } = fstatSync(fd);
      const buffer = Buffer.alloc(Math.min(size, bytes));
      readSync(fd, buffer, 0, buffer.length, size - buffer.length);
      return buffer.toString("utf8");
    } finally {
      closeSync(fd);
    }
  } catch {
    return "";
  }
}
