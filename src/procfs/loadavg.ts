/**
 * `/proc/loadavg`: `0.41 0.11 0.05 1/92 5472`.
 * https://docs.kernel.org/filesystems/proc.html (table 1-5), man proc_loadavg(5)
 */
import type { ByteScanner } from "../util/byte-scanner.ts";

const DOT = 46;
const SLASH = 47;

export class LoadAvg {
  /** Load averages over 1, 5 and 15 minutes, in hundredths. */
  load1 = 0;
  load5 = 0;
  load15 = 0;
  /** Threads that are runnable now, and all threads. */
  runnable = 0;
  threads = 0;

  read(scanner: ByteScanner): void {
    this.load1 = hundredths(scanner);
    this.load5 = hundredths(scanner);
    this.load15 = hundredths(scanner);
    this.runnable = scanner.integer();
    scanner.accept(SLASH);
    this.threads = scanner.integer();
  }
}

/** The kernel always prints two decimals. */
export function hundredths(scanner: ByteScanner): number {
  const whole = scanner.integer();
  return scanner.accept(DOT) ? whole * 100 + scanner.integer() : whole * 100;
}
