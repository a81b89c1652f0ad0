/**
 * `/proc/pressure/{cpu,memory,io,irq}`: pressure stall information.
 * `some avg10=0.00 avg60=0.00 avg300=0.00 total=12345`, and a line `full` alike.
 * https://docs.kernel.org/accounting/psi.html
 */
import type { ByteScanner } from "../util/byte-scanner.ts";

const S = 115;
const F = 102;
const EQUALS = 61;

export class Pressure {
  /** Microseconds of stall since boot; -1 where the file has no such line. */
  someUs = -1;
  fullUs = -1;

  read(scanner: ByteScanner): void {
    this.someUs = -1;
    this.fullUs = -1;
    while (!scanner.atEnd) {
      const kind = scanner.bytes[scanner.position];
      if (kind === S) this.someUs = total(scanner);
      else if (kind === F) this.fullUs = total(scanner);
      scanner.nextLine();
    }
  }
}

/** The number after the line's last `=`, which is that of `total`. */
function total(scanner: ByteScanner): number {
  const { bytes, end } = scanner;
  let last = -1;
  for (let p = scanner.position; p < end && bytes[p] !== 10; p++) if (bytes[p] === EQUALS) last = p;
  if (last < 0) return -1;
  scanner.position = last + 1;
  return scanner.integer();
}
