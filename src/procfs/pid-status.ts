/** `/proc/PID/status`, lines of `Name: value`. Source: man7.org proc_pid_status(5). */

/**
 * The numbers taken, in the file's order. Sizes in KiB; kernel threads have none. The context
 * switches are of the main thread only. `Rss*` came with Linux 4.5.
 */
export const PID_STATUS_COLUMNS: readonly string[] = [
  ..."VmHWM VmRSS RssAnon RssFile RssShmem VmSwap".split(" "),
  ..."voluntary_ctxt_switches nonvoluntary_ctxt_switches".split(" "),
];

const NEWLINE = 10;
const TAB = 9;
const SPACE = 32;
const COLON = 58;
const ZERO = 48;

const KEYS = PID_STATUS_COLUMNS.map((name) => Buffer.from(`${name}:`, "latin1"));
/** Bytes that a wanted line can begin with. */
const BEGINS = new Uint8Array(256);
for (const key of KEYS) BEGINS[key[0]!] = 1;

export class PidStatus {
  /** As `PID_STATUS_COLUMNS`; 0 for what is not there. */
  readonly values = new Float64Array(PID_STATUS_COLUMNS.length);
  /** Bit i is set when column i was there. */
  present = 0;

  parse(bytes: Uint8Array, length: number): void {
    const { values } = this;
    values.fill(0);
    this.present = 0;
    let p = 0;
    let next = 0;
    while (p < length && next < KEYS.length) {
      if (BEGINS[bytes[p]!] === 1) {
        const column = columnAt(bytes, p, next);
        if (column >= 0) {
          p += KEYS[column]!.length;
          while (p < length && (bytes[p] === TAB || bytes[p] === SPACE)) p++;
          let value = 0;
          for (; p < length; p++) {
            const digit = bytes[p]! - ZERO;
            if (digit < 0 || digit > 9) break;
            value = value * 10 + digit;
          }
          values[column] = value;
          this.present |= 1 << column;
          next = column + 1;
        }
      }
      while (p < length && bytes[p] !== NEWLINE) p++;
      p++;
    }
  }
}

function columnAt(bytes: Uint8Array, start: number, from: number): number {
  for (let column = from; column < KEYS.length; column++) {
    const key = KEYS[column]!;
    let i = 0;
    while (i < key.length && bytes[start + i] === key[i]) i++;
    if (i === key.length) return column;
  }
  return -1;
}

/** The effective user id, or `undefined`; for a process's first sample only. */
export function effectiveUid(bytes: Uint8Array, length: number): number | undefined {
  for (let p = 0; p < length; p++) {
    if (bytes[p] === 85 && bytes[p + 1] === 105 && bytes[p + 2] === 100 && bytes[p + 3] === COLON) {
      const end = bytes.indexOf(NEWLINE, p);
      const line = Buffer.from(bytes.subarray(p + 4, end < 0 ? length : end)).toString("latin1");
      const uid = Number(line.trim().split(/\s+/)[1]);
      return Number.isInteger(uid) ? uid : undefined;
    }
    while (p < length && bytes[p] !== NEWLINE) p++;
  }
  return undefined;
}
