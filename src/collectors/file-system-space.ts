/**
 * How full a mounted file system is, asked of the kernel with statfs(2) or, where that may take
 * long or Node cannot do it, through `stat -f` of coreutils or busybox.
 */
import { statfsSync } from "node:fs";
import type { Answer, Command } from "./tools/tools.ts";

/** As in `struct statvfs`: blocks are of `blockBytes`, available ones are those not kept for root. */
export interface FileSystemSpace {
  readonly blockBytes: number;
  readonly blocks: number;
  readonly freeBlocks: number;
  readonly availableBlocks: number;
  readonly inodes: number;
  readonly freeInodes: number;
}

/** @returns `undefined` when the mount cannot be reached */
export type StatFileSystem = (mountPoint: string) => FileSystemSpace | undefined;

/** The call itself, for file systems on this host's own disks, which answer at once; from Node 18.15. */
export function localStatFileSystem(): StatFileSystem | undefined {
  return typeof statfsSync === "function" ? statNow : undefined;
}

function statNow(mountPoint: string): FileSystemSpace | undefined {
  try {
    const { bsize, blocks, bfree, bavail, files, ffree } = statfsSync(mountPoint);
    // Of these file systems the size of a block is that of a fragment, which statfs(2) counts in.
    return {
      blockBytes: bsize,
      blocks,
      freeBlocks: bfree,
      availableBlocks: bavail,
      inodes: files,
      freeInodes: ffree,
    };
  } catch {
    // Another mount hides it, or it may not be seen.
    return undefined;
  }
}

export function statCommand(mountPoint: string): Command {
  return ["stat", "-f", "-c", "%S %b %f %a %c %d", mountPoint];
}

/** What `statCommand` printed. @returns `undefined` when it failed, or did not end in time */
export function parseStatAnswer(answer: Answer): FileSystemSpace | undefined {
  if (!answer) return undefined;
  const numbers = Buffer.from(answer).toString("latin1").trim().split(" ").map(Number);
  const [blockBytes, blocks, freeBlocks, availableBlocks, inodes, freeInodes] = numbers;
  if (numbers.length !== 6 || !numbers.every((n) => Number.isFinite(n))) return undefined;
  return {
    blockBytes: blockBytes!,
    blocks: blocks!,
    freeBlocks: freeBlocks!,
    availableBlocks: availableBlocks!,
    inodes: inodes!,
    freeInodes: freeInodes!,
  };
}
