/**
 * Reads a segment block by block. A segment is untrusted: sizes are bounded, every frame must pass
 * its checksum, and whatever is damaged costs the rest of its block at most: reading goes on at the
 * next marker.
 */
import { constants, inflateRawSync } from "node:zlib";
import { UserError } from "../util/errors.ts";
import { decodeBlock } from "./block-decoder.ts";
import type { BlockMemory } from "./block-memory.ts";
import type { BlockHeader, LogBlock, LogDamage, LogEvent, SegmentEnd } from "./block.ts";
import { checkEnd, checkEvent } from "./check.ts";
import { FRAME, HEADER_DICTIONARY, LOG_VERSION, MARKER, READ_LIMITS } from "./format.ts";
import { decodeHeader } from "./header-codec.ts";
import { CUT, readFrame, SegmentFile } from "./segment-file.ts";

export type SegmentPart =
  | { readonly block: LogBlock }
  | { readonly damage: LogDamage }
  | { readonly end: SegmentEnd };

/**
 * Yields blocks and damage in the order of the file, and the end mark of a segment that was closed.
 *
 * @param memory where the columns of blocks come from
 * @throws UserError when the file was written by a newer version
 */
export function* readSegment(path: string, memory?: BlockMemory): Generator<SegmentPart> {
  const file = new SegmentFile(path);
  try {
    yield* parts(file, memory);
  } finally {
    file.close();
  }
}

function* parts(file: SegmentFile, memory?: BlockMemory): Generator<SegmentPart> {
  let offset = 0;
  while (offset < file.size) {
    const start = file.findMarker(offset);
    if (start > offset) {
      yield { damage: damage(offset, start - offset, start === file.size, "no block starts here") };
    }
    if (start === file.size) return;
    const result = readBlock(file, start, memory);
    if (result.block) yield { block: result.block };
    if (result.end) yield { end: result.end };
    offset = result.next;
    if (result.fault) {
      const next = file.findMarker(offset);
      yield { damage: damage(offset, next - offset, next === file.size, result.fault) };
      offset = next;
    }
  }
}

function damage(offset: number, bytes: number, atEnd: boolean, reason: string): LogDamage {
  return { offset, bytes, kind: atEnd && reason === CUT ? "cut" : "damaged", reason };
}

interface BlockResult {
  readonly block?: LogBlock;
  readonly end?: SegmentEnd;
  /** Where the readable part ends. */
  readonly next: number;
  readonly fault?: string;
}

/** Reads the block whose marker stands at `start`, up to the next marker or the first fault. */
function readBlock(file: SegmentFile, start: number, memory?: BlockMemory): BlockResult {
  let offset = start + MARKER.length;
  const first = readFrame(file, offset);
  if ("fault" in first) return { next: offset, fault: first.fault };
  if (first.type !== FRAME.header) return { next: offset, fault: "a block without a header" };
  const version = first.payload[0] ?? 0;
  if (version > LOG_VERSION) {
    throw new UserError(
      `${file.path} is a counter log of version ${version}; this perfmon reads up to ${LOG_VERSION}.`,
      "Use the perfmon that wrote it, or a newer one.",
    );
  }
  const dictionary = first.payload[1] ?? 0;
  if (dictionary > HEADER_DICTIONARY) {
    throw new UserError(
      `${file.path} needs header dictionary ${dictionary}; this perfmon has up to ${HEADER_DICTIONARY}.`,
      "Use the perfmon that wrote it, or a newer one.",
    );
  }
  let header: BlockHeader;
  try {
    header = decodeHeader(first.payload.subarray(2));
  } catch (error) {
    return { next: offset, fault: `its header cannot be read (${messageOf(error)})` };
  }
  offset = first.next;
  const pieces: Buffer[] = [];
  const events: LogEvent[] = [];
  let end: SegmentEnd | undefined;
  let fault: string | undefined;
  while (offset < file.size && !file.isMarker(offset)) {
    const frame = readFrame(file, offset);
    if ("fault" in frame) {
      fault = frame.fault;
      break;
    }
    try {
      if (frame.type === FRAME.sample) pieces.push(Buffer.from(frame.payload));
      else if (frame.type === FRAME.event) events.push(checkEvent(readJson(frame.payload)));
      else if (frame.type === FRAME.end) end = checkEnd(readJson(frame.payload));
      // Frames of other types are skipped: a later version may add some.
    } catch (error) {
      fault = `an event cannot be read (${messageOf(error)})`;
      break;
    }
    offset = frame.next;
  }
  const block = pieces.length > 0 ? decode(header, pieces, events, memory) : undefined;
  if (typeof block === "string") return { next: offset, fault: block };
  return {
    ...(block ? { block } : undefined),
    next: offset,
    ...(end ? { end } : undefined),
    ...(fault ? { fault } : undefined),
  };
}

function decode(
  header: BlockHeader,
  pieces: readonly Buffer[],
  events: readonly LogEvent[],
  memory?: BlockMemory,
): LogBlock | string {
  try {
    const stream = inflateRawSync(Buffer.concat(pieces), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: READ_LIMITS.streamBytes,
    });
    return { header, events, ...decodeBlock(header, stream, pieces.length, memory) };
  } catch (error) {
    return `its samples cannot be decoded (${messageOf(error)})`;
  }
}

function readJson(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString("utf8")) as unknown;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
