/** The folder that the recorder wrote: which segments it has, whose it is, what its host is. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readInventory } from "../../inventory/inventory.ts";
import { mountTree, unmountTree } from "../../util/host-files.ts";
import type { Manifest } from "../manifest.ts";
import { parseHead, parseMinuteName, RAW_LIMITS, type RawHead, textOf } from "./raw-format.ts";
import type { RawMinutes } from "./read-raw-segment.ts";
import { rawTextBytes, readRawText } from "./read-raw-text.ts";
import { RecordedSamples } from "./recorded-samples.ts";

const RAW_INVENTORY = "inventory.raw";

export interface RawSegment {
  readonly number: number;
  /** First of its files, without `.gz`. */
  readonly path: string;
  /** Of text. */
  readonly bytes: number;
  readonly minutes: RawMinutes;
}

/** Segments in order; none when the folder is no raw recording. */
export function rawSegments(folder: string): RawSegment[] {
  const segments = new Map<number, string[]>();
  for (const name of minuteNames(folder)) {
    const { segment } = parseMinuteName(name)!;
    const files = segments.get(segment) ?? [];
    segments.set(segment, files);
    files.push(join(folder, name));
  }
  return [...segments].map(([number, files]) => {
    const before = segments.get(number - 1);
    return {
      number,
      path: files[0]!,
      bytes: files.reduce((sum, file) => sum + rawTextBytes(file), 0),
      minutes: { files, ...(before ? { before: before[before.length - 1]! } : undefined) },
    };
  });
}

export function isRawRecording(folder: string): boolean {
  return minuteNames(folder).length > 0;
}

/** Every file says which recording it belongs to; `undefined` when none can be read. */
export function manifestFromRaw(segments: readonly RawSegment[]): Manifest | undefined {
  for (const path of segments.flatMap(({ minutes }) => minutes.files)) {
    const head = headOf(path);
    if (!head) continue;
    return {
      ...head.recording,
      format: "linux-perfmon recording",
      version: 1,
      recorder: "unknown",
      startedMs: head.start.wallMs,
      timeZone: "UTC",
      process: { bootId: "", pid: 0 },
    };
  }
  return undefined;
}

/** The inventory, from the files that the recorder copied; `undefined` when there are none. */
export function inventoryFromRaw(folder: string): Readonly<Record<string, unknown>> | undefined {
  const bytes = readRawText(join(folder, RAW_INVENTORY));
  if (typeof bytes === "string") return undefined;
  const head = parseHead(bytes);
  if (typeof head === "string") return undefined;
  const samples = new RecordedSamples();
  const next = samples.show(textOf(bytes, head)).next();
  if (next.done === true || next.value !== undefined) return undefined;
  const root = mountTree(samples.host);
  try {
    const inventory = readInventory({
      procRoot: `${root}/proc`,
      sysRoot: `${root}/sys`,
      etcRoot: `${root}/etc`,
      fileRoot: root,
    });
    // Of the command line the recorder keeps some words, which are among the settings.
    const { commandLine: _, ...kernel } = inventory.kernel;
    const architecture = kernel.architecture ?? head.machine;
    return { ...inventory, kernel: { ...kernel, architecture } };
  } finally {
    unmountTree(root);
  }
}

function headOf(path: string): RawHead | undefined {
  const bytes = readRawText(path);
  const head = typeof bytes === "string" ? bytes : parseHead(bytes);
  return typeof head === "string" ? undefined : head;
}

/** Names of minute files, in order, each once, without `.gz`. */
function minuteNames(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const plain = names
    .filter((name) => parseMinuteName(name) !== undefined)
    .map((name) => name.replace(/\.gz$/, ""));
  return [...new Set(plain)].sort((a, b) => key(a) - key(b)).slice(0, RAW_LIMITS.files);
}

function key(name: string): number {
  const { segment, minute } = parseMinuteName(name)!;
  return segment * 60 + minute;
}
