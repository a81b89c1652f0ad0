/** Turns the records of one block back into columns. The inverse of `sample-encoder.ts`. */
import type { InstanceIdentity } from "../counter/sample-row.ts";
import type { BlockHeader, LogUnit, UnitEntry } from "./block.ts";
import { BlockMemory } from "./block-memory.ts";
import { ByteReader } from "./byte-reader.ts";
import { READ_LIMITS } from "./format.ts";
import { looseEntries } from "./unit-entries.ts";

export interface DecodedSamples {
  /** What the columns of the units are views of. */
  readonly memory: Float64Array;
  readonly monotonicMs: Float64Array;
  readonly wallMs: Float64Array;
  readonly units: readonly LogUnit[];
}

interface UnitState {
  readonly entry: UnitEntry;
  /** First slot: presence, then the fields. */
  readonly slot: number;
  readonly width: number;
  present: boolean;
  /** Samples at which it was read, as stretches [from, to) flattened. */
  readonly stretches: number[];
}

/**
 * @param stream the block's samples, inflated and joined
 * @param samples how many there are
 * @throws RangeError when the stream does not hold what the header promises
 */
export function decodeBlock(
  header: BlockHeader,
  stream: Uint8Array,
  samples: number,
  memory: BlockMemory = new BlockMemory(),
): DecodedSamples {
  const decoder = new BlockDecoder(header, samples, memory);
  const reader = new ByteReader(stream);
  for (let sample = 0; sample < samples; sample++) decoder.sample(reader, sample);
  return decoder.finish();
}

const TOO_MANY = "a sample has more values than its block has series";

class BlockDecoder {
  private readonly header: BlockHeader;
  private readonly samples: number;
  private readonly monotonicMs: Float64Array;
  private readonly wallMs: Float64Array;
  private readonly units: UnitState[] = [];
  /** Unit whose presence slot this is, or -1 for the slot of a field. */
  private presenceOf: Int32Array;
  private current: Float64Array;
  /** The slots that the sample in hand changes. */
  private changed: Uint32Array;
  /** Per slot the first sample of its column that is not filled yet. */
  private filled: Uint32Array;
  /** Slot after slot, a column of `samples` values each. */
  private columns: Float64Array;
  private slots = 0;
  private monotonicUs = 0;
  private clockOffsetMs = 0;

  constructor(header: BlockHeader, samples: number, memory: BlockMemory) {
    this.header = header;
    this.samples = samples;
    this.monotonicMs = new Float64Array(samples);
    this.wallMs = new Float64Array(samples);
    const slots = Math.min(slotsOf(header), Math.floor(READ_LIMITS.values / Math.max(1, samples)));
    this.presenceOf = new Int32Array(slots);
    this.current = new Float64Array(slots);
    this.changed = new Uint32Array(slots);
    this.filled = new Uint32Array(slots);
    this.columns = memory.take(slots * samples);
    for (const entry of header.units) this.addUnit(entry);
  }

  sample(reader: ByteReader, sample: number): void {
    this.monotonicUs += reader.unsigned();
    this.clockOffsetMs += reader.signed();
    this.monotonicMs[sample] = this.monotonicUs / 1000;
    this.wallMs[sample] = this.clockOffsetMs + Math.round(this.monotonicUs / 1000);
    if (reader.unsigned() > 0) {
      const added = looseEntries(JSON.parse(reader.text()), this.header.objects.length);
      for (const entry of added) this.addUnit(entry);
    }
    this.values(reader, sample);
  }

  finish(): DecodedSamples {
    const { samples } = this;
    const everySample = Uint32Array.from({ length: samples }, (_, i) => i);
    const units: LogUnit[] = [];
    for (let slot = 0; slot < this.slots; slot++) this.fill(slot, samples);
    for (const unit of this.units) {
      if (unit.present) unit.stretches.push(samples);
      if (unit.stretches.length === 0) continue;
      units.push(this.unitColumns(unit, everySample));
    }
    const { monotonicMs, wallMs, columns: memory } = this;
    return { monotonicMs, wallMs, units, memory };
  }

  private values(reader: ByteReader, sample: number): void {
    const count = reader.unsigned();
    if (count > this.slots) throw new RangeError(TOO_MANY);
    // First where, then by how much.
    const changed = this.changed;
    let next = 0;
    for (let i = 0; i < count; i++) {
      const slot = next + reader.unsigned();
      changed[i] = slot;
      next = slot + 1;
    }
    if (next > this.slots) throw new RangeError(TOO_MANY);
    for (let i = 0; i < count; i++) {
      const slot = changed[i]!;
      const change = reader.signed();
      const unit = this.presenceOf[slot]!;
      if (unit >= 0) this.togglePresence(this.units[unit]!, sample);
      else {
        this.fill(slot, sample);
        this.current[slot] = this.current[slot]! + change;
      }
    }
  }

  private togglePresence(unit: UnitState, sample: number): void {
    unit.present = !unit.present;
    unit.stretches.push(sample);
  }

  /** Fills a slot's column with its current value up to a sample. */
  private fill(slot: number, sample: number): void {
    const start = slot * this.samples;
    const value = this.current[slot]!;
    const from = this.filled[slot]!;
    if (sample - from === 1) this.columns[start + from] = value;
    else this.columns.fill(value, start + from, start + sample);
    this.filled[slot] = sample;
  }

  private addUnit(entry: UnitEntry): void {
    const group = this.header.objects[entry[1]]?.groups[entry[2]];
    if (!group) throw new RangeError("a series belongs to an object that the block does not know");
    const width = group.fields.length;
    const slot = this.slots;
    this.slots += width + 1;
    if (this.slots * this.samples > READ_LIMITS.values) {
      throw new RangeError("a block holds more values than any writer puts into one");
    }
    this.grow();
    this.presenceOf.fill(-1, slot, this.slots);
    this.presenceOf[slot] = this.units.length;
    this.units.push({ entry, slot, width, present: false, stretches: [] });
  }

  private grow(): void {
    if (this.slots <= this.current.length) return;
    const size = Math.max(this.slots, this.current.length * 2);
    this.current = enlarged(this.current, new Float64Array(size));
    this.changed = new Uint32Array(size);
    this.filled = enlarged(this.filled, new Uint32Array(size));
    this.presenceOf = enlarged(this.presenceOf, new Int32Array(size));
    // What was taken of an earlier block may be larger than what this one needs now.
    if (this.columns.length < size * this.samples) {
      this.columns = enlarged(this.columns, new Float64Array(size * this.samples));
    }
  }

  private unitColumns(unit: UnitState, everySample: Uint32Array): LogUnit {
    const { samples, columns } = this;
    const [id, object, group, name, parent, attributes] = unit.entry;
    const { stretches } = unit;
    const from = stretches[0]!;
    const to = stretches[1]!;
    // Nearly all units are read in one unbroken stretch: their columns are views.
    const unbroken = stretches.length === 2;
    const at = unbroken ? everySample.subarray(from, to) : samplesOf(stretches);
    const own: Float64Array[] = [];
    for (let field = 1; field <= unit.width; field++) {
      const start = (unit.slot + field) * samples;
      if (unbroken) own.push(columns.subarray(start + from, start + to));
      else own.push(Float64Array.from(at, (sample) => columns[start + sample]!));
    }
    const instance: InstanceIdentity = {
      name,
      ...(parent ? { parent } : undefined),
      ...(attributes ? { attributes } : undefined),
    };
    return { id, object: this.header.objects[object]!, group, instance, at, columns: own };
  }
}

function slotsOf({ units, objects }: BlockHeader): number {
  let slots = 0;
  for (const [, object, group] of units) {
    slots += 1 + (objects[object]?.groups[group]?.fields.length ?? 0);
  }
  return slots;
}

function samplesOf(stretches: readonly number[]): Uint32Array {
  const samples: number[] = [];
  for (let i = 0; i < stretches.length; i += 2) {
    for (let sample = stretches[i]!; sample < stretches[i + 1]!; sample++) samples.push(sample);
  }
  return Uint32Array.from(samples);
}

function enlarged<T extends Float64Array | Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
