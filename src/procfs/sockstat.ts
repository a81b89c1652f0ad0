/**
 * `/proc/net/sockstat` and `sockstat6`: sockets that there are, by protocol; all are gauges.
 * Memory is counted in pages. Printed by the kernel's `net/ipv4/proc.c`, `net/ipv6/proc.c`.
 */
import { NumberTable } from "../util/number-table.ts";
import { pairLines } from "./naming.ts";

/** Names: `sockets.used`, `TCP.inuse`, `TCP.tw`, `TCP6.inuse`. */
export function sockstatTable(): NumberTable {
  return new NumberTable(pairLines);
}
