/** The text of a file that the recorder wrote, as it is or compressed. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { constants, gunzipSync } from "node:zlib";
import { RAW_LIMITS, unpackedBytes } from "./raw-format.ts";

/**
 * @param path without `.gz`; where there are both, the recorder was killed before it deleted the
 *   plain one, which is complete in any case
 * @returns what is wrong with it when it cannot be read
 */
export function readRawText(path: string): Buffer | string {
  const plain = existsSync(path);
  try {
    const file = plain ? path : `${path}.gz`;
    if (statSync(file).size > RAW_LIMITS.fileBytes) return "it is larger than such a file can be";
    const bytes = readFileSync(file);
    if (plain) return bytes;
    return gunzipSync(bytes, {
      maxOutputLength: RAW_LIMITS.textBytes,
      // Of a file that was cut short, what there is.
      finishFlush: constants.Z_SYNC_FLUSH,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `it cannot be ${plain ? "read" : "decompressed"} (${reason})`;
  }
}

/**
 * Bytes of the text as it was written, which never become fewer while a recording goes on: a compressed
 * file says at its end how long its text is, and one that was packed before says it in its first line.
 */
export function rawTextBytes(path: string): number {
  try {
    if (existsSync(path)) return statSync(path).size;
    const bytes = readFileSync(`${path}.gz`);
    if (bytes.length < 4) return 0;
    const options = { finishFlush: constants.Z_SYNC_FLUSH };
    const beginning = gunzipSync(bytes.subarray(0, 512), options);
    return unpackedBytes(beginning) ?? bytes.readUInt32LE(bytes.length - 4);
  } catch {
    return 0;
  }
}
