/**
 * iostat's columns. Not mapped, since they count discards as transfers: `tps`, `await`, `areq-sz`,
 * `kB/s`, `rqm/s` of sysstat 12.
 */
import { diskOfPartition } from "../../counter/instance-names.ts";
import type { ColumnTarget, DerivedTarget, TableMapping, ToolMapping } from "./mapping.ts";
import { processorTime } from "./processor-time.ts";

const SECTOR = 512;
const KIB = 1024;
const MIB = 1024 ** 2;
const MS = 0.001;

type Columns = Readonly<Record<string, ColumnTarget>>;

/** What the columns of one kind of request are called here. */
function requests(letter: "r" | "w" | "d", word: string, bytes: string): Columns {
  const target = (counter: string, scale?: number): ColumnTarget => ({
    object: "PhysicalDisk",
    counter,
    ...(scale === undefined ? {} : { scale }),
  });
  return {
    [`${letter}/s`]: target(`Disk ${word}s/sec`),
    [`${letter}sec/s`]: target(bytes, SECTOR),
    [`${letter}kB/s`]: target(bytes, KIB),
    [`${letter}MB/s`]: target(bytes, MIB),
    [`${letter}rqm/s`]: target(`Disk Merged ${word}s/sec`),
    [`%${letter}rqm`]: target(`% Merged ${word}s`),
    [`${letter}_await`]: target(`Avg. Disk sec/${word}`, MS),
    [`${letter}areq-sz`]: target(`Avg. Disk Bytes/${word}`, KIB),
  };
}

const QUEUE: Columns = {
  "aqu-sz": { object: "PhysicalDisk", counter: "Avg. Disk Queue Length" },
  "%util": { object: "PhysicalDisk", counter: "% Disk Time" },
};

const EXTENDED: Columns = {
  ...requests("r", "Read", "Disk Read Bytes/sec"),
  ...requests("w", "Write", "Disk Write Bytes/sec"),
  ...requests("d", "Discard", "Disk Discard Bytes/sec"),
  ...QUEUE,
  "avgqu-sz": QUEUE["aqu-sz"]!,
  // Until sysstat 11, of kernels that do not tell discards apart: reads and writes.
  await: { object: "PhysicalDisk", counter: "Avg. Disk sec/Transfer", scale: MS },
  "avgrq-sz": { object: "PhysicalDisk", counter: "Avg. Disk Bytes/Transfer", scale: SECTOR },
};

/** Flushes are counted for whole disks only. */
const FLUSHES: Columns = {
  "f/s": { object: "PhysicalDisk", counter: "Disk Flushes/sec" },
  f_await: { object: "PhysicalDisk", counter: "Avg. Disk sec/Flush", scale: MS },
};

function transferred(kind: "read" | "wrtn" | "dscd", counter: string): Columns {
  return {
    [`Blk_${kind}/s`]: { object: "PhysicalDisk", counter, scale: SECTOR },
    [`kB_${kind}/s`]: { object: "PhysicalDisk", counter, scale: KIB },
    [`MB_${kind}/s`]: { object: "PhysicalDisk", counter, scale: MIB },
  };
}

const WITH_DISCARDS: Columns = {
  ...transferred("read", "Disk Read Bytes/sec"),
  ...transferred("wrtn", "Disk Write Bytes/sec"),
  ...transferred("dscd", "Disk Discard Bytes/sec"),
};

const PLAIN: Columns = {
  ...transferred("read", "Disk Read Bytes/sec"),
  ...transferred("wrtn", "Disk Write Bytes/sec"),
  tps: { object: "PhysicalDisk", counter: "Disk Transfers/sec" },
};

const sum = (from: readonly string[], counter: string, scale = 1): DerivedTarget => ({
  object: "PhysicalDisk",
  counter,
  from,
  value: (...cells) => scale * cells.reduce((total, cell) => total + cell, 0),
});

const IDLE: DerivedTarget = {
  object: "PhysicalDisk",
  counter: "% Idle Time",
  from: ["%util"],
  value: (util) => Math.max(0, 100 - util),
};

const EXTENDED_SUMS: readonly DerivedTarget[] = [
  sum(["r/s", "w/s"], "Disk Transfers/sec"),
  sum(["rsec/s", "wsec/s"], "Disk Bytes/sec", SECTOR),
  sum(["rkB/s", "wkB/s"], "Disk Bytes/sec", KIB),
  sum(["rMB/s", "wMB/s"], "Disk Bytes/sec", MIB),
  {
    object: "PhysicalDisk",
    counter: "Avg. Disk sec/Transfer",
    from: ["r/s", "w/s", "r_await", "w_await"],
    value: (reads, writes, readMs, writeMs) => mean(reads, readMs * MS, writes, writeMs * MS),
  },
  {
    object: "PhysicalDisk",
    counter: "Avg. Disk Bytes/Transfer",
    from: ["r/s", "w/s", "rareq-sz", "wareq-sz"],
    value: (reads, writes, readKib, writeKib) => mean(reads, readKib * KIB, writes, writeKib * KIB),
  },
  IDLE,
];

const PLAIN_SUMS: readonly DerivedTarget[] = [
  sum(["Blk_read/s", "Blk_wrtn/s"], "Disk Bytes/sec", SECTOR),
  sum(["kB_read/s", "kB_wrtn/s"], "Disk Bytes/sec", KIB),
  sum(["MB_read/s", "MB_wrtn/s"], "Disk Bytes/sec", MIB),
];

function mean(count: number, value: number, otherCount: number, other: number): number | undefined {
  const total = count + otherCount;
  return total > 0 ? (count * value + otherCount * other) / total : undefined;
}

/** Disks and partitions are rows of one table there, and two objects here. */
function devices(
  table: string,
  columns: Columns,
  derived: readonly DerivedTarget[],
  ofDisksOnly: Columns = {},
): TableMapping[] {
  const partition = "Disk Partition";
  return [
    {
      table,
      columns: { ...columns, ...ofDisksOnly },
      derived,
      instance: (name) => (diskOfPartition(name) === undefined ? name : undefined),
    },
    {
      table,
      columns: Object.fromEntries(
        Object.entries(columns).map(([title, to]) => [title, { ...to, object: partition }]),
      ),
      derived: derived.map((to) => ({ ...to, object: partition })),
      instance: (name) => {
        const disk = diskOfPartition(name);
        return disk === undefined ? undefined : `${disk}/${name}`;
      },
    },
  ];
}

export const iostatMapping: ToolMapping = {
  tool: "iostat",
  tables: [
    {
      table: "cpu",
      // Not mapped: %system, which has the time of interrupts in it.
      columns: {
        "%user": { object: "Processor", counter: "% User Time" },
        "%nice": { object: "Processor", counter: "% Nice Time" },
        "%iowait": { object: "Processor", counter: "% IO Wait Time" },
        "%steal": { object: "Processor", counter: "% Steal Time" },
        "%idle": { object: "Processor", counter: "% Idle Time" },
      },
      derived: [processorTime("%idle", "%iowait", "%steal")],
      instance: () => "_Total",
    },
    ...devices("device", PLAIN, PLAIN_SUMS),
    ...devices("device with discards", WITH_DISCARDS, PLAIN_SUMS),
    ...devices("extended", EXTENDED, EXTENDED_SUMS, FLUSHES),
    ...devices("short", QUEUE, [IDLE]),
  ],
};
