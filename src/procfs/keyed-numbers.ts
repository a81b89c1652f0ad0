/**
 * Lines of `key number`, of which some are wanted: the flat keyed files of control groups (cpu.stat,
 * memory.stat, memory.events, ...). Keys may come in any order and may be missing.
 * Source: Documentation/admin-guide/cgroup-v2.rst, "Interface Files".
 */

const NEWLINE = 10;
const SPACE = 32;
const ZERO = 48;

export class KeyedNumbers {
  /** One number per wanted key; 0 for what is not there. Doubles, exact up to 2^53. */
  readonly values: Float64Array;
  /** Bit i is set when key i was there. */
  present = 0;
  private readonly keys: readonly Uint8Array[];
  private readonly begins = new Uint8Array(256);

  /** @param keys at most 31; fastest when in the order of the file */
  constructor(keys: readonly string[]) {
    this.keys = keys.map((key) => Uint8Array.from(Buffer.from(`${key} `, "latin1")));
    this.values = new Float64Array(keys.length);
    for (const key of this.keys) this.begins[key[0]!] = 1;
  }

  parse(bytes: Uint8Array, length: number): void {
    const { values, begins } = this;
    values.fill(0);
    this.present = 0;
    let next = 0;
    for (let p = 0; p < length; p++) {
      if (begins[bytes[p]!] === 1) {
        const found = this.keyAt(bytes, p, length, next);
        if (found >= 0) {
          next = found + 1;
          p += this.keys[found]!.length;
          while (p < length && bytes[p] === SPACE) p++;
          let value = 0;
          for (; p < length; p++) {
            const digit = bytes[p]! - ZERO;
            if (digit < 0 || digit > 9) break;
            value = value * 10 + digit;
          }
          values[found] = value;
          this.present |= 1 << found;
        }
      }
      while (p < length && bytes[p] !== NEWLINE) p++;
    }
  }

  has(key: number): boolean {
    return (this.present & (1 << key)) !== 0;
  }

  /** Tries the key after the last one found first, and all others after it. */
  private keyAt(bytes: Uint8Array, start: number, length: number, first: number): number {
    const { keys } = this;
    for (let tried = 0; tried < keys.length; tried++) {
      const position = (first + tried) % keys.length;
      const key = keys[position]!;
      if (start + key.length > length) continue;
      let i = 0;
      while (i < key.length && bytes[start + i] === key[i]) i++;
      if (i === key.length) return position;
    }
    return -1;
  }
}

/** What `firstNumber` gives for `max`: no limit. */
export const NO_LIMIT = -1;

/**
 * The number that a file of one number begins with; `NO_LIMIT` for the word `max`.
 *
 * @returns NaN when neither stands there
 */
export function firstNumber(bytes: Uint8Array, length: number, start = 0): number {
  let p = start;
  while (p < length && bytes[p] === SPACE) p++;
  // "m" of max; version 1 has -1 for a quota that is not set.
  if (bytes[p] === 109 || bytes[p] === 45) return NO_LIMIT;
  const begin = p;
  let value = 0;
  for (; p < length; p++) {
    const digit = bytes[p]! - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return p > begin ? value : NaN;
}

/** The second number of `50000 100000`; NaN when there is none. */
export function secondNumber(bytes: Uint8Array, length: number): number {
  let p = 0;
  while (p < length && bytes[p] !== SPACE) p++;
  return p < length ? firstNumber(bytes, length, p) : NaN;
}
