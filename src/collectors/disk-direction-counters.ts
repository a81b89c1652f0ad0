/** Counters of disks that there are for reads, writes and discards alike. */
import type { Counter } from "../counter/declaration.ts";
import { disk, MILLISECOND, SECTOR_BYTES } from "./disk-declare.ts";

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

export const READ_COUNTERS: readonly Counter[] = [...rates(READ), ...latency(READ)];
export const WRITE_COUNTERS: readonly Counter[] = [...rates(WRITE), ...latency(WRITE)];
export const MERGE_COUNTERS: readonly Counter[] = [...merges(READ), ...merges(WRITE)];
export const DISCARD_COUNTERS: readonly Counter[] = [
  ...rates(DISCARD),
  ...latency(DISCARD),
  ...merges(DISCARD),
];
