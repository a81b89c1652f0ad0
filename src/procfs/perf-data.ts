/**
 * The performance data of a Java virtual machine, which HotSpot keeps in a file mapped into memory
 * (`/tmp/hsperfdata_<user>/<pid>`): a table of named numbers and texts, read without the help of the
 * JVM. Format 2.0, as defined in OpenJDK's hotspot/share/runtime/perfMemory.hpp: a prologue of 32
 * bytes, then entries of 20 bytes with their names and data behind them.
 */

const MAGIC = 0xcafec0c0;
const MAJOR = 2;
const LITTLE_ENDIAN = 1;
const PROLOGUE = 32;
const ENTRY = 20;
const LONG = 74; // "J"
const BYTE = 66; // "B"
/** HotSpot has some 250; more than this is no table of it. */
const MAX_ENTRIES = 4096;
const MAX_TEXT = 256;

const BYTE_ORDER_AT = 4;
const MAJOR_AT = 5;
const ACCESSIBLE_AT = 7;
const USED_AT = 8;
const ENTRY_OFFSET_AT = 24;
const ENTRIES_AT = 28;

/** Where the numbers of one JVM stand; learned once, and again when entries were added. */
export class PerfData {
  private readonly numbers = new Map<string, number>();
  private readonly texts = new Map<string, string>();
  private little = true;
  private entries = -1;
  private used = -1;
  /** Bytes that a reading must have at least. */
  private end = 0;

  /**
   * Takes a reading of the file for the next one.
   *
   * @returns `same` if names and places are as before, `new` if they were learned now, `unusable`
   *   if this is no such file, or one that its JVM has not finished
   */
  take(bytes: Buffer, length: number): "same" | "new" | "unusable" {
    if (!isPerfData(bytes, length)) return "unusable";
    this.little = bytes[BYTE_ORDER_AT] === LITTLE_ENDIAN;
    const entries = this.int(bytes, ENTRIES_AT);
    const used = this.int(bytes, USED_AT);
    if (entries === this.entries && used === this.used) {
      return length >= this.end ? "same" : "unusable";
    }
    this.entries = entries;
    this.used = used;
    this.learn(bytes, length);
    return this.numbers.size > 0 ? "new" : "unusable";
  }

  /** Place of a number for `number`, or -1. */
  placeOf(name: string): number {
    return this.numbers.get(name) ?? -1;
  }

  text(name: string): string | undefined {
    return this.texts.get(name);
  }

  /** The 64-bit number at a place; as a double, exact up to 2^53. */
  number(bytes: Buffer, place: number): number {
    const high = this.int(bytes, this.little ? place + 4 : place);
    const low = this.little ? bytes.readUInt32LE(place) : bytes.readUInt32BE(place + 4);
    return high * 2 ** 32 + low;
  }

  private int(bytes: Buffer, at: number): number {
    return this.little ? bytes.readInt32LE(at) : bytes.readInt32BE(at);
  }

  private learn(bytes: Buffer, length: number): void {
    this.numbers.clear();
    this.texts.clear();
    this.end = PROLOGUE;
    let at = this.int(bytes, ENTRY_OFFSET_AT);
    const count = Math.min(this.entries, MAX_ENTRIES);
    for (let i = 0; i < count; i++) {
      if (at < PROLOGUE || at + ENTRY > length) return;
      const size = this.int(bytes, at);
      if (size < ENTRY || at + size > length) return;
      this.learnEntry(bytes, at, size);
      at += size;
    }
  }

  /** `entry_length, name_offset, vector_length, type, flags, units, variability, data_offset`. */
  private learnEntry(bytes: Buffer, at: number, size: number): void {
    const nameAt = this.int(bytes, at + 4);
    const vector = this.int(bytes, at + 8);
    const type = bytes[at + 12];
    const dataAt = this.int(bytes, at + 16);
    if (nameAt < ENTRY || nameAt >= size || dataAt < ENTRY || dataAt >= size) return;
    const name = textAt(bytes, at + nameAt, at + size);
    if (type === LONG && vector === 0 && dataAt + 8 <= size) {
      this.numbers.set(name, at + dataAt);
      this.end = Math.max(this.end, at + dataAt + 8);
    } else if (type === BYTE && vector > 0) {
      this.texts.set(name, textAt(bytes, at + dataAt, Math.min(at + dataAt + vector, at + size)));
    }
  }
}

function isPerfData(bytes: Buffer, length: number): boolean {
  return (
    length >= PROLOGUE &&
    bytes.readUInt32BE(0) === MAGIC &&
    bytes[BYTE_ORDER_AT]! <= LITTLE_ENDIAN &&
    bytes[MAJOR_AT] === MAJOR &&
    bytes[ACCESSIBLE_AT] === 1
  );
}

/** Text up to a NUL byte. */
function textAt(bytes: Buffer, start: number, end: number): string {
  let last = start;
  while (last < end && last - start < MAX_TEXT && bytes[last] !== 0) last++;
  return bytes.toString("latin1", start, last);
}
