/**
 * `/proc/net/snmp` and `/proc/net/netstat` (a line of names above each line of numbers) and
 * `/proc/net/snmp6` (a name and a number per line): the protocols' MIB counters of this network
 * namespace. https://docs.kernel.org/networking/snmp_counter.html
 */
import { NumberTable } from "../util/number-table.ts";
import { headedLines, keyedLines } from "./naming.ts";

/** Names: `Tcp.InSegs`, `TcpExt.ListenDrops`, `IpExt.InOctets`. */
export function snmpTable(): NumberTable {
  return new NumberTable(headedLines);
}

/** Names as in the file: `Ip6InReceives`. */
export function snmp6Table(): NumberTable {
  return new NumberTable(keyedLines);
}

/** Not counters: settings of the stack, and how many connections there are. */
const GAUGES: ReadonlySet<string> = new Set([
  "Ip.Forwarding",
  "Ip.DefaultTTL",
  "Tcp.RtoAlgorithm",
  "Tcp.RtoMin",
  "Tcp.RtoMax",
  "Tcp.MaxConn",
  "Tcp.CurrEstab",
  "MPTcpExt.MPCurrEstab",
]);

/** Everything else only grows (`unsigned long`: it wraps at 64 bits on 64-bit kernels). */
export function isSnmpGauge(name: string): boolean {
  return GAUGES.has(name);
}
