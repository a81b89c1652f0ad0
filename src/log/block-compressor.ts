/**
 * Compresses the samples of a block one by one, such that the pieces joined are one raw deflate
 * stream.
 *
 * Each piece is a deflate run of its own, ended by a sync flush on a byte boundary and primed with
 * the bytes that went before as a preset dictionary: exactly what a single deflate stream, flushed
 * per sample, would have in its window. So every sample is complete in the file at once, a reader
 * inflates a whole block in one go, and only zlib's synchronous public functions are needed.
 */
import { constants, deflateRawSync } from "node:zlib";
import { DEFLATE } from "./format.ts";

export class BlockCompressor {
  /** The last bytes of the block so far. */
  private readonly history = Buffer.alloc(DEFLATE.historyBytes);
  private historyLength = 0;

  /** Begins a new block: nothing of the old one is referred to. */
  reset(): void {
    this.historyLength = 0;
  }

  compress(record: Uint8Array): Buffer {
    const piece = deflateRawSync(record, {
      level: DEFLATE.level,
      windowBits: DEFLATE.windowBits,
      memLevel: DEFLATE.memLevel,
      chunkSize: 4096,
      finishFlush: constants.Z_SYNC_FLUSH,
      ...(this.historyLength > 0
        ? { dictionary: this.history.subarray(0, this.historyLength) }
        : undefined),
    });
    this.remember(record);
    return piece;
  }

  private remember(record: Uint8Array): void {
    const limit = DEFLATE.historyBytes;
    const tail = record.length > limit ? record.subarray(record.length - limit) : record;
    const kept = Math.min(this.historyLength, limit - tail.length);
    this.history.copyWithin(0, this.historyLength - kept, this.historyLength);
    this.history.set(tail, kept);
    this.historyLength = kept + tail.length;
  }
}
