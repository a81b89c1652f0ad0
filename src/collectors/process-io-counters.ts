/** Counters of `Process` about input and output. */
import type { Counter } from "../counter/declaration.ts";
import { processCounter } from "./process-declare.ts";

function io(
  name: string,
  value: string[],
  help: string,
  level: "standard" | "advanced",
  equivalents: string[] = [],
): Counter {
  const isBytes = name.includes("Bytes");
  return processCounter("io", {
    name,
    help,
    unit: isBytes ? "bytes/s" : "count/s",
    type: "rate",
    value,
    resource: "disk",
    use: "throughput",
    ...(isBytes ? { defaultScale: -4 } : {}),
    level,
    ...(equivalents.length > 0 ? { equivalents } : {}),
  });
}

export const IO: readonly Counter[] = [
  io(
    "IO Read Bytes/sec",
    ["read_bytes"],
    "Bytes per second that were fetched from block devices for the process. What the page cache " +
      "had is not in it; network file systems count when they read. Other users' processes can be " +
      "read by root only.",
    "standard",
    ["pidstat -d kB_rd/s", "iotop DISK READ"],
  ),
  io(
    "IO Write Bytes/sec",
    ["write_bytes"],
    "Bytes per second that the process made dirty and that will be written to block devices, counted " +
      "when it writes into the cache, not when they reach the disk some seconds later.",
    "standard",
    ["pidstat -d kB_wr/s", "iotop DISK WRITE"],
  ),
  io(
    "IO Cancelled Write Bytes/sec",
    ["cancelled_write_bytes"],
    "Bytes per second that were counted as written but never will be, because the file was truncated " +
      "or deleted before (temporary files).",
    "advanced",
    ["pidstat -d kB_ccwr/s"],
  ),
  io(
    "IO Read Requested Bytes/sec",
    ["rchar"],
    "Bytes per second that the process got from read calls of any kind: files (cached or not), pipes, " +
      "terminals. Nearest to what Windows calls IO Read Bytes/sec. Compare with IO Read Bytes/sec " +
      "for what the cache saves. Memory-mapped reading is not in it.",
    "advanced",
  ),
  io(
    "IO Write Requested Bytes/sec",
    ["wchar"],
    "Bytes per second that the process passed to write calls of any kind.",
    "advanced",
  ),
  io(
    "IO Read Operations/sec",
    ["syscr"],
    "Read calls per second, answered from the cache or not.",
    "advanced",
  ),
  io("IO Write Operations/sec", ["syscw"], "Write calls per second.", "advanced"),
];
