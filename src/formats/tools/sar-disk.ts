/** sar's tables of disks: without discards (to sysstat 12.0), and with. */
import { diskInstance } from "./instances.ts";
import type { DerivedTarget, TableMapping } from "./mapping.ts";
import { KIB, SECTOR_BYTES, restOf, sumOf, targets } from "./targets.ts";

const MILLISECOND = 0.001;

const BOTH = {
  "rkB/s": ["Disk Read Bytes/sec", KIB],
  "wkB/s": ["Disk Write Bytes/sec", KIB],
  "aqu-sz": "Avg. Disk Queue Length",
  "%util": "% Disk Time",
} as const;

const OF_BOTH: readonly DerivedTarget[] = [
  sumOf("PhysicalDisk", "Disk Bytes/sec", ["rkB/s", "wkB/s"], KIB),
  restOf("PhysicalDisk", "% Idle Time", "%util"),
];

/** Of all requests, so of reads and writes only where nothing was discarded; a mean of no request is none. */
function withoutDiscards(counter: string, title: string, scale: number): DerivedTarget {
  const from = title === "tps" ? ["tps", "dkB/s"] : [title, "dkB/s", "tps"];
  return {
    object: "PhysicalDisk",
    counter,
    from,
    value: (printed, discarded, requests) =>
      discarded === 0 && requests !== 0 ? scale * printed : undefined,
  };
}

export const SAR_DISK_TABLES: readonly TableMapping[] = [
  {
    table: "disk",
    instance: diskInstance,
    columns: targets("PhysicalDisk", {
      ...BOTH,
      tps: "Disk Transfers/sec",
      "areq-sz": ["Avg. Disk Bytes/Transfer", KIB],
      "avgrq-sz": ["Avg. Disk Bytes/Transfer", SECTOR_BYTES],
      await: ["Avg. Disk sec/Transfer", MILLISECOND],
      // Before sysstat 11.7.
      "rd_sec/s": ["Disk Read Bytes/sec", SECTOR_BYTES],
      "wr_sec/s": ["Disk Write Bytes/sec", SECTOR_BYTES],
      "avgqu-sz": "Avg. Disk Queue Length",
    }),
    derived: [
      ...OF_BOTH,
      sumOf("PhysicalDisk", "Disk Bytes/sec", ["rd_sec/s", "wr_sec/s"], SECTOR_BYTES),
    ],
  },
  {
    table: "disk with discards",
    instance: diskInstance,
    columns: targets("PhysicalDisk", { ...BOTH, "dkB/s": ["Disk Discard Bytes/sec", KIB] }),
    derived: [
      ...OF_BOTH,
      withoutDiscards("Disk Transfers/sec", "tps", 1),
      withoutDiscards("Avg. Disk Bytes/Transfer", "areq-sz", KIB),
      withoutDiscards("Avg. Disk sec/Transfer", "await", MILLISECOND),
    ],
  },
];
