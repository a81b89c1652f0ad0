/**
 * Turns sample rows into the records of one block: what changed since the sample before it, where
 * and by how much, as integers of variable length. The inverse is `block-decoder.ts`.
 */
import type { RecordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import type { UnitEntry } from "./block.ts";
import { ByteWriter } from "./byte-writer.ts";
import { denseEntries } from "./unit-entries.ts";

/** When a sample was taken. */
export interface SampleStamp {
  /** Microseconds of the monotonic clock. */
  readonly monotonicUs: number;
  /** Milliseconds since 1970, UTC, as the wall clock had it. */
  readonly wallMs: number;
}

interface EncodedUnit {
  readonly unit: Unit;
  /** Its first slot in the block: the presence slot, then one per field. */
  readonly slot: number;
  present: boolean;
  removed: boolean;
}

export class SampleEncoder {
  /** Samples in the block so far. */
  samples = 0;
  /** Slots of the block, presence slots included. */
  slots = 0;
  /** The objects that the block's units belong to, in order of appearance. */
  readonly objects: readonly RecordedObject[];
  private readonly units: EncodedUnit[] = [];
  private readonly byUnit = new Map<Unit, EncodedUnit>();
  /** The values as a decoder has them after the last sample. */
  private previous = new Float64Array(0);
  private readonly gaps = new ByteWriter();
  private readonly changes = new ByteWriter();
  private monotonicUs = 0;
  private clockOffsetMs = 0;

  /** Begins a block; the row must be compact. */
  constructor(row: SampleRow) {
    this.objects = [...new Set(row.units.map(({ object }) => object))];
    for (const unit of row.units) this.addUnit(unit);
  }

  /** The units of the block so far, for its header. */
  entries(): UnitEntry[] {
    return this.units.map(({ unit }) => unitEntry(unit, this.objects));
  }

  /** Whether the row has units of objects that the block's header does not know. */
  hasNewObjects(row: SampleRow): boolean {
    return row.added.some(({ object }) => !this.objects.includes(object));
  }

  /** Appends the row's current sample to `out`, and takes note of units that came and went. */
  encode(row: SampleRow, stamp: SampleStamp, out: ByteWriter): void {
    const clockOffsetMs = Math.round(stamp.wallMs - stamp.monotonicUs / 1000);
    out.unsigned(Math.max(0, stamp.monotonicUs - this.monotonicUs));
    out.signed(clockOffsetMs - this.clockOffsetMs);
    this.monotonicUs = Math.max(this.monotonicUs, stamp.monotonicUs);
    this.clockOffsetMs = clockOffsetMs;
    this.encodeChanges(row, out);
    this.encodeValues(row, out);
    this.samples++;
  }

  private addUnit(unit: Unit): void {
    const encoded = { unit, slot: this.slots, present: false, removed: false };
    this.units.push(encoded);
    this.byUnit.set(unit, encoded);
    this.slots += 1 + unit.width;
    if (this.slots > this.previous.length) {
      const larger = new Float64Array(Math.max(this.slots, this.previous.length * 2, 1024));
      larger.set(this.previous);
      this.previous = larger;
    }
  }

  private encodeChanges(row: SampleRow, out: ByteWriter): void {
    if (row.added.length === 0 && row.removed.length === 0) {
      out.unsigned(0);
      return;
    }
    const added = row.added.filter((unit) => !this.byUnit.has(unit) && row.units.includes(unit));
    const removed = row.removed.filter((unit) => this.byUnit.has(unit));
    row.added.length = 0;
    row.removed.length = 0;
    out.unsigned(added.length);
    if (added.length > 0) {
      for (const unit of added) this.addUnit(unit);
      const entries = added.map((unit) => unitEntry(unit, this.objects));
      out.text(JSON.stringify(denseEntries(entries)));
    }
    for (const unit of removed) this.byUnit.get(unit)!.removed = true;
  }

  private encodeValues(row: SampleRow, out: ByteWriter): void {
    const { previous, gaps, changes } = this;
    const { values } = row;
    gaps.clear();
    changes.clear();
    let count = 0;
    /** The slot after the last one that changed. */
    let next = 0;
    for (const encoded of this.units) {
      const { unit } = encoded;
      const present = !encoded.removed && row.isRead(unit);
      if (present !== encoded.present) {
        gaps.unsigned(encoded.slot - next);
        changes.signed(1);
        count++;
        next = encoded.slot + 1;
        encoded.present = present;
      }
      if (!present) continue;
      let slot = encoded.slot + 1;
      const end = unit.slot + unit.width;
      for (let i = unit.slot; i < end; i++, slot++) {
        const before = previous[slot]!;
        const change = values[i]! - before;
        if (change === 0) continue;
        gaps.unsigned(slot - next);
        changes.signed(change);
        count++;
        next = slot + 1;
        // Not values[i]: above 2^53 the sum may be rounded, and the decoder sees the sum.
        previous[slot] = before + change;
      }
    }
    out.unsigned(count);
    out.append(gaps);
    out.append(changes);
  }
}

function unitEntry(unit: Unit, objects: readonly RecordedObject[]): UnitEntry {
  const { name, parent, attributes } = unit.instance;
  const object = objects.indexOf(unit.object);
  if (object < 0)
    throw new Error(`unit of an object that the log does not know: ${unit.object.name}`);
  if (attributes) return [unit.id, object, unit.group, name, parent ?? "", attributes];
  if (parent) return [unit.id, object, unit.group, name, parent];
  return [unit.id, object, unit.group, name];
}
