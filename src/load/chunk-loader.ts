/** Cooks a chunk and hands its values, their summaries and its instants to a load session. */
import { cook, cookedSeries, prepareIntervals, type CookedSeries } from "../counter/cook.ts";
import type { Chunk, ChunkUnit } from "../recording/chunk.ts";
import { roundTo9Digits } from "../store/significant-digits.ts";
import type { LoadSession, SeriesDefinition } from "../store/store.ts";
import { summarizeMinutes } from "./minute-summaries.ts";

/** A unit and the numbers of its series, one per counter of its group. */
interface NumberedUnit {
  readonly unit: ChunkUnit;
  readonly counters: ChunkUnit["object"]["counters"];
  readonly ids: readonly number[];
}

/** Keeps its arrays from one chunk to the next. */
export class ChunkLoader {
  private readonly session: LoadSession;
  private readonly pending: Promise<void>[] = [];
  private out: CookedSeries = cookedSeries(4096);
  private timeMs = new Float64Array(4096);

  constructor(session: LoadSession) {
    this.session = session;
  }

  /**
   * @param skipSamples so many of the chunk's own samples are in the store already
   * @returns how many values were added
   */
  async load(chunk: Chunk, skipSamples: number): Promise<number> {
    const first = chunk.carried + skipSamples;
    const hasValue = new Uint8Array(chunk.clock.timeMs.length);
    const stampsMs = chunk.clock.timeMs.map(Math.round);
    let values = 0;
    for (const numbered of await this.numberUnits(chunk)) {
      values += this.loadUnit(numbered, chunk, stampsMs, first, hasValue);
      if (this.pending.length > 0) await Promise.all(this.pending.splice(0));
    }
    await this.session.appendInstants(stampsMs.filter((_time, sample) => hasValue[sample] === 1));
    return values;
  }

  /** In order of series, so that rows lie in the store by series, then time. */
  private async numberUnits(chunk: Chunk): Promise<NumberedUnit[]> {
    // A unit that was read once has no interval: nothing is known of it yet, unless it is a value.
    const units = chunk.units.filter(({ readings, object }) => readings > 1 || object.cooked);
    const counters = units.map(({ object, group }) =>
      object.counters.filter((counter) => counter.group === group),
    );
    const definitions: SeriesDefinition[] = units.flatMap(({ object, instance }, i) =>
      counters[i]!.map((counter) => ({ object: object.name, counter, instance })),
    );
    const ids = await this.session.seriesIds(definitions);
    let next = 0;
    return units
      .map((unit, i) => {
        const start = next;
        next += counters[i]!.length;
        return { unit, counters: counters[i]!, ids: ids.slice(start, next) };
      })
      .filter(({ counters: some }) => some.length > 0)
      .sort((a, b) => a.ids[0]! - b.ids[0]!);
  }

  private loadUnit(
    { unit, counters, ids }: NumberedUnit,
    { clock }: Chunk,
    stampsMs: Float64Array,
    first: number,
    hasValue: Uint8Array,
  ): number {
    this.makeRoom(unit.readings);
    const intervals = prepareIntervals(unit.columns(), clock);
    let values = 0;
    for (let c = 0; c < counters.length; c++) {
      cook(counters[c]!, intervals, this.out);
      const length = polish(this.out, first, counters[c]!.base === undefined);
      if (length === 0) continue;
      this.append(ids[c]!, length, this.timesOf(length, stampsMs, hasValue));
      values += length;
    }
    return values;
  }

  /** When the intervals end, and a mark at each of these samples. */
  private timesOf(length: number, stampsMs: Float64Array, hasValue: Uint8Array): Float64Array {
    const { at } = this.out;
    const from = at[0]!;
    const to = at[length - 1]! + 1;
    // Nearly every series has a value at every sample: nothing to copy then.
    if (to - from === length) {
      hasValue.fill(1, from, to);
      return stampsMs.subarray(from, to);
    }
    const { timeMs } = this;
    for (let i = 0; i < length; i++) {
      const sample = at[i]!;
      timeMs[i] = stampsMs[sample]!;
      hasValue[sample] = 1;
    }
    return timeMs;
  }

  private append(seriesId: number, length: number, timeMs: Float64Array): void {
    const { session } = this;
    const { values, weights } = this.out;
    this.wait(session.appendSamples({ seriesId, length, timeMs, values, weights }));
    summarizeMinutes(seriesId, length, timeMs, values, weights, (summary) =>
      this.wait(session.appendSummary(summary)),
    );
  }

  /** Most stores take values at once; the others are waited for before the next unit. */
  private wait(done: Promise<void> | void): void {
    if (done) this.pending.push(done);
  }

  private makeRoom(readings: number): void {
    if (readings <= this.timeMs.length) return;
    this.out = cookedSeries(readings * 2);
    this.timeMs = new Float64Array(readings * 2);
  }
}

/** The largest weight that every store keeps. No base of a real counter grows this much in an interval. */
const MAX_WEIGHT = 999_999_999_999_999;

/**
 * Makes values as they are stored, in place: integers as they are, others to 9 significant digits;
 * weights that are seconds to the millisecond. Both lie far below what a kernel's clock ticks tell,
 * and halve the size of a store. Values of samples before `first` are dropped.
 *
 * @returns how many values are left
 */
function polish(out: CookedSeries, first: number, weighsTime: boolean): number {
  const { at, values, weights, length } = out;
  let kept = 0;
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    if (at[i]! < first || !Number.isFinite(value)) continue;
    at[kept] = at[i]!;
    // Zero above all, and other integers, are most of what there is; plus zero, for minus zero.
    values[kept] = value === Math.trunc(value) ? value + 0 : roundTo9Digits(value);
    const weight = weights[i]!;
    if (weighsTime) weights[kept] = Math.max(1, Math.round(weight * 1000)) / 1000;
    else weights[kept] = weight < MAX_WEIGHT ? weight : MAX_WEIGHT;
    kept++;
  }
  return kept;
}
