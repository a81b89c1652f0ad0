/**
 * Constants of the counter log, version 1. `docs/log-format.md` is the normative description; the
 * two change together.
 */

export const LOG_VERSION = 1;

/** Number of the dictionary that headers are compressed with: `header-dictionary.ts`. */
export const HEADER_DICTIONARY = 1;

/**
 * Starts every block. The first byte is not ASCII and line ends are inside, as in PNG, so that a
 * transfer in text mode shows at once; the rest is there to be rare.
 */
export const MARKER = Buffer.from([
  0x89, 0x50, 0x45, 0x52, 0x46, 0x4d, 0x4f, 0x4e, 0x0d, 0x0a, 0x1a, 0x0a, 0xd4, 0x27, 0xb1, 0x6c,
]);

/** type (1), payload length (4, little endian), CRC-32 of type, length and payload (4). */
export const FRAME_HEAD_BYTES = 9;

export const FRAME = {
  /** First of a block: version, dictionary number, then what `header-codec.ts` writes. */
  header: 0x48,
  /** One sample: a piece of the block's deflate stream. */
  sample: 0x53,
  /** JSON of a `LogEvent`. */
  event: 0x45,
  /** Last of a segment that was closed in order: JSON of a `SegmentEnd`. */
  end: 0x5a,
} as const;

/** A block ends after so many samples, so many bytes, or so many values in memory when decoded. */
export const BLOCK_LIMITS = { samples: 120, bytes: 1024 * 1024, values: 8 * 1024 * 1024 } as const;

/** What a reader accepts of an untrusted log before it calls it damaged. */
export const READ_LIMITS = {
  frameBytes: 32 * 1024 * 1024,
  headerJsonBytes: 64 * 1024 * 1024,
  streamBytes: 256 * 1024 * 1024,
  values: 64 * 1024 * 1024,
} as const;

/**
 * Compression of a sample: zlib's window and memory level are kept small because every frame sets
 * up a context of its own; `history` bytes of what went before in the block prime it.
 */
export const DEFLATE = { level: 6, windowBits: 12, memLevel: 5, historyBytes: 4096 } as const;

export function segmentFileName(number: number): string {
  return `${String(number).padStart(6, "0")}.plog`;
}

/** Number of a segment file, or `undefined` when the name is not one. */
export function segmentNumber(fileName: string): number | undefined {
  const match = /^(\d{6,9})\.plog$/.exec(fileName);
  return match ? Number(match[1]) : undefined;
}
