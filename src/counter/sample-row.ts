/**
 * The row of raw values that a sample is: one flat array, in which every instance of every object
 * has a stretch of slots per field group (a *unit*). Collectors write into it, the log writer and
 * the live view read from it. Nothing is allocated per sample.
 */
import type { RecordedObject } from "./recorded.ts";

export interface InstanceIdentity {
  /** As the kernel names it; empty for the only instance of an object without instances. */
  readonly name: string;
  /** The instance above it: the disk of a partition. */
  readonly parent?: string;
  /** Recorded once: a process's role, user, cgroup, start time. Never secrets or arguments. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** The slots of one field group of one instance. */
export interface Unit {
  /** Unique within the row's life, from 1; never used again. */
  readonly id: number;
  readonly object: RecordedObject;
  /** Position of the field group in the object. */
  readonly group: number;
  readonly instance: InstanceIdentity;
  /** First slot in `SampleRow.values`; may change when the row is compacted. */
  slot: number;
  readonly width: number;
  /** Number of the sample in which it was last read; see `SampleRow.sample`. */
  readAt: number;
}

export class SampleRow {
  /** Raw integers; replaced by a larger array when units are added: do not keep a reference. */
  values = new Float64Array(1024);
  /** Slots in use, holes of removed units included. */
  length = 0;
  /** Number of the current sample, from 1. */
  sample = 0;
  readonly units: Unit[] = [];
  private lastId = 0;
  /** Raised whenever units are added, removed or moved. */
  version = 0;
  /** Units added and removed since whoever reads the row (log writer, live view) emptied these. */
  readonly added: Unit[] = [];
  readonly removed: Unit[] = [];

  /** Begins the next sample: whatever is not marked as read from here on is absent from it. */
  begin(): void {
    this.sample++;
  }

  add(object: RecordedObject, group: number, instance: InstanceIdentity): Unit {
    const width = object.groups[group]?.fields.length ?? 0;
    const id = ++this.lastId;
    const unit: Unit = { id, object, group, instance, slot: this.length, width, readAt: 0 };
    this.length += width;
    if (this.length > this.values.length) {
      const larger = new Float64Array(Math.max(this.length, this.values.length * 2));
      larger.set(this.values);
      this.values = larger;
    }
    this.units.push(unit);
    this.added.push(unit);
    this.version++;
    return unit;
  }

  /** Takes a unit out; its slots stay unused until `compact`. */
  remove(unit: Unit): void {
    const position = this.units.indexOf(unit);
    if (position < 0) return;
    this.units.splice(position, 1);
    this.values.fill(0, unit.slot, unit.slot + unit.width);
    this.removed.push(unit);
    this.version++;
  }

  /** Marks a unit as read in the current sample. */
  read(unit: Unit): void {
    unit.readAt = this.sample;
  }

  isRead(unit: Unit): boolean {
    return unit.readAt === this.sample;
  }

  /** Closes the holes of removed units; slots move. */
  compact(): void {
    let next = 0;
    for (const unit of this.units) {
      if (unit.slot !== next) this.values.copyWithin(next, unit.slot, unit.slot + unit.width);
      unit.slot = next;
      next += unit.width;
    }
    this.values.fill(0, next, this.length);
    this.length = next;
    this.added.length = 0;
    this.removed.length = 0;
    this.version++;
  }
}
