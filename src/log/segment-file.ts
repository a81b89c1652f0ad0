/** A segment's bytes: frames with their checksums, and where blocks begin. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { crc32 } from "../util/crc32.ts";
import { FRAME_HEAD_BYTES, MARKER, READ_LIMITS } from "./format.ts";

export const CUT = "the file ends in the middle of a frame";

type Frame = { readonly type: number; readonly payload: Buffer; readonly next: number };

/** The frame at an offset; its payload is valid until the next read. */
export function readFrame(file: SegmentFile, offset: number): Frame | { readonly fault: string } {
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
export class SegmentFile {
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
