/** `/proc/PID/io`, seven lines of `name: number`. Source: man7.org proc_pid_io(5). */

/** In the file's order; of all threads, those that ended included. */
export const PID_IO_COLUMNS: readonly string[] =
  "rchar wchar syscr syscw read_bytes write_bytes cancelled_write_bytes".split(" ");

const NEWLINE = 10;
const COLON = 58;
const SPACE = 32;
const ZERO = 48;

export class PidIo {
  /** As `PID_IO_COLUMNS`. */
  readonly values = new Float64Array(PID_IO_COLUMNS.length);

  /** @returns false when not all numbers are there */
  parse(bytes: Uint8Array, length: number): boolean {
    const { values } = this;
    let p = 0;
    for (let i = 0; i < values.length; i++) {
      while (p < length && bytes[p] !== COLON) p++;
      if (p >= length) return false;
      p++;
      while (p < length && bytes[p] === SPACE) p++;
      let value = 0;
      for (; p < length; p++) {
        const digit = bytes[p]! - ZERO;
        if (digit < 0 || digit > 9) break;
        value = value * 10 + digit;
      }
      values[i] = value;
      while (p < length && bytes[p] !== NEWLINE) p++;
    }
    return true;
  }
}
