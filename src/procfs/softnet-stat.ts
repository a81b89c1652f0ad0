/**
 * `/proc/net/softnet_stat`: a line per online CPU about packets it took in, hexadecimal, 32 bits.
 * Columns as printed by `softnet_seq_show` in the kernel's `net/core/net-procfs.c`; kernels before
 * 5.10 have fewer and do not tell which CPU a line is of.
 */
import type { ByteScanner } from "../util/byte-scanner.ts";

/** Column of the file -> name; the others have been 0 for long. */
export const SOFTNET_COLUMNS: Readonly<Record<string, number>> = {
  processed: 0,
  dropped: 1,
  time_squeeze: 2,
  cpu_collision: 8,
  received_rps: 9,
  flow_limit_count: 10,
  backlog_len: 11,
  // The two parts of the backlog; since 6.7.
  input_qlen: 13,
  process_qlen: 14,
};
const CPU_COLUMN = 12;
/** Numbers kept per line. */
export const SOFTNET_WIDTH = 15;
const WIDTH = SOFTNET_WIDTH;
const NEWLINE = 10;
const BLANK = 32;

export class SoftnetStat {
  /** Lines there were, and per line the CPU it is of (its own number on old kernels). */
  count = 0;
  cpus: number[] = [];
  /** Columns that the lines have, at most 15 of which are kept. */
  columns = 0;
  /** `SOFTNET_WIDTH` numbers per line. */
  values = new Float64Array(0);

  /** @throws when no CPU is in it */
  read(scanner: ByteScanner): void {
    let line = 0;
    while (!scanner.atEnd) {
      if (this.values.length < (line + 1) * WIDTH) this.grow();
      const columns = this.readLine(scanner, line * WIDTH);
      if (columns > 0) {
        this.columns = columns;
        this.cpus[line] = columns > CPU_COLUMN ? this.values[line * WIDTH + CPU_COLUMN]! : line;
        line++;
      }
      scanner.nextLine();
    }
    this.count = line;
    if (line === 0) throw new Error("no CPU is in it");
  }

  /** @returns how many numbers the line has; 0 when it has anything else */
  private readLine(scanner: ByteScanner, first: number): number {
    const { bytes, end } = scanner;
    let p = scanner.position;
    let column = 0;
    while (p < end && bytes[p] !== NEWLINE) {
      let value = 0;
      for (; p < end && bytes[p]! > BLANK; p++) {
        const digit = hexDigit(bytes[p]!);
        if (digit < 0 || digit > 15) return 0;
        value = value * 16 + digit;
      }
      if (column < WIDTH) this.values[first + column] = value;
      column++;
      while (p < end && bytes[p]! <= BLANK && bytes[p] !== NEWLINE) p++;
    }
    scanner.position = p;
    return column;
  }

  private grow(): void {
    const larger = new Float64Array(Math.max(8 * WIDTH, this.values.length * 2));
    larger.set(this.values);
    this.values = larger;
  }
}

/** Digits, then letters of either case. */
function hexDigit(byte: number): number {
  return byte < 58 ? byte - 48 : (byte & 0xdf) - 55;
}
