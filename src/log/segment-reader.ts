/**
 * Reads a segment block by block. A segment is untrusted: sizes are bounded, every frame must pass
 * its checksum, and whatever is damaged costs the rest of its block at most: reading goes on at the
 * next marker.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { constants, inflateRawSync } from "node:zlib";
import { crc32 } from "../util/crc32.ts";
import { UserError } from "../util/errors.ts";
import { decodeBlock } from "./block-decoder.ts";
import type { BlockMemory } from "./block-memory.ts";
import type { BlockHeader, LogBlock, LogDamage, LogEvent, SegmentEnd } from "./block.ts";
import { checkEnd, checkEvent } from "./check.ts";
import {
  FRAME,
  FRAME_HEAD_BYTES,
  HEADER_DICTIONARY,
  LOG_VERSION,
  MARKER,
  READ_LIMITS,
} from "./format.ts";
import { decodeHeader } from "./header-codec.ts";

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

const CUT = "the file ends in the middle of a frame";

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

type Frame = { readonly type: number; readonly payload: Buffer; readonly next: number };

function readFrame(file: SegmentFile, offset: number): Frame | { readonly fault: string } {
  const head = file.read(offset, FRAME_HEAD_BYTES);
  if (!head) return { fault: CUT };
  const type = head[0]!;
  const length = head.readUInt32LE(1);
  const expected = head.readUInt32LE(5);
  const seed = crc32(head, 0, 5);
  if (length > READ_LIMITS.frameBytes) return { fault: "a frame of impossible length" };
  const payload = file.read(offset + FRAME_HEAD_BYTES, length);
  if (!payload) return { fault: CUT };
  if (crc32(payload, 0, length, seed) !== expected) return { fault: "a checksum does not match" };
  return { type, payload, next: offset + FRAME_HEAD_BYTES + length };
}

/** Positioned reads of a file through one window. What `read` gave is valid until the next `read`. */
class SegmentFile {
  readonly path: string;
  readonly size: number;
  private readonly fd: number;
  private window = Buffer.alloc(0);
  private windowStart = 0;

  constructor(path: string) {
    this.path = path;
    this.fd = openSync(path, "r");
    this.size = fstatSync(this.fd).size;
  }

  /** `undefined` when the file ends before. */
  read(offset: number, length: number): Buffer | undefined {
    if (offset + length > this.size) return undefined;
    const start = offset - this.windowStart;
    if (start < 0 || start + length > this.window.length) {
      const size = Math.min(Math.max(length, 1024 * 1024), this.size - offset);
      const window = Buffer.allocUnsafe(size);
      const count = readSync(this.fd, window, 0, size, offset);
      this.window = window.subarray(0, count);
      this.windowStart = offset;
      return count >= length ? this.window.subarray(0, length) : undefined;
    }
    return this.window.subarray(start, start + length);
  }

  isMarker(offset: number): boolean {
    return this.read(offset, MARKER.length)?.equals(MARKER) === true;
  }

  /** Offset of the first marker at or after `offset`; the file's size when there is none. */
  findMarker(offset: number): number {
    if (this.isMarker(offset)) return offset;
    const step = 256 * 1024;
    for (let at = offset; at < this.size; at += step) {
      const bytes = this.read(at, Math.min(step + MARKER.length - 1, this.size - at));
      const found = bytes?.indexOf(MARKER) ?? -1;
      if (found >= 0) return at + found;
    }
    return this.size;
  }

  close(): void {
    closeSync(this.fd);
  }
}
