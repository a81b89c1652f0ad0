/**
 * `/proc/PID/stat`: one line, the numbers of a process (all its threads together where not said
 * otherwise). Source: man7.org proc_pid_stat(5), fs/proc/array.c.
 */

/**
 * The numbers taken, in the line's order, by the manual's names. `delayacct_blkio_ticks` and
 * `state` are of the main thread only; times are in clock ticks, `rss` in pages.
 */
export const PID_STAT_COLUMNS: readonly string[] = [
  ..."state minflt majflt utime stime priority nice num_threads".split(" "),
  ..."starttime vsize rss delayacct_blkio_ticks guest_time".split(" "),
];

/** Where the manual's field (counted from 1) goes, or -1. */
const TARGET = new Int8Array(44).fill(-1);
[3, 10, 12, 14, 15, 18, 19, 20, 22, 23, 24, 42, 43].forEach((field, i) => (TARGET[field] = i));
const LAST_FIELD = 43;
const FLAGS_FIELD = 9;
/** Behind the values that are recorded: what tells where the time of ended processes went. */
const KIN_FIELDS: readonly number[] = [4, 16, 17];
KIN_FIELDS.forEach((field, i) => (TARGET[field] = PID_STAT_COLUMNS.length + i));
export const PARENT = PID_STAT_COLUMNS.length;
/** Ticks of children that ended and were waited for, and of theirs. */
export const CHILDREN_USER = PARENT + 1;
export const CHILDREN_SYSTEM = PARENT + 2;

const PF_KTHREAD = 0x00200000;
const SPACE = 32;
const OPEN = 40;
const CLOSE = 41;
const MINUS = 45;
const ZERO = 48;

/** What the letter of the state becomes: its position here. */
export const PROCESS_STATES = "RSDZTtIXPW";
const STATE_CODES = new Int8Array(128).fill(PROCESS_STATES.length);
for (let i = 0; i < PROCESS_STATES.length; i++) STATE_CODES[PROCESS_STATES.charCodeAt(i)] = i;

export class PidStat {
  /**
   * As `PID_STAT_COLUMNS`, the state as its position in `PROCESS_STATES`; then `PARENT`,
   * `CHILDREN_USER` and `CHILDREN_SYSTEM`.
   */
  readonly values = new Float64Array(PID_STAT_COLUMNS.length + KIN_FIELDS.length);
  kernelThread = false;
  /** The name's bytes between its parentheses: it may hold any byte, parentheses as well. */
  nameStart = 0;
  nameEnd = 0;

  /**
   * @param length bytes of the buffer that count
   * @returns false when this is no such line
   */
  parse(bytes: Uint8Array, length: number): boolean {
    let open = 0;
    while (open < length && bytes[open] !== OPEN) open++;
    // No name is longer than 64 bytes, and behind it there are no parentheses.
    let p = Math.min(length - 1, open + 80);
    while (p > open && bytes[p] !== CLOSE) p--;
    if (p <= open) return false;
    this.nameStart = open + 1;
    this.nameEnd = p;
    const { values } = this;
    values[0] = STATE_CODES[bytes[p + 2]! & 127]!;
    p += 4;
    for (let field = 4; field <= LAST_FIELD; field++) {
      const target = TARGET[field]!;
      if (target < 0 && field !== FLAGS_FIELD) {
        while (p < length && bytes[p] !== SPACE) p++;
      } else {
        const negative = bytes[p] === MINUS;
        if (negative) p++;
        let value = 0;
        for (; p < length; p++) {
          const digit = bytes[p]! - ZERO;
          if (digit < 0 || digit > 9) break;
          value = value * 10 + digit;
        }
        if (target >= 0) values[target] = negative ? -value : value;
        else this.kernelThread = (value & PF_KTHREAD) !== 0;
      }
      p++;
    }
    return true;
  }

  isNamed(bytes: Uint8Array, name: Uint8Array): boolean {
    const { nameStart } = this;
    if (this.nameEnd - nameStart !== name.length) return false;
    for (let i = 0; i < name.length; i++) if (bytes[nameStart + i] !== name[i]) return false;
    return true;
  }
}
