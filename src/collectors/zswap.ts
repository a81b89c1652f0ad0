import { join } from "node:path";
import { type CounterObject, counterFields, gaugeFields } from "../counter/declaration.ts";
import { attributeCollector } from "./attribute-collector.ts";
import type { Collector } from "./collector.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";
import { pathExists } from "./sysfs.ts";

const declare = declareFor({
  file: "/sys/kernel/debug/zswap",
  doc: "https://docs.kernel.org/admin-guide/mm/zswap.html",
  resource: "memory",
  since: "3.11",
});

const advanced: CounterParts = { level: "advanced" };
const refused: CounterParts = { use: "saturation", better: "lower" };

const GAUGES = ["pool_total_size", "stored_pages", "same_filled_pages"];
const COUNTERS =
  "written_back_pages pool_limit_hit reject_compress_poor reject_compress_fail reject_alloc_fail reject_kmemcache_fail reject_reclaim_fail duplicate_entry decompress_fail".split(
    " ",
  );

const object: CounterObject = {
  name: "Zswap",
  help:
    "The compressed cache of swapped pages, as the kernel's debugging files tell it: why it refuses " +
    "pages, and before Linux 5.19, where Memory and Paging have no counters of it, how large it is. " +
    "Only root sees these files, and only where debugfs is mounted.",
  instances: "none",
  cadence: 10_000,
  groups: [{ id: "zswap", fields: [...gaugeFields(GAUGES), ...counterFields(COUNTERS)] }],
  counters: [
    declare("Pool Bytes", "pool_total_size", "Memory that the compressed pages take.", {
      type: "gauge",
      unit: "bytes",
      use: "information",
      better: "lower",
      defaultScale: -6,
    }),
    declare("Pages Stored", "stored_pages", "Pages of memory that are in it, before compression.", {
      ...COUNT_GAUGE,
      use: "information",
      defaultScale: -3,
    }),
    declare(
      "Same Filled Pages",
      "same_filled_pages",
      "Pages of one repeated value (zeros) among them, which take no memory at all. Gone since 6.12, " +
        "where swap itself knows such pages.",
      { ...COUNT_GAUGE, ...advanced, use: "information", since: "4.16" },
    ),
    declare(
      "Pages Written Back/sec",
      "written_back_pages",
      "Pages that were moved on to the swap device to make room: it is too small for what is used.",
      refused,
    ),
    declare(
      "Pool Limit Hits/sec",
      "pool_limit_hit",
      "Times that the pool was as large as it may be (max_pool_percent of memory). Pages then go to " +
        "the swap device.",
      refused,
    ),
    declare(
      "Incompressible Pages Refused/sec",
      "reject_compress_poor",
      "Pages that did not become smaller and went to the swap device.",
      refused,
    ),
    declare(
      "Compression Failures/sec",
      "reject_compress_fail",
      "Pages that went to the swap device because the compressor failed.",
      { use: "errors", better: "lower", ...advanced, since: "6.7" },
    ),
    declare(
      "Allocation Failures/sec",
      "reject_alloc_fail",
      "Pages that went to the swap device because there was no memory to keep them in.",
      { ...refused, ...advanced },
    ),
    declare(
      "Bookkeeping Failures/sec",
      "reject_kmemcache_fail",
      "Pages that went to the swap device because there was no memory for their entry.",
      { ...refused, ...advanced },
    ),
    declare(
      "Reclaim Failures/sec",
      "reject_reclaim_fail",
      "Pages that were refused at the limit because none could be moved out.",
      { ...refused, ...advanced },
    ),
    declare(
      "Duplicate Pages/sec",
      "duplicate_entry",
      "Pages that were in it already when they were stored anew. Older kernels only.",
      { ...advanced },
    ),
    declare(
      "Decompression Failures/sec",
      "decompress_fail",
      "Pages that could not be decompressed: their content is lost.",
      { use: "errors", better: "lower", ...advanced, since: "6.15" },
    ),
  ],
};

/** The kernel's debugging files of zswap: /sys/kernel/debug/zswap. */
export const zswap: Collector = attributeCollector(object, ({ sysRoot }) => {
  const files = [...GAUGES, ...COUNTERS]
    .map((id) => ({ path: join(sysRoot, "kernel/debug/zswap", id), fields: [id] }))
    .filter(({ path }) => pathExists(path));
  return files.length > 0 ? [{ identity: { name: "" }, group: 0, files }] : [];
});
