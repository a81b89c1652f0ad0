/**
 * The counters of a block device, the same for whole disks and for partitions, and the raw fields
 * that /proc/diskstats has for them.
 */
import type { Counter, Field, FieldGroup, UseRole } from "../counter/declaration.ts";
import { DISKSTATS_32_BIT, DISKSTATS_COLUMNS } from "../procfs/diskstats.ts";

export const DISK_FIELDS: readonly Field[] = DISKSTATS_COLUMNS.map((id) => {
  if (id === "in_flight") return { id, kind: "gauge" };
  return DISKSTATS_32_BIT.has(id) ? { id, kind: "counter", bits: 32 } : { id, kind: "counter" };
});

export const DISK_GROUP: FieldGroup = { id: "diskstats", fields: DISK_FIELDS };

const SECTOR_BYTES = 512;
const MILLISECOND = 0.001;
const DOC = "https://docs.kernel.org/admin-guide/iostats.html";

type Rest = Omit<Counter, "source" | "resource" | "better"> &
  Partial<Pick<Counter, "better">> & { readonly field: string };

function disk({ field, ...rest }: Rest): Counter {
  return {
    resource: "disk",
    better: "neutral",
    ...rest,
    source: { file: "/proc/diskstats", field, doc: DOC },
  };
}

interface Direction {
  /** `Read`, `Write`, `Discard`. */
  readonly word: string;
  readonly prefix: "read" | "write" | "discard";
  /** iostat's letter. */
  readonly letter: string;
  readonly level: "standard" | "advanced";
  readonly about: string;
  readonly slow: string;
}

const READ: Direction = {
  word: "Read",
  prefix: "read",
  letter: "r",
  level: "standard",
  about: "Reads that the page cache answered never get here, so this is what the device had to do.",
  slow: "Programs usually wait for their reads: this time is felt directly.",
};

const WRITE: Direction = {
  word: "Write",
  prefix: "write",
  letter: "w",
  level: "standard",
  about:
    "Most writes are made by the kernel some seconds after the program's own write, in bursts: " +
    "they come later and in other sizes than the program issued them.",
  slow:
    "Programs seldom wait for it, unless they call fsync or the cache is full of dirty pages " +
    "(Memory\\Dirty Bytes): a long write time with no one waiting is harmless.",
};

const DISCARD: Direction = {
  word: "Discard",
  prefix: "discard",
  letter: "d",
  level: "advanced",
  about: "Discards (TRIM) tell an SSD or a thin volume which sectors hold nothing any more.",
  slow: "Large discards can hold up other requests for a long time on some devices.",
};

function rates({ word, prefix, letter, level, about }: Direction): Counter[] {
  const sar = prefix === "discard" ? "sar -d dkB/s" : `sar -d ${letter}kB/s`;
  return [
    disk({
      name: `Disk ${word}s/sec`,
      help:
        `${word} requests that the device completed per second, counted after the kernel merged ` +
        `neighbors. ${about} Compare it with what the device or the volume is rated for (IOPS).`,
      unit: "count/s",
      type: "rate",
      value: [`${prefix}_ios`],
      use: "throughput",
      level,
      field: `${prefix} I/Os completed`,
      equivalents: [`iostat -x ${letter}/s`],
    }),
    disk({
      name: `Disk ${word} Bytes/sec`,
      help:
        `Bytes ${prefix === "discard" ? "discarded" : `the device ${prefix === "read" ? "read" : "wrote"}`} ` +
        `per second. ${about} A value that stays flat at a round number is often the limit of a ` +
        "cloud volume or of an instance, not of the load.",
      unit: "bytes/s",
      type: "rate",
      value: [`${prefix}_sectors`],
      scale: SECTOR_BYTES,
      use: "throughput",
      defaultScale: -4,
      level,
      field: `${prefix} sectors (of 512 bytes)`,
      equivalents: [`iostat -x ${letter}kB/s`, sar],
    }),
  ];
}

function latency({ word, prefix, letter, level, slow }: Direction): Counter[] {
  return [
    disk({
      name: `Avg. Disk sec/${word}`,
      help:
        `Mean seconds from queueing a ${prefix} request to its completion: waiting in the kernel's ` +
        `queue plus service by the device. ${slow} It rises with the queue, so a long time under ` +
        "a long queue says that much is asked of the device, a long time at queue length 1 that " +
        "the device itself is slow. A volume throttled above the block layer (cgroup limits) " +
        "shows a small time here although programs wait: look at Pressure(io) and I/O wait too. " +
        "Judge by the kind of device: 0.1 ms is usual for NVMe, 1 ms for network volumes, 10 ms " +
        "for spinning disks.",
      unit: "seconds",
      type: "average",
      value: [`${prefix}_ticks`],
      base: [`${prefix}_ios`],
      scale: MILLISECOND,
      use: "latency",
      better: "lower",
      defaultScale: 3,
      level,
      field: `${prefix} ticks (ms) / ${prefix} I/Os`,
      equivalents: [`iostat -x ${letter}_await (ms)`],
    }),
    disk({
      name: `Avg. Disk Bytes/${word}`,
      help:
        `Mean size of a ${prefix} request. Small requests (4 to 16 KiB) are random access and bound ` +
        "by requests per second, large ones (128 KiB and more) are streaming and bound by bytes " +
        "per second; two runs of the same job with different sizes differ in read-ahead, merging " +
        "or file system.",
      unit: "bytes/op",
      type: "average",
      value: [`${prefix}_sectors`],
      base: [`${prefix}_ios`],
      scale: SECTOR_BYTES,
      use: "information",
      defaultScale: -4,
      level: level === "standard" && prefix !== "discard" ? "standard" : "advanced",
      field: `${prefix} sectors / ${prefix} I/Os`,
      equivalents: [`iostat -x ${letter}areq-sz (KiB)`],
    }),
    disk({
      name: `Avg. Disk ${word} Queue Length`,
      help:
        `Mean number of ${prefix} requests under way, waiting or in service: total ${prefix} time per ` +
        "second of wall time. It is arrival rate times latency, so it tells load and slowness " +
        "together.",
      unit: "count",
      type: "rate",
      value: [`${prefix}_ticks`],
      scale: MILLISECOND,
      use: "saturation",
      better: "lower",
      defaultScale: 2,
      level: "advanced",
      field: `${prefix} ticks (ms)`,
    }),
  ];
}

function merges({ word, prefix, letter }: Direction): Counter[] {
  return [
    disk({
      name: `Disk Merged ${word}s/sec`,
      help:
        `Requests per second that were joined with a neighboring ${prefix} before they went to the ` +
        "device. Many merges mean sequential access in small steps; multi-queue devices such as " +
        "NVMe with no scheduler merge little, which is no fault.",
      unit: "count/s",
      type: "rate",
      value: [`${prefix}_merges`],
      use: "information",
      level: "advanced",
      field: `${prefix} merges`,
      equivalents: [`iostat -x ${letter}rqm/s`],
    }),
    disk({
      name: `% Merged ${word}s`,
      help: `Share of ${prefix} requests that were merged into a neighbor before the device saw them.`,
      unit: "%",
      type: "fraction",
      value: [`${prefix}_merges`],
      base: [`${prefix}_merges`, `${prefix}_ios`],
      use: "information",
      level: "advanced",
      field: `${prefix} merges / (merges + I/Os)`,
      equivalents: [`iostat -x %${letter}rqm`],
    }),
  ];
}

function ofBoth(
  name: string,
  help: string,
  rest: Pick<Rest, "unit" | "type" | "value" | "base" | "scale" | "field" | "equivalents"> & {
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
  ...rates(READ),
  ...rates(WRITE),
  ...BOTH,
  ...latency(READ),
  ...latency(WRITE),
  ...merges(READ),
  ...merges(WRITE),
  ...rates(DISCARD),
  ...latency(DISCARD),
  ...merges(DISCARD),
  ...FLUSHES,
];
