/**
 * Fixed-bin sketch of a set of doubles: how many fall into each bin, where a bin is all doubles that
 * share sign, exponent and the two highest bits of the mantissa (four bins per power of two, so that
 * a value is known to within 25 %). Bins are the same for every series and every host, so sketches
 * merge by adding, without loss, in any order.
 *
 * Bytes: number of bins, then per bin in ascending order of value the distance to the bin before
 * (the first: its number) and its count, all as LEB128 varints. A set whose minimum is its maximum
 * has no sketch (no bytes): the two say everything.
 */

const SIGN_BIT = 1 << 13;
const BIN_MASK = (1 << 14) - 1;
/** Low bits of a double's upper half that do not count. */
const DROPPED_BITS = 18;

const scratch = new Float64Array(1);
const scratchWords = new Uint32Array(scratch.buffer);
/** Position of a double's upper half, by the byte order of this machine. */
const UPPER = upperWord();

function upperWord(): 0 | 1 {
  scratch[0] = 1;
  return scratchWords[1] === 0 ? 0 : 1;
}

/** Bin of a number; bins of greater numbers are greater. Minus zero is zero. */
export function binOf(value: number): number {
  scratch[0] = value + 0;
  const bits = scratchWords[UPPER]! >>> DROPPED_BITS;
  return (bits & SIGN_BIT) === 0 ? bits | SIGN_BIT : ~bits & BIN_MASK;
}

/** The least and the greatest double of a bin. */
export function binRange(bin: number): readonly [least: number, greatest: number] {
  const negative = (bin & SIGN_BIT) === 0;
  const bits = negative ? ~bin & BIN_MASK : bin & ~SIGN_BIT;
  const nearZero = doubleOf(bits << DROPPED_BITS, 0);
  const farFromZero = doubleOf((bits << DROPPED_BITS) | ((1 << DROPPED_BITS) - 1), 0xffffffff);
  return negative ? [farFromZero, nearZero] : [nearZero, farFromZero];
}

function doubleOf(upper: number, lower: number): number {
  scratchWords[UPPER] = upper >>> 0;
  scratchWords[1 - UPPER] = lower >>> 0;
  return scratch[0]!;
}

const EMPTY = new Uint8Array(0);
const counts = new Uint32Array(BIN_MASK + 1);
const touched = new Uint16Array(BIN_MASK + 1);

/** Sketch of values[start, end). */
export function sketchOf(values: Float64Array, start: number, end: number): Uint8Array {
  let bins = 0;
  for (let i = start; i < end; i++) {
    const bin = binOf(values[i]!);
    if (counts[bin] === 0) touched[bins++] = bin;
    counts[bin]!++;
  }
  return encodeTouched(bins);
}

/** Encodes and clears what has been counted. */
function encodeTouched(bins: number): Uint8Array {
  const used = touched.subarray(0, bins).sort();
  const bytes = new Uint8Array(3 + bins * 8);
  let length = putVarint(bytes, 0, bins);
  let previous = 0;
  for (const bin of used) {
    length = putVarint(bytes, length, bin - previous);
    length = putVarint(bytes, length, counts[bin]!);
    counts[bin] = 0;
    previous = bin;
  }
  return bytes.slice(0, length);
}

function putVarint(bytes: Uint8Array, position: number, value: number): number {
  let rest = value;
  let next = position;
  for (; rest > 0x7f; rest >>>= 7) bytes[next++] = (rest & 0x7f) | 0x80;
  bytes[next++] = rest;
  return next;
}

export interface SketchBin {
  readonly bin: number;
  readonly count: number;
}

/** @throws Error when the bytes are no sketch */
export function decodeSketch(bytes: Uint8Array): SketchBin[] {
  let position = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = bytes[position++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new Error("a sketch of values is damaged");
  };
  if (bytes.length === 0) return [];
  const bins: SketchBin[] = [];
  let bin = 0;
  for (let left = varint(); left > 0; left--) {
    bin += varint();
    bins.push({ bin, count: varint() });
  }
  return bins;
}

/** What a sketch belongs to: needed where all values are equal and there are no bytes. */
export interface Sketched {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly sketch: Uint8Array;
}

/** Sketch of the values of all parts together. */
export function mergeSketches(parts: readonly Sketched[]): Uint8Array {
  const filled = parts.filter(({ count }) => count > 0);
  const first = filled[0];
  if (!first || filled.every(({ min, max }) => min === first.min && max === first.min))
    return EMPTY;
  let bins = 0;
  for (const part of filled) {
    for (const { bin, count } of binsOf(part)) {
      if (counts[bin] === 0) touched[bins++] = bin;
      counts[bin]! += count;
    }
  }
  return encodeTouched(bins);
}

function binsOf({ count, min, sketch }: Sketched): SketchBin[] {
  return sketch.length === 0 ? [{ bin: binOf(min), count }] : decodeSketch(sketch);
}

/**
 * Bounds of the nearest-rank quantile: the value of rank ⌈fraction·count⌉ lies between them, both
 * included.
 *
 * @param fraction above 0, at most 1
 */
export function quantileBounds(
  sketched: Sketched,
  fraction: number,
): readonly [least: number, greatest: number] {
  const { count, min, max } = sketched;
  const rank = Math.max(1, Math.ceil(fraction * count));
  let seen = 0;
  for (const bin of binsOf(sketched)) {
    seen += bin.count;
    if (seen < rank) continue;
    const [least, greatest] = binRange(bin.bin);
    return [Math.max(least, min), Math.min(greatest, max)];
  }
  return [min, max];
}
