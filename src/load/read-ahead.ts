/**
 * Reads chunks of recordings that are loaded one after the other. While the store commits a segment,
 * which is a wait for another thread or a disk, the first chunk of the next one can be read.
 */
import type { Chunk } from "../recording/chunk.ts";
import type { Recording } from "../recording/recording.ts";
import { Carry, readChunks } from "../recording/read-chunks.ts";

/** Raw values of a chunk, 8 bytes each: as long a stretch of each series as memory allows. */
const CHUNK_READINGS = 6_000_000;

interface Place {
  readonly recording: Recording;
  readonly segment: number;
}

interface Ahead extends Place {
  readonly chunks: Generator<Chunk>;
  /** Gives what was read, or throws what went wrong. */
  readonly first: () => IteratorResult<Chunk, void>;
}

export class ReadAhead {
  private readonly order: readonly Place[];
  private readonly maxReadings: number;
  private carry = new Carry();
  private current: Place | undefined;
  private ahead: Ahead | undefined;

  /**
   * @param recordings in the order in which they will be loaded
   * @param maxReadings raw values of a chunk: memory against size of the store
   */
  constructor(recordings: readonly Recording[], maxReadings = CHUNK_READINGS) {
    this.order = recordings.flatMap((recording) =>
      recording.segments
        .filter(({ closed }) => closed)
        .map(({ number }) => ({ recording, segment: number })),
    );
    this.maxReadings = maxReadings;
  }

  /** The chunks of a segment; those of the segment before must have been read, if they are at all. */
  *chunks(recording: Recording, segment: number): Generator<Chunk> {
    const { ahead } = this;
    const place = { recording, segment };
    this.ahead = undefined;
    if (!ahead || !isSame(ahead, place)) {
      ahead?.chunks.return(undefined);
      yield* this.begin(place, ahead !== undefined);
      return;
    }
    this.current = place;
    try {
      const first = ahead.first();
      if (first.done === true) return;
      yield first.value;
      yield* ahead.chunks;
    } finally {
      ahead.chunks.return(undefined);
    }
  }

  /** Reads the first chunk of the segment after the current one, whose chunks have all been taken. */
  readOn(): void {
    const at = this.order.findIndex((place) => this.current && isSame(place, this.current));
    const next = this.order[at + 1];
    if (at < 0 || !next || this.ahead) return;
    const chunks = this.begin(next);
    this.ahead = { ...next, chunks, first: outcomeOf(() => chunks.next()) };
  }

  close(): void {
    this.ahead?.chunks.return(undefined);
    this.ahead = undefined;
  }

  /** @param afresh what is carried over from before is of no use */
  private begin(place: Place, afresh = false): Generator<Chunk> {
    if (afresh || place.recording !== this.current?.recording) this.carry = new Carry(this.carry);
    this.current = place;
    const { maxReadings, carry } = this;
    return readChunks(place.recording, place.segment, { maxReadings, carry });
  }
}

function isSame(a: Place, b: Place): boolean {
  return a.recording === b.recording && a.segment === b.segment;
}

function outcomeOf<T>(action: () => T): () => T {
  try {
    const result = action();
    return () => result;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
