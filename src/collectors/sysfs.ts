/** Small files of /sys, read now and then to learn what a device is; never in every sample. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from "../util/host-files.ts";

/** The trimmed content, or `undefined` when it is missing, empty or refuses to be read. */
export function readAttribute(path: string): string | undefined {
  try {
    const text = readFileSync(path, "utf8").trim();
    return text === "" ? undefined : text;
  } catch {
    // Missing on this kernel, or the driver answers with an error (link speed of a port without cable).
    return undefined;
  }
}

/** A number, or `undefined` when there is none. */
export function readNumber(path: string): number | undefined {
  const text = readAttribute(path);
  const value = text === undefined ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Names in a folder, sorted; empty when it is missing. */
export function listFolder(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch {
    return [];
  }
}

/** Last part of what a link points to, or `undefined` when it is no link. */
export function linkName(path: string): string | undefined {
  try {
    const target = readlinkSync(path);
    return target.slice(target.lastIndexOf("/") + 1);
  } catch {
    return undefined;
  }
}

export function pathExists(path: string): boolean {
  return existsSync(path);
}

/** How many numbers, parted by blanks, a small file holds; 0 when it cannot be read. */
export function countNumbers(path: string): number {
  return readAttribute(path)?.split(/\s+/).length ?? 0;
}
