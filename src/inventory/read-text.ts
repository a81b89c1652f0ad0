/**
 * Small reads of kernel and configuration files that may be missing, unreadable or empty: every one
 * of those is an absent fact, never an error.
 */
import { readFileSync, readdirSync, readlinkSync } from "../util/host-files.ts";
import { naturalOrder } from "../util/natural-order.ts";

/** The text of a file without surrounding blanks; `undefined` when it cannot be read or is empty. */
export function readText(path: string): string | undefined {
  try {
    const text = readFileSync(path, "utf8").trim();
    return text === "" ? undefined : text;
  } catch {
    return undefined;
  }
}

/** The text of a file as it stands; empty when it cannot be read. */
export function readWhole(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** A file that holds one decimal integer; `undefined` when it does not. */
export function readInteger(path: string): number | undefined {
  const text = readText(path);
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}

/** A file that holds 0 or 1 (or N and Y, as module parameters have it). */
export function readFlag(path: string): boolean | undefined {
  const text = readText(path);
  if (text === "1" || text === "Y") return true;
  if (text === "0" || text === "N") return false;
  return undefined;
}

/** The chosen word of a list such as `none [mq-deadline] kyber`; the only word of a list of one. */
export function readChoice(path: string): string | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  return /\[([^\]]+)\]/.exec(text)?.[1] ?? (/\s/.test(text) ? undefined : text);
}

/** Names in a folder, sorted, numbers in them by value; empty when there is no such folder. */
export function listFolder(path: string): string[] {
  try {
    return readdirSync(path).sort(naturalOrder);
  } catch {
    return [];
  }
}

/** Last part of what a symbolic link points to. */
export function linkName(path: string): string | undefined {
  const target = linkTarget(path);
  return target === undefined ? undefined : target.slice(target.lastIndexOf("/") + 1);
}

export function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** The object without the keys that have no value, so that an absent fact is an absent key. */
export function defined<T extends object>(facts: { [K in keyof T]: T[K] | undefined }): T {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(facts)) {
    if (value !== undefined) result[key] = value;
  }
  return result as T;
}

/** Kilobyte count of a `Name:   123 kB` line, as in /proc/meminfo, in bytes. */
export function kilobytesOf(text: string, name: string): number | undefined {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text);
  return match ? Number(match[1]) * 1024 : undefined;
}

/** `32K`, `36608K`, `2M` as the kernel writes sizes of caches, in bytes. */
export function sizeInBytes(text = ""): number | undefined {
  const match = /^(\d+)([KM]?)$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * (match[2] === "M" ? 1 << 20 : match[2] === "K" ? 1024 : 1);
}

/** Kilobytes that a file holds, in bytes. */
export function readKilobytes(path: string): number | undefined {
  const kilobytes = readInteger(path);
  return kilobytes === undefined ? undefined : kilobytes * 1024;
}

/** The one value that all have, or how many have which: `performance (12), powersave (4)`. */
export function common(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size <= 1) return values[0];
  return [...counts].map(([value, count]) => `${value} (${count})`).join(", ");
}
