/** Reads a segment of a raw recording: the files of up to 60 minutes, each as one block. */
import { basename } from "node:path";
import type { BlockMemory } from "../../log/block-memory.ts";
import type { LogBlock, LogDamage } from "../../log/block.ts";
import { UserError } from "../../util/errors.ts";
import { BlockBuilder } from "./block-builder.ts";
import { type ClockPair, parseHead, parseMinuteName, type RawHead, textOf } from "./raw-format.ts";
import { readRawText } from "./read-raw-text.ts";
import { Replay } from "./replay.ts";

/** The files of a segment, without `.gz`, in order. */
export interface RawMinutes {
  readonly files: readonly string[];
  /** The last file of the segment before: what counters stood at when this segment began. */
  readonly before?: string;
}

export type RawPart =
  | { readonly block: LogBlock; readonly isBefore: boolean }
  | { readonly damage: LogDamage };

/**
 * Yields a block per file and what could not be read. With the block before the segment, if there
 * is one, because differences begin there.
 *
 * @throws UserError when a newer recorder wrote a file
 */
export function* readRawSegment(
  { files, before }: RawMinutes,
  memory: BlockMemory,
): Generator<RawPart> {
  let reader: SegmentReader | undefined;
  try {
    for (const path of before === undefined ? files : [before, ...files]) {
      const bytes = readRawText(path);
      const head = typeof bytes === "string" ? bytes : headOf(bytes, path);
      if (typeof bytes === "string" || typeof head === "string") {
        const reason = typeof head === "string" ? head : "";
        yield { damage: damaged(path, 0, typeof bytes === "string" ? 0 : bytes.length, reason) };
        continue;
      }
      reader ??= new SegmentReader(head);
      const { block, losses } = reader.read(path, bytes, head, memory);
      if (block) yield { block, isBefore: path === before };
      if (path !== before) for (const damage of losses) yield { damage };
    }
  } finally {
    reader?.replay.close();
  }
}

function headOf(bytes: Buffer, path: string): RawHead | string {
  try {
    return parseHead(bytes);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${path}: ${error.message}`);
  }
}

class SegmentReader {
  readonly replay: Replay;
  private builder = new BlockBuilder();
  /** Wall clock less monotonic clock. */
  private offsetMs = 0;
  private lastMs = -Infinity;

  constructor(head: RawHead) {
    this.replay = new Replay(head, (object, { message }) => {
      const text = `${object}: ${message}`;
      const timeMs = this.replay.nowMs + this.offsetMs;
      this.builder.event({ timeMs, kind: "collector-failed", text });
    });
  }

  read(
    path: string,
    bytes: Buffer,
    head: RawHead,
    memory: BlockMemory,
  ): { block?: LogBlock; losses: LogDamage[] } {
    const { replay } = this;
    const losses: LogDamage[] = [];
    this.builder = new BlockBuilder();
    replay.row.compact();
    this.offsetMs = wallOffsetMs(head);
    for (const loss of replay.samples.show(textOf(bytes, head))) {
      if (loss) {
        losses.push(damaged(path, loss.offset, loss.bytes, loss.cut ? CUT : MISSING));
        continue;
      }
      replay.sample();
      const { nowMs } = replay;
      // Twice the same hundredth of a second, or a clock that stepped back: nothing is to be had of it.
      if (!(nowMs > this.lastMs)) continue;
      this.lastMs = nowMs;
      this.builder.add(replay.row, nowMs, nowMs + this.offsetMs);
    }
    if (this.builder.samples === 0) return { losses };
    const { segment, minute } = parseMinuteName(basename(path))!;
    const { recording, start } = head;
    const place = { recording, segment, block: minute, start };
    return { block: this.builder.build(replay.row, place, memory), losses };
  }
}

const CUT = "it ends in the middle of a sample";
const MISSING = "a sample is not complete";

function damaged(path: string, offset: number, bytes: number, reason: string): LogDamage {
  const kind = reason === CUT ? "cut" : "damaged";
  return { offset, bytes, kind, reason: `${basename(path)}: ${reason}` };
}

/**
 * Wall clock less monotonic clock in this file. Where the wall clock was taken in whole seconds, what
 * looks like a step of less than that is none.
 */
function wallOffsetMs({ start, wall }: RawHead): number {
  const atStart = offset(start);
  const now = offset(wall);
  const coarse = start.coarse || wall.coarse;
  return coarse && Math.abs(now - atStart) < 1500 ? atStart : now;
}

function offset({ wallMs, monotonicMs }: ClockPair): number {
  return wallMs - monotonicMs;
}
