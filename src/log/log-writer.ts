/**
 * Writes samples into the segments of a counter log: blocks, frames, checksums, rotation. See
 * `docs/log-format.md`.
 */
import { readdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import type { RecordingIdentity } from "../counter/recording-identity.ts";
import type { SampleRow } from "../counter/sample-row.ts";
import { crc32 } from "../util/crc32.ts";
import { AppendFile } from "./append-file.ts";
import { BlockCompressor } from "./block-compressor.ts";
import type { BlockHeader, LogEvent, SegmentEnd } from "./block.ts";
import { ByteWriter } from "./byte-writer.ts";
import {
  BLOCK_LIMITS,
  FRAME,
  FRAME_HEAD_BYTES,
  HEADER_DICTIONARY,
  LOG_VERSION,
  MARKER,
  segmentFileName,
  segmentNumber,
} from "./format.ts";
import { encodeHeader } from "./header-codec.ts";
import type { SampleLog } from "./sample-log.ts";
import { SampleEncoder, type SampleStamp } from "./sample-encoder.ts";

export interface LogWriterOptions {
  /** Folder of the segments; must be there. */
  readonly folder: string;
  readonly recording: RecordingIdentity;
  /** A new segment begins when one is this large or this old. */
  readonly segmentBytes: number;
  readonly segmentMs: number;
  /** Circular mode: the oldest segments beyond this many are deleted; 0 keeps all. */
  readonly keepSegments: number;
  readonly syncIntervalMs: number;
  /** Most samples in a block, if fewer than `BLOCK_LIMITS.samples`. */
  readonly blockSamples?: number;
  /** Samples that may wait for a disk that stalls, before samples are dropped. */
  readonly maxBacklog: number;
  readonly onError: (error: Error) => void;
}

export class LogWriter implements SampleLog {
  bytes = 0;
  private readonly options: LogWriterOptions;
  private readonly compressor = new BlockCompressor();
  private readonly record = new ByteWriter();
  private file: AppendFile;
  private readonly closing: Promise<void>[] = [];
  private segment = 1;
  private segmentStartMs = 0;
  private start: BlockHeader["start"] | undefined;
  private block = -1;
  private blockBytes = 0;
  private encoder: SampleEncoder | undefined;

  /** Opens the first segment. @throws the system's error when that cannot be. */
  constructor(options: LogWriterOptions) {
    this.options = options;
    this.file = this.openSegment(this.segment);
  }

  get backlog(): number {
    return this.file.backlog;
  }

  append(row: SampleRow, stamp: SampleStamp): boolean {
    if (this.file.backlog >= this.options.maxBacklog) return false;
    const pieces: Buffer[] = [];
    this.start ??= { wallMs: stamp.wallMs, monotonicMs: stamp.monotonicUs / 1000 };
    if (!this.encoder || this.blockIsFull(this.encoder) || this.encoder.hasNewObjects(row)) {
      this.rotateIfDue(stamp);
      pieces.push(...this.beginBlock(row, this.start));
    }
    this.record.clear();
    this.encoder!.encode(row, stamp, this.record);
    pieces.push(frame(FRAME.sample, this.compressor.compress(this.record.view())));
    this.write(Buffer.concat(pieces));
    return true;
  }

  /** Writes an event into the current block; without a block yet it opens one with the next sample. */
  event(event: LogEvent): void {
    if (!this.encoder) return;
    this.write(frame(FRAME.event, Buffer.from(JSON.stringify(event))));
  }

  /** Resolves when no sample waits for the disk: for writers that can wait for it. */
  drained(): Promise<void> {
    return this.file.idle();
  }

  async close(): Promise<void> {
    this.endSegment("stopped");
    await Promise.all(this.closing);
  }

  private blockIsFull(encoder: SampleEncoder): boolean {
    return (
      encoder.samples >= (this.options.blockSamples ?? BLOCK_LIMITS.samples) ||
      this.blockBytes >= BLOCK_LIMITS.bytes ||
      (encoder.samples + 1) * encoder.slots > BLOCK_LIMITS.values
    );
  }

  private beginBlock(row: SampleRow, start: BlockHeader["start"]): Buffer[] {
    const { recording } = this.options;
    row.compact();
    this.encoder = new SampleEncoder(row);
    this.compressor.reset();
    this.block++;
    this.blockBytes = 0;
    const { objects } = this.encoder;
    const units = this.encoder.entries();
    const header: BlockHeader = {
      recording,
      segment: this.segment,
      block: this.block,
      start,
      objects,
      units,
    };
    const prefix = Buffer.from([LOG_VERSION, HEADER_DICTIONARY]);
    return [MARKER, frame(FRAME.header, Buffer.concat([prefix, encodeHeader(header)]))];
  }

  private rotateIfDue({ monotonicUs }: SampleStamp): void {
    const nowMs = monotonicUs / 1000;
    if (this.segmentStartMs === 0) this.segmentStartMs = nowMs;
    const { segmentBytes, segmentMs } = this.options;
    const due = this.file.bytes >= segmentBytes || nowMs - this.segmentStartMs >= segmentMs;
    if (!due || this.block < 0) return;
    try {
      const next = this.openSegment(this.segment + 1);
      this.endSegment("rotated");
      this.segment++;
      this.segmentStartMs = nowMs;
      this.block = -1;
      this.file = next;
      this.deleteOldSegments();
    } catch (error) {
      // The old segment, if it is still there, takes what comes until the log is closed.
      this.options.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private openSegment(segment: number): AppendFile {
    return new AppendFile(join(this.options.folder, segmentFileName(segment)), {
      syncIntervalMs: this.options.syncIntervalMs,
      onError: this.options.onError,
    });
  }

  private endSegment(reason: SegmentEnd["reason"]): void {
    const end: SegmentEnd = { reason };
    if (this.block >= 0) this.write(frame(FRAME.end, Buffer.from(JSON.stringify(end))));
    this.encoder = undefined;
    this.closing.push(this.file.close());
  }

  private deleteOldSegments(): void {
    const { folder, keepSegments } = this.options;
    if (keepSegments <= 0) return;
    for (const name of readdirSync(folder)) {
      const number = segmentNumber(name);
      if (number !== undefined && number <= this.segment - keepSegments) {
        unlinkSync(join(folder, name));
      }
    }
  }

  private write(bytes: Buffer): void {
    this.bytes += bytes.length;
    this.blockBytes += bytes.length;
    this.file.append(bytes);
  }
}

function frame(type: number, payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(FRAME_HEAD_BYTES + payload.length);
  bytes[0] = type;
  bytes.writeUInt32LE(payload.length, 1);
  payload.copy(bytes, FRAME_HEAD_BYTES);
  const seed = crc32(bytes, 0, 5);
  bytes.writeUInt32LE(crc32(bytes, FRAME_HEAD_BYTES, bytes.length, seed), 5);
  return bytes;
}
