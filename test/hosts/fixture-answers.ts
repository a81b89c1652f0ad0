/** What a fixture host answers to calls and programs, from files beside its /proc and /sys. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FileSystemSpace } from "../../src/collectors/file-system-space.ts";
import type { Command, Tools } from "../../src/collectors/tools/tools.ts";

/** A line per mount: size of a block, blocks, free, available, inodes, free inodes, mount point. */
export const SPACES = "statfs.txt";

export function spaceLine(space: FileSystemSpace, mountPoint: string): string {
  const { blockBytes, blocks, freeBlocks, availableBlocks, inodes, freeInodes } = space;
  const numbers = [blockBytes, blocks, freeBlocks, availableBlocks, inodes, freeInodes];
  return `${numbers.join(" ")} ${mountPoint}\n`;
}

/** Where the output of a command is. */
export function answerPath(command: Command): string {
  return `run/${command.join(" ").split("/").join("!")}.txt`;
}

export function fileSystemSpace(folder: string, mountPoint: string): FileSystemSpace | undefined {
  const file = join(folder, SPACES);
  if (!existsSync(file)) return undefined;
  for (const line of readFileSync(file, "latin1").split("\n")) {
    const [, numbers, name] = /^((?:\d+ ){6})(.*)$/.exec(line) ?? [];
    if (numbers === undefined || name !== mountPoint) continue;
    const [blockBytes, blocks, freeBlocks, availableBlocks, inodes, freeInodes] = numbers
      .trim()
      .split(" ")
      .map(Number) as [number, number, number, number, number, number];
    return { blockBytes, blocks, freeBlocks, availableBlocks, inodes, freeInodes };
  }
  return undefined;
}

/** Programs answer at once; what has no file prints nothing. */
export function fixtureTools(folder: string): Tools {
  return {
    has: () => true,
    open: () => ({
      busy: false,
      stuck: false,
      run: (commands, done) => {
        const files = commands.map((command) => join(folder, answerPath(command)));
        done(files.map((file) => (existsSync(file) ? readFileSync(file) : Buffer.alloc(0))));
      },
      close: () => undefined,
    }),
  };
}
