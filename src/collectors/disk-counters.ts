/**
 * The counters of a block device, the same for whole disks and for partitions, and the raw fields
 * that /proc/diskstats has for them.
 */
import type { Counter, Field, FieldGroup, UseRole } from "../counter/declaration.ts";
import { DISKSTATS_32_BIT, DISKSTATS_COLUMNS } from "../procfs/diskstats.ts";
import { disk, MILLISECOND, SECTOR_BYTES, type DiskCounter } from "./disk-declare.ts";
import {
  DISCARD_COUNTERS,
  MERGE_COUNTERS,
  READ_COUNTERS,
  WRITE_COUNTERS,
} from "./disk-direction-counters.ts";

export const DISK_FIELDS: readonly Field[] = DISKSTATS_COLUMNS.map((id) => {
  if (id === "in_flight") return { id, kind: "gauge" };
  return DISKSTATS_32_BIT.has(id) ? { id, kind: "counter", bits: 32 } : { id, kind: "counter" };
});

export const DISK_GROUP: FieldGroup = { id: "diskstats", fields: DISK_FIELDS };

function ofBoth(
  name: string,
  help: string,
  rest: Pick<
    DiskCounter,
    "unit" | "type" | "value" | "base" | "scale" | "field" | "equivalents"
  > & {
    readonly use: UseRole;
    readonly defaultScale?: number;
    readonly better?: "lower";
  },
): Counter {
  return disk({ name, help, ...rest });
}

const BOTH: readonly Counter[] = [
  ofBoth(
    "Disk Transfers/sec",
    "Reads and writes that the device completed per second (IOPS), discards and flushes left out. " +
      "A flat top at a round number is usually the limit of a cloud volume.",
    {
      unit: "count/s",
      type: "rate",
      value: ["read_ios", "write_ios"],
      use: "throughput",
      field: "read and write I/Os completed",
      equivalents: ["iostat tps (which counts discards too)", "sar -d tps"],
    },
  ),
  ofBoth(
    "Disk Bytes/sec",
    "Bytes read and written per second. Together with Disk Transfers/sec it tells whether the " +
      "device is at a limit of bandwidth or of requests.",
    {
      unit: "bytes/s",
      type: "rate",
      value: ["read_sectors", "write_sectors"],
      scale: SECTOR_BYTES,
      use: "throughput",
      defaultScale: -4,
      field: "read and write sectors (of 512 bytes)",
      equivalents: ["iostat kB_read/s + kB_wrtn/s"],
    },
  ),
  ofBoth(
    "Avg. Disk sec/Transfer",
    "Mean seconds from queueing to completion of reads and writes together. The two are often very " +
      "unlike: look at Avg. Disk sec/Read and Avg. Disk sec/Write before you conclude.",
    {
      unit: "seconds",
      type: "average",
      value: ["read_ticks", "write_ticks"],
      base: ["read_ios", "write_ios"],
      scale: MILLISECOND,
      use: "latency",
      better: "lower",
      defaultScale: 3,
      field: "read and write ticks (ms) / I/Os",
      equivalents: ["sar -d await (ms; counts discards too)"],
    },
  ),
  ofBoth("Avg. Disk Bytes/Transfer", "Mean size of the requests, reads and writes together.", {
    unit: "bytes/op",
    type: "average",
    value: ["read_sectors", "write_sectors"],
    base: ["read_ios", "write_ios"],
    scale: SECTOR_BYTES,
    use: "information",
    defaultScale: -4,
    field: "read and write sectors / I/Os",
    equivalents: ["sar -d areq-sz (KiB; counts discards too)"],
  }),
  ofBoth(
    "Avg. Disk Queue Length",
    "Mean number of requests under way over the interval, waiting or in service, of all kinds. " +
      "Above 1 on a spinning disk means that requests wait for each other; an SSD, NVMe or RAID " +
      "serves many at once and is not saturated before its latency rises with the queue. The " +
      "_Total is the sum over disks.",
    {
      unit: "count",
      type: "rate",
      value: ["time_in_queue"],
      scale: MILLISECOND,
      use: "saturation",
      better: "lower",
      defaultScale: 2,
      field: "weighted time doing I/Os (ms)",
      equivalents: ["iostat -x aqu-sz", "sar -d aqu-sz"],
    },
  ),
  ofBoth(
    "Current Disk Queue Length",
    "Requests under way at the very moment of the sample. One look a second misses most of what " +
      "happens between: prefer Avg. Disk Queue Length, and use this to see a device that hangs " +
      "(requests under way, none completing).",
    {
      unit: "count",
      type: "gauge",
      value: ["in_flight"],
      use: "saturation",
      better: "lower",
      field: "I/Os currently in progress",
    },
  ),
  ofBoth(
    "% Disk Time",
    "Share of the time in which at least one request was under way. On a spinning disk, 100 means " +
      "saturated. On devices that work in parallel (SSD, NVMe, RAID, network volumes) it only says " +
      "never idle: such a device can show 100 and still take many times the load, so judge it by " +
      "latency and queue length. Since Linux 5.0 the kernel samples it by the clock tick, which " +
      "overstates many short requests. The _Total is the mean over the disks, as in Windows.",
    {
      unit: "%",
      type: "percent-time",
      value: ["io_ticks"],
      scale: MILLISECOND,
      use: "utilization",
      better: "lower",
      field: "time spent doing I/Os (ms)",
      equivalents: ["iostat -x %util", "sar -d %util"],
    },
  ),
  ofBoth(
    "% Idle Time",
    "Share of the time in which no request was under way: 100 minus % Disk Time. A disk that is " +
      "never idle may be saturated; a disk that is mostly idle is not what the job waits for, " +
      "unless its volume is throttled above the block layer.",
    {
      unit: "%",
      type: "inverse-percent-time",
      value: ["io_ticks"],
      scale: MILLISECOND,
      use: "utilization",
      field: "time spent doing I/Os (ms)",
    },
  ),
];

const FLUSHES: readonly Counter[] = [
  disk({
    name: "Disk Flushes/sec",
    help:
      "Cache flushes that the device completed per second: one or more for each fsync or journal " +
      "commit. Databases, HDFS NameNode edits and Kafka with fsync live by them. Devices without " +
      "a volatile write cache need none and show 0. Not counted for partitions.",
    unit: "count/s",
    type: "rate",
    value: ["flush_ios"],
    use: "throughput",
    level: "advanced",
    field: "flush I/Os completed",
    equivalents: ["iostat -x f/s"],
  }),
  disk({
    name: "Avg. Disk sec/Flush",
    help:
      "Mean seconds of a cache flush: what a program that calls fsync waits for at least. Long " +
      "flushes on one side only explain slow commits where throughput looks alike; drives with " +
      "power-loss protection answer at once, others in milliseconds.",
    unit: "seconds",
    type: "average",
    value: ["flush_ticks"],
    base: ["flush_ios"],
    scale: MILLISECOND,
    use: "latency",
    better: "lower",
    defaultScale: 3,
    level: "advanced",
    field: "flush ticks (ms) / flush I/Os",
    equivalents: ["iostat -x f_await (ms)"],
  }),
];

export const DISK_COUNTERS: readonly Counter[] = [
  ...READ_COUNTERS,
  ...WRITE_COUNTERS,
  ...BOTH,
  ...MERGE_COUNTERS,
  ...DISCARD_COUNTERS,
  ...FLUSHES,
];
