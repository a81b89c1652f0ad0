/**
 * `/proc/pressure/{cpu,memory,io,irq}`: pressure stall information.
 * `some avg10=0.00 avg60=0.00 avg300=0.00 total=12345`, and a line `full` alike.
 * https://docs.kernel.org/accounting/psi.html
 */
import type { ByteScanner } from "../util/byte-scanner.ts";
import { hundredths } from "./loadavg.ts";

const S = 115;
const F = 102;
const EQUALS = 61;
const NEWLINE = 10;

/** One line: stalled microseconds since boot, and its three averages in hundredths of a percent. */
export class PressureLine {
  isThere = false;
  totalUs = 0;
  avg10 = 0;
  avg60 = 0;
  avg300 = 0;

  read(scanner: ByteScanner): void {
    this.avg10 = toEquals(scanner) ? hundredths(scanner) : 0;
    this.avg60 = toEquals(scanner) ? hundredths(scanner) : 0;
    this.avg300 = toEquals(scanner) ? hundredths(scanner) : 0;
    this.isThere = toEquals(scanner);
    if (this.isThere) this.totalUs = scanner.integer();
  }
}

export class Pressure {
  readonly some = new PressureLine();
  readonly full = new PressureLine();

  read(scanner: ByteScanner): void {
    this.some.isThere = false;
    this.full.isThere = false;
    while (!scanner.atEnd) {
      const kind = scanner.bytes[scanner.position];
      if (kind === S) this.some.read(scanner);
      else if (kind === F) this.full.read(scanner);
      scanner.nextLine();
    }
  }
}

/** Goes behind the line's next `=`; false when there is none. */
function toEquals(scanner: ByteScanner): boolean {
  const { bytes, end } = scanner;
  let p = scanner.position;
  while (p < end && bytes[p] !== EQUALS && bytes[p] !== NEWLINE) p++;
  const found = p < end && bytes[p] === EQUALS;
  scanner.position = found ? p + 1 : p;
  return found;
}
