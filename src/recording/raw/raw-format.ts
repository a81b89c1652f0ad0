/**
 * What the sh recorder writes: a file per minute, in text. `docs/recorder.md` is the normative
 * description; it, the script and these files change together.
 */
import type { RecordingIdentity } from "../../counter/recording-identity.ts";
import { UserError } from "../../util/errors.ts";
import type { RawText } from "./sample-text.ts";

const RAW_VERSION = 1;

/** What a reader accepts of an untrusted recording before it calls a file damaged. */
export const RAW_LIMITS = {
  fileBytes: 64 * 1024 * 1024,
  textBytes: 128 * 1024 * 1024,
  /** Minute files of a recording: half a year. */
  files: 262_144,
} as const;

/** Minutes whose files make up a segment. */
const MINUTES_PER_SEGMENT = 60;

export interface MinuteName {
  readonly segment: number;
  /** Minute within the segment, from 0. */
  readonly minute: number;
  readonly compressed: boolean;
}

/** `000001.07.raw`, `000001.07.raw.gz`; `undefined` for other names. */
export function parseMinuteName(fileName: string): MinuteName | undefined {
  const match = /^(\d{6,9})\.([0-5]\d)\.raw(\.gz)?$/.exec(fileName);
  if (!match || Number(match[1]) === 0) return undefined;
  return {
    segment: Number(match[1]),
    minute: Number(match[2]) % MINUTES_PER_SEGMENT,
    compressed: match[3] !== undefined,
  };
}

/** An instant on both clocks. */
export interface ClockPair {
  /** Seconds since boot, in milliseconds. */
  readonly monotonicMs: number;
  readonly wallMs: number;
  /** The wall clock was taken in whole seconds: half a second was added, for their middle. */
  readonly coarse: boolean;
}

export interface RawHead {
  /** First word of the recorder's own lines. */
  readonly mark: string;
  readonly recording: RecordingIdentity;
  /** Of the recording. */
  readonly start: ClockPair;
  /** When this file was begun. */
  readonly wall: ClockPair;
  readonly clockTicksPerSecond: number;
  readonly pageSizeBytes: number;
  /** What `uname -m` prints. */
  readonly machine: string;
  /** Lines that are as they were in the sample before are left empty. */
  readonly isPacked: boolean;
  /** Where the samples begin. */
  readonly length: number;
}

/** Of a packed file it says as well how many bytes its text had before. */
const FIRST_LINE = /^perfmon raw (\d{1,9})(?: packed (\d{1,12}))?$/;

/** Bytes that a text had before it was packed; `undefined` when it is not. */
export function unpackedBytes(text: Buffer): number | undefined {
  const [line = ""] = text.toString("latin1", 0, 64).split("\n");
  const size = FIRST_LINE.exec(line)?.[2];
  return size === undefined ? undefined : Number(size);
}

/**
 * Reads the lines at the start of a file.
 *
 * @returns what is wrong with them when they cannot be read
 * @throws UserError when a newer recorder wrote the file
 */
export function parseHead(bytes: Buffer): RawHead | string {
  // The longest is far below: names of 100 characters and a dozen numbers.
  const lines = bytes.toString("latin1", 0, Math.min(bytes.length, 8192)).split("\n");
  const [, version, packed] = FIRST_LINE.exec(lines[0] ?? "") ?? [];
  if (version === undefined) return "it does not begin as a recorder's file";
  if (Number(version) > RAW_VERSION) {
    throw new UserError(
      `This is a raw recording of version ${version}; this perfmon reads version ${RAW_VERSION}.`,
      "Use the perfmon that its recorder.sh came from, or a newer one.",
    );
  }
  const last = lines.findIndex((line) => line.startsWith("wall "));
  if (last < 0 || last === lines.length - 1) return "its first lines are not complete";
  const facts = new Map<string, string>();
  for (const line of lines.slice(1, last + 1)) {
    const blank = line.indexOf(" ");
    facts.set(line.slice(0, blank), line.slice(blank + 1));
  }
  const text = (key: string) => facts.get(key) ?? "";
  const number = (key: string) => (/^\d{1,15}$/.test(text(key)) ? Number(text(key)) : NaN);
  const start = parseClocks(text("start"));
  const wall = parseClocks(text("wall"));
  const [mark, id, intervalMs] = [text("mark"), text("id"), number("interval")];
  if (!/^@[0-9a-f]{8}$/.test(mark) || !/^[0-9a-f-]{36}$/.test(id) || !start || !wall) {
    return "its first lines say something else than they should";
  }
  const [host, cluster, run, role] = [text("host"), text("cluster"), text("run"), text("role")];
  if (![host, cluster, run, role].every((name) => name !== "") || !(intervalMs > 0)) {
    return "its first lines do not say whose it is";
  }
  return {
    mark,
    recording: { id, host, cluster, run, role, intervalMs },
    start,
    wall,
    clockTicksPerSecond: number("ticks") || 100,
    pageSizeBytes: number("page") || 4096,
    machine: text("machine"),
    isPacked: packed !== undefined,
    length: lines.slice(0, last + 1).reduce((sum, line) => sum + line.length + 1, 0),
  };
}

/** Samples of a text that are complete: each ends with a line of its own. */
export function completeSamples(bytes: Buffer): number {
  return bytes.toString("latin1").match(/^@[0-9a-f]{8} end$/gm)?.length ?? 0;
}

/** What follows the head. */
export function textOf(bytes: Buffer, { length, mark, isPacked }: RawHead): RawText {
  return { bytes, start: length, mark, isPacked };
}

/** `14918.45 1795523802.636757694`, or without what follows the second point. */
function parseClocks(text: string): ClockPair | undefined {
  const match = /^(\d{1,12}\.\d\d) (\d{1,12})(\.\d{1,9})?$/.exec(text);
  if (!match) return undefined;
  const coarse = match[3] === undefined;
  const milliseconds = coarse ? 500 : Math.floor(Number(match[3]) * 1000);
  return {
    monotonicMs: Math.round(Number(match[1]) * 1000),
    wallMs: Number(match[2]) * 1000 + milliseconds,
    coarse,
  };
}
