/** Ids of recordings that are made of a file: the same file must give the same id every time. */
import { createHash } from "node:crypto";

/**
 * A UUID (version 8, RFC 9562) made of a hash.
 *
 * @param parts what tells this input from others. Of a file that may grow take what is at its start:
 *   loading it again then adds what is new. Cluster, run, host and role belong to it, so that one file
 *   can be loaded as several runs.
 */
export function stableId(...parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  const bytes = hash.digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
