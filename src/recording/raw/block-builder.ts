/** Collects what a sample row holds, sample by sample, into a block like those of a counter log. */
import type { RecordingIdentity } from "../../counter/recording-identity.ts";
import type { SampleRow, Unit } from "../../counter/sample-row.ts";
import type { BlockMemory } from "../../log/block-memory.ts";
import type { LogBlock, LogEvent, LogUnit } from "../../log/block.ts";

interface UnitReadings {
  readonly unit: Unit;
  /** Per reading its sample, and where in `numbers` its values begin. */
  readonly at: number[];
  readonly offsets: number[];
}

export interface BlockPlace {
  readonly recording: RecordingIdentity;
  readonly segment: number;
  readonly block: number;
  readonly start: { readonly wallMs: number; readonly monotonicMs: number };
}

export class BlockBuilder {
  private readonly units = new Map<number, UnitReadings>();
  private readonly monotonicMs: number[] = [];
  private readonly wallMs: number[] = [];
  private readonly events: LogEvent[] = [];
  private numbers = new Float64Array(16 * 1024);
  private length = 0;

  get samples(): number {
    return this.monotonicMs.length;
  }

  event(event: LogEvent): void {
    this.events.push(event);
  }

  add(row: SampleRow, monotonicMs: number, wallMs: number): void {
    const sample = this.monotonicMs.length;
    this.monotonicMs.push(monotonicMs);
    this.wallMs.push(wallMs);
    if (this.length + row.length > this.numbers.length) {
      const larger = new Float64Array(Math.max(this.numbers.length * 2, this.length + row.length));
      larger.set(this.numbers);
      this.numbers = larger;
    }
    for (const unit of row.units) {
      if (!row.isRead(unit)) continue;
      let readings = this.units.get(unit.id);
      if (!readings) this.units.set(unit.id, (readings = { unit, at: [], offsets: [] }));
      readings.at.push(sample);
      readings.offsets.push(this.length);
      const { slot, width } = unit;
      this.numbers.set(row.values.subarray(slot, slot + width), this.length);
      this.length += width;
    }
  }

  /** @param row whose units are alive at the end of the block */
  build(row: SampleRow, place: BlockPlace, memory: BlockMemory): LogBlock {
    const columns = memory.take(this.length);
    const units: LogUnit[] = [];
    let next = 0;
    for (const { unit, at, offsets } of this.units.values()) {
      const { id, object, group, instance, width } = unit;
      const own = Array.from({ length: width }, (_, field) => {
        const column = columns.subarray(next, (next += at.length));
        for (let i = 0; i < at.length; i++) column[i] = this.numbers[offsets[i]! + field]!;
        return column;
      });
      units.push({ id, object, group, instance, at: Uint32Array.from(at), columns: own });
    }
    return {
      header: {
        ...place,
        objects: [],
        units: row.units.map(({ id, group, instance }) => [id, 0, group, instance.name] as const),
      },
      monotonicMs: Float64Array.from(this.monotonicMs),
      wallMs: Float64Array.from(this.wallMs),
      units,
      events: this.events,
      memory: columns,
    };
  }
}
