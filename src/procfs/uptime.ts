/**
 * `/proc/uptime`: seconds since boot (suspended time included), and seconds that CPUs were idle,
 * added up over CPUs; both with two decimals: `1243.32 2392.18`.
 * man proc_uptime(5)
 */
export { hundredths } from "./loadavg.ts";
