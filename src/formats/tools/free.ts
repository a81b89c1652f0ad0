/**
 * free's cells, in KiB. Not mapped: `used` of procps 3 (other formulas), `cache` (slab is part of
 * it), Low, High, Total.
 */
import type { ColumnTarget, DerivedTarget, ToolMapping } from "./mapping.ts";

const KIB = 1024;
const bytes = (counter: string): ColumnTarget => ({ object: "Memory", counter, scale: KIB });

const share = (counter: string, part: string, whole: string): DerivedTarget => ({
  object: "Memory",
  counter,
  from: [part, whole],
  value: (partKib, wholeKib) => (wholeKib > 0 ? (100 * partKib) / wholeKib : undefined),
});

const CACHES: DerivedTarget = {
  object: "Memory",
  counter: "Buffers and Cache Bytes",
  from: ["buffers", "cache"],
  value: (buffers, cache) => (buffers + cache) * KIB,
};

const SINCE_3_3 = {
  total: bytes("Total Bytes"),
  free: bytes("Free Bytes"),
  shared: bytes("Shared Memory Bytes"),
  "buff/cache": bytes("Buffers and Cache Bytes"),
  buffers: bytes("Buffers Bytes"),
  available: bytes("Available Bytes"),
};

export const freeMapping: ToolMapping = {
  tool: "free",
  tables: [
    {
      table: "memory",
      columns: { ...SINCE_3_3, used: bytes("Used Bytes") },
      derived: [share("% Memory Used", "used", "total"), CACHES],
    },
    {
      table: "memory 3.3",
      columns: SINCE_3_3,
      derived: [
        {
          object: "Memory",
          counter: "Used Bytes",
          from: ["total", "available"],
          value: (total, available) => (total - available) * KIB,
        },
        {
          object: "Memory",
          counter: "% Memory Used",
          from: ["total", "available"],
          value: (total, available) =>
            total > 0 ? (100 * (total - available)) / total : undefined,
        },
        CACHES,
      ],
    },
    {
      table: "memory 3.2",
      // Not mapped: shared, which is always 0 there.
      columns: {
        total: bytes("Total Bytes"),
        free: bytes("Free Bytes"),
        buffers: bytes("Buffers Bytes"),
        cached: bytes("Cache Bytes"),
      },
    },
    {
      table: "swap",
      columns: { total: bytes("Swap Total Bytes"), free: bytes("Swap Free Bytes") },
      derived: [share("% Swap Used", "used", "total")],
    },
    {
      table: "committed",
      columns: { total: bytes("Commit Limit"), used: bytes("Committed Bytes") },
      derived: [share("% Committed Bytes In Use", "used", "total")],
    },
  ],
};
