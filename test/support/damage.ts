/** What can be wrong with a file of /proc: a container masks it, a kernel garbles it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

export const DAMAGES = [
  "missing",
  "empty",
  "cut off",
  "garbage",
  "digits",
  "huge",
  "a folder",
] as const;

export type Damage = (typeof DAMAGES)[number];

/** More than any file may have that is read at once. */
const HUGE_BYTES = 5 * 2 ** 20;
/** The kernel gives a page of files of /sys at most. */
const HUGE_ATTRIBUTE_BYTES = 64 * 2 ** 10;

/** Ruins a file; `repair` puts it back, in place where it still is a file. */
export class DamagedFile {
  private readonly path: string;
  private readonly content: Buffer;
  private readonly damage: Damage;

  constructor(path: string, damage: Damage) {
    this.path = path;
    this.damage = damage;
    this.content = readFileSync(path);
    const damaged = this.damagedContent();
    if (damaged) writeFileSync(path, damaged);
    else {
      rmSync(path);
      if (damage === "a folder") mkdirSync(path);
    }
  }

  repair(): void {
    if (this.damage === "a folder") rmSync(this.path, { recursive: true });
    writeFileSync(this.path, this.content);
  }

  private damagedContent(): Buffer | undefined {
    const { content } = this;
    switch (this.damage) {
      case "missing":
      case "a folder":
        return undefined;
      case "empty":
        return Buffer.alloc(0);
      case "cut off":
        return content.subarray(0, content.length >> 1);
      case "garbage":
        return garbage(Math.max(200, content.length));
      case "digits":
        // Its own words, with numbers that no counter has.
        return Buffer.from(content.toString("latin1").replace(/\d+/g, "9".repeat(400)), "latin1");
      case "huge":
        return hugeOf(content, this.path.includes("/sys/") ? HUGE_ATTRIBUTE_BYTES : HUGE_BYTES);
    }
  }
}

/** The same bytes of all kinds, line ends and digits among them, each time. */
function garbage(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 12_345;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** Behind its own lines more than there can be, no two of them alike. */
function hugeOf(content: Buffer, bytes: number): Buffer {
  manyLines ??= Buffer.from(
    Array.from({ length: HUGE_BYTES / 32 }, (_, i) => `${i} 0 name${i}: 1 2 3 4 5 6 7 8 9\n`).join(
      "",
    ),
  );
  return Buffer.concat([content, manyLines.subarray(0, bytes)]);
}

let manyLines: Buffer | undefined;
