/**
 * `/proc/uptime`: seconds since boot (suspended time included), and seconds that CPUs were idle.
 * man proc_uptime(5)
 */
import type { ByteScanner } from "../util/byte-scanner.ts";
import { hundredths } from "./loadavg.ts";

/** Time since boot in hundredths of a second. */
export function uptimeHundredths(scanner: ByteScanner): number {
  return hundredths(scanner);
}
