/**
 * Reads a segment as chunks: the blocks of a longer stretch joined into one column per field, with
 * the reading before the stretch in front, so that no interval is lost between blocks, chunks or
 * segments.
 */
import type { SampleClock } from "../counter/cook.ts";
import type { LogBlock, LogDamage } from "../log/block.ts";
import { BlockMemory } from "../log/block-memory.ts";
import { readSegment, type SegmentPart } from "../log/segment-reader.ts";
import { UserError } from "../util/errors.ts";
import type { Chunk, ChunkUnit, RecordedEvent } from "./chunk.ts";
import { joinParts, UnitRoom, type LastReading, type UnitParts } from "./join-parts.ts";
import { readRawSegment, type RawPart } from "./raw/read-raw-segment.ts";
import type { Recording, SegmentFile } from "./recording.ts";

export interface ReadOptions {
  /** A chunk ends with the block in which it reaches this many raw values. */
  readonly maxReadings: number;
  /** Remembers the end of one segment for the next; makes reading them in order quicker. */
  readonly carry?: Carry;
}

/** The last reading of every unit so far, and where the clock stands. */
export class Carry {
  /** Segment whose end this is; 0 at the start. */
  segment = 0;
  readonly last = new Map<number, LastReading>();
  epoch = 0;
  monotonicMs = NaN;
  timeMs = NaN;
  clockOffsetMs = NaN;
  /** Of the columns of blocks: used again when a chunk has been released. */
  readonly memory: BlockMemory;

  /** @param before of another recording, whose memory goes on being used */
  constructor(before?: Carry) {
    this.memory = before?.memory ?? new BlockMemory();
  }
}

/** Sampling that stood still for longer than this left a gap; shorter is a late sample. */
export function gapLimitMs(intervalMs: number): number {
  return Math.max(5 * intervalMs, 3000);
}

/** A wall clock that jumps by more than this against the monotonic clock was stepped. */
const CLOCK_STEP_MS = 500;

/** @throws UserError when the recording has no such segment, or a newer perfmon wrote it */
export function* readChunks(
  recording: Recording,
  segment: number,
  options: ReadOptions,
): Generator<Chunk> {
  const { maxReadings, carry = new Carry() } = options;
  // Raw text tells itself what came before, and units have other numbers in each segment.
  const isRaw = recording.segments.some(({ minutes }) => minutes !== undefined);
  if (carry.segment !== segment - 1 || isRaw) {
    resetCarry(carry);
    if (!isRaw && recording.segments.some(({ number }) => number === segment - 1)) {
      const before = chunksOf(recording, segment - 1, maxReadings, carry);
      for (const chunk of before) chunk.release();
    }
  }
  yield* chunksOf(recording, segment, maxReadings, carry);
}

function resetCarry(carry: Carry): void {
  carry.last.clear();
  Object.assign(carry, { segment: 0, epoch: 0, monotonicMs: NaN, timeMs: NaN, clockOffsetMs: NaN });
}

function* chunksOf(
  recording: Recording,
  segment: number,
  maxReadings: number,
  carry: Carry,
): Generator<Chunk> {
  const file = recording.segments.find(({ number }) => number === segment);
  if (!file) throw new UserError(`${recording.folder} has no segment ${segment}.`);
  let builder = new ChunkBuilder(carry, recording, 0);
  for (const part of partsOf(file, carry.memory)) {
    if ("damage" in part) builder.damage(segment, part.damage);
    else if ("block" in part) {
      if (part.block.header.recording.id !== recording.manifest.id) {
        throw new UserError(
          `${file.path} belongs to another recording than the folder it lies in.`,
          "Keep the files of each recording in a folder of their own.",
        );
      }
      builder.add(part.block);
      if ("isBefore" in part && part.isBefore) {
        builder.build().release();
        builder = new ChunkBuilder(carry, recording, 0);
      }
      if (builder.readings >= maxReadings) {
        yield builder.build();
        builder = new ChunkBuilder(carry, recording, builder.nextBlock);
      }
    }
  }
  if (!builder.empty) yield builder.build();
  carry.segment = segment;
}

function partsOf(file: SegmentFile, memory: BlockMemory): Generator<SegmentPart | RawPart> {
  return file.minutes ? readRawSegment(file.minutes, memory) : readSegment(file.path, memory);
}

class ChunkBuilder {
  readings = 0;
  nextBlock: number;
  private readonly firstBlock: number;
  private readonly carry: Carry;
  private readonly used: Float64Array[] = [];
  private readonly startedMs: number;
  /** By how much the host's clock is ahead. */
  private readonly hostClockMs: number;
  private readonly gapMs: number;
  private readonly events: RecordedEvent[] = [];
  private readonly units = new Map<number, UnitParts>();
  private readonly monotonicMs: number[] = [];
  private readonly timeMs: number[] = [];
  private readonly epoch: number[] = [];

  constructor(carry: Carry, { manifest, clockOffsetMs }: Recording, firstBlock: number) {
    this.carry = carry;
    this.hostClockMs = clockOffsetMs;
    this.startedMs = manifest.startedMs;
    this.gapMs = gapLimitMs(manifest.intervalMs);
    this.firstBlock = firstBlock;
    this.nextBlock = firstBlock;
  }

  get empty(): boolean {
    return this.monotonicMs.length === 0 && this.events.length === 0;
  }

  damage(segment: number, { kind, bytes, offset, reason }: LogDamage): void {
    const timeMs = Number.isNaN(this.carry.timeMs) ? this.startedMs : this.carry.timeMs;
    const text = `segment ${segment}: ${bytes} bytes at offset ${offset} cannot be read: ${reason}`;
    this.events.push({ timeMs, kind: kind === "cut" ? "cut" : "damage", text });
  }

  add(block: LogBlock): void {
    this.nextBlock = block.header.block + 1;
    const firstSample = this.monotonicMs.length;
    this.addSamples(block);
    for (const event of block.events) {
      this.events.push({ ...event, timeMs: event.timeMs - this.hostClockMs });
    }
    this.used.push(block.memory);
    this.forgetGoneUnits(block);
    for (const unit of block.units) {
      let parts = this.units.get(unit.id);
      if (!parts) {
        const { object, group, instance } = unit;
        parts = { object, group, instance, parts: [], readings: 0 };
        this.units.set(unit.id, parts);
      }
      parts.parts.push({ unit, firstSample });
      parts.readings += unit.at.length;
      this.readings += unit.at.length * unit.columns.length;
    }
  }

  build(): Chunk {
    const { carried, clock, positionOf } = this.clock();
    const units: ChunkUnit[] = [];
    const room = new UnitRoom();
    for (const [id, parts] of this.units) {
      const { object, group, instance } = parts;
      const last = this.carry.last.get(id);
      const lastPosition = last ? positionOf.get(last.monotonicMs)! : 0;
      const readings = parts.readings + (last ? 1 : 0);
      const columns = () => joinParts(parts, last, lastPosition, carried, room);
      units.push({ object, group, instance, readings, columns });
    }
    this.remember();
    const { events, firstBlock, used } = this;
    const { memory } = this.carry;
    const blocks = this.nextBlock - firstBlock;
    const release = () => used.splice(0).forEach((numbers) => memory.give(numbers));
    return { clock, carried, units, firstBlock, blocks, events, release };
  }

  private addSamples(block: LogBlock): void {
    const { carry } = this;
    const { start } = block.header;
    for (let i = 0; i < block.monotonicMs.length; i++) {
      const monotonicMs = block.monotonicMs[i]!;
      const hostMs = start.wallMs + (monotonicMs - start.monotonicMs);
      const timeMs = hostMs - this.hostClockMs;
      const offsetMs = block.wallMs[i]! - hostMs;
      if (monotonicMs - carry.monotonicMs > this.gapMs) {
        carry.epoch++;
        const seconds = ((monotonicMs - carry.monotonicMs) / 1000).toFixed(1);
        this.events.push({ timeMs, kind: "gap", text: `no samples for ${seconds} s` });
      }
      if (Math.abs(offsetMs - carry.clockOffsetMs) > CLOCK_STEP_MS) {
        const stepSeconds = ((offsetMs - carry.clockOffsetMs) / 1000).toFixed(1);
        const text = `the wall clock was set by ${stepSeconds} s; stamps go on as before`;
        this.events.push({ timeMs, kind: "clock-step", text });
      }
      carry.monotonicMs = monotonicMs;
      carry.timeMs = timeMs;
      carry.clockOffsetMs = offsetMs;
      this.monotonicMs.push(monotonicMs);
      this.timeMs.push(timeMs);
      this.epoch.push(carry.epoch);
    }
  }

  /** A block lists all units that are alive; older readings of others are of no use any more. */
  private forgetGoneUnits(block: LogBlock): void {
    const alive = new Set(block.header.units.map(([id]) => id));
    for (const id of this.carry.last.keys()) {
      if (!alive.has(id) && !this.units.has(id)) this.carry.last.delete(id);
    }
  }

  /** The clock of the chunk, with the times of carried readings in front. */
  private clock(): { clock: SampleClock; carried: number; positionOf: Map<number, number> } {
    const before = new Map<number, LastReading>();
    for (const id of this.units.keys()) {
      const last = this.carry.last.get(id);
      if (last) before.set(last.monotonicMs, last);
    }
    const readings = [...before.values()].sort((a, b) => a.monotonicMs - b.monotonicMs);
    const positionOf = new Map(readings.map(({ monotonicMs }, i) => [monotonicMs, i]));
    const clock = {
      monotonicMs: Float64Array.from([...readings.map((r) => r.monotonicMs), ...this.monotonicMs]),
      timeMs: Float64Array.from([...readings.map((r) => r.timeMs), ...this.timeMs]),
      epoch: Uint32Array.from([...readings.map((r) => r.epoch), ...this.epoch]),
    };
    return { clock, carried: readings.length, positionOf };
  }

  private remember(): void {
    for (const [id, { object, parts }] of this.units) {
      // A value that stands for itself starts no interval.
      if (object.cooked) continue;
      const { unit, firstSample } = parts[parts.length - 1]!;
      const i = unit.at.length - 1;
      const sample = firstSample + unit.at[i]!;
      this.carry.last.set(id, {
        monotonicMs: this.monotonicMs[sample]!,
        timeMs: this.timeMs[sample]!,
        epoch: this.epoch[sample]!,
        values: Float64Array.from(unit.columns, (column) => column[i]!),
      });
    }
  }
}
