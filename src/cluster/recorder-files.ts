/** The recorders as they are put on hosts: under a name that changes with what is in them. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { PosixCksum } from "../util/posix-cksum.ts";

export interface RecorderFile {
  readonly name: string;
  /** All checksums that a host may come to, in one word. */
  readonly checksums: string;
  readonly compressed: Uint8Array;
}

export interface RecorderFiles {
  readonly node: RecorderFile;
  readonly sh: RecorderFile;
}

export function recorderFiles(agent: Buffer, script: Buffer): RecorderFiles {
  return { node: recorderFile("agent", "cjs", agent), sh: recorderFile("recorder", "sh", script) };
}

function recorderFile(name: string, extension: string, bytes: Buffer): RecorderFile {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const cksum = new PosixCksum().update(bytes).digest();
  return {
    name: `${name}-${sha256.slice(0, 12)}.${extension}`,
    checksums: `sha256:${sha256},cksum:${cksum}`,
    compressed: gzipSync(bytes),
  };
}
