import { join } from "node:path";
import { type CounterObject, counterFields, gaugeFields } from "../counter/declaration.ts";
import { attributeCollector } from "./attribute-collector.ts";
import type { AttributeInstance } from "./attribute-units.ts";
import type { Collector } from "./collector.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";
import { countNumbers, listFolder } from "./sysfs.ts";

const declare = declareFor({
  file: "/sys/block/<zram>/mm_stat",
  doc: "https://docs.kernel.org/admin-guide/blockdev/zram.html",
  resource: "memory",
});

const size: CounterParts = {
  type: "gauge",
  unit: "bytes",
  use: "information",
  defaultScale: -6,
};
const io: CounterParts = { type: "delta", unit: "count", use: "errors", better: "lower" };
const ofIo: CounterParts = { ...io, file: "/sys/block/<zram>/io_stat" };
const backing: CounterParts = {
  unit: "bytes/s",
  // Units of 4 KiB.
  scale: 4096,
  resource: "disk",
  level: "advanced",
  file: "/sys/block/<zram>/bd_stat",
};

/** In the order of the files; newer kernels have more. */
const MM_STAT = (
  "orig_data_size compr_data_size mem_used_total mem_limit mem_used_max same_pages " +
  "pages_compacted huge_pages huge_pages_since"
).split(" ");
const IO_STAT = "failed_reads failed_writes invalid_io notify_free".split(" ");
const BD_STAT = "bd_count bd_reads bd_writes".split(" ");
const COUNTERS = new Set([
  ...IO_STAT,
  "pages_compacted",
  "huge_pages_since",
  "bd_reads",
  "bd_writes",
]);
const FIELDS = [...MM_STAT, ...IO_STAT, ...BD_STAT];

const object: CounterObject = {
  name: "Zram",
  help:
    "Disks in memory whose content is compressed, most often used as swap. Pages swapped to one cost " +
    "CPU time and a part of the memory that they free.",
  instances: { what: "one per zram device", total: false },
  cadence: 10_000,
  groups: [
    {
      id: "zram",
      fields: [
        ...gaugeFields(FIELDS.filter((id) => !COUNTERS.has(id))),
        ...counterFields(FIELDS.filter((id) => COUNTERS.has(id))),
      ],
    },
  ],
  counters: [
    declare("Original Bytes", "orig_data_size", "Data stored, before compression.", {
      ...size,
      equivalents: ["zramctl DATA"],
    }),
    declare("Compressed Bytes", "compr_data_size", "The same data after compression.", {
      ...size,
      equivalents: ["zramctl COMPR"],
    }),
    declare(
      "Memory Used Bytes",
      "mem_used_total",
      "Memory that the device takes, with the allocator's waste: what it costs.",
      { ...size, better: "lower", equivalents: ["zramctl TOTAL"] },
    ),
    declare(
      "Maximum Memory Used Bytes",
      "mem_used_max",
      "The most memory that the device has taken since it was set up.",
      { ...size, level: "advanced" },
    ),
    declare(
      "Memory Limit Bytes",
      "mem_limit",
      "Memory that the device may take, 0 for any amount. Writes fail beyond it.",
      { ...size, use: "capacity", level: "advanced" },
    ),
    declare(
      "% Memory Used of Original",
      "mem_used_total",
      "Memory that the device takes against the data in it. 30 % is usual; near 100 % the data does " +
        "not compress, and the device only burns CPU time.",
      {
        type: "fraction",
        unit: "%",
        base: ["orig_data_size"],
        use: "utilization",
        better: "lower",
      },
    ),
    declare(
      "Same Pages",
      "same_pages",
      "Pages of one repeated value (zeros), which take no memory at all.",
      { ...COUNT_GAUGE, level: "advanced", use: "information" },
    ),
    declare(
      "Incompressible Pages",
      "huge_pages",
      "Pages kept as they are because they do not compress.",
      { ...COUNT_GAUGE, level: "advanced", use: "saturation", better: "lower" },
    ),
    declare(
      "Pages Compacted/sec",
      "pages_compacted",
      "Pages that compaction of the device's memory freed.",
      { level: "advanced" },
    ),
    declare("Failed Reads", "failed_reads", "Reads in the interval that failed.", { ...ofIo }),
    declare(
      "Failed Writes",
      "failed_writes",
      "Writes in the interval that failed: out of memory, or at the limit.",
      { ...ofIo },
    ),
    declare("Written Back Bytes", "bd_count", "Data that was moved on to a real disk.", {
      ...size,
      scale: 4096,
      resource: "disk",
      level: "advanced",
      file: "/sys/block/<zram>/bd_stat",
    }),
    declare("Backing Read Bytes/sec", "bd_reads", "Data read back from that disk.", {
      ...backing,
      better: "lower",
    }),
    declare("Backing Write Bytes/sec", "bd_writes", "Data moved on to that disk.", { ...backing }),
  ],
};

const FILES: readonly (readonly [file: string, fields: readonly string[]])[] = [
  ["mm_stat", MM_STAT],
  ["io_stat", IO_STAT],
  ["bd_stat", BD_STAT],
];

/** Compressed disks in memory: /sys/block/zram<n>. */
export const zram: Collector = attributeCollector(object, ({ sysRoot }) =>
  listFolder(join(sysRoot, "block"))
    .filter((name) => /^zram\d+$/.test(name))
    .map((name): AttributeInstance => {
      const files = FILES.map(([file, fields]) => {
        const path = join(sysRoot, "block", name, file);
        return { path, fields: fields.slice(0, countNumbers(path)) };
      });
      return {
        identity: { name },
        group: 0,
        files: files.filter(({ fields }) => fields.length > 0),
      };
    })
    .filter(({ files }) => files.length > 0),
);
