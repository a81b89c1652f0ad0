import { join } from "node:path";
import { type CounterObject, counterFields, gaugeFields } from "../counter/declaration.ts";
import { attributeCollector } from "./attribute-collector.ts";
import type { AttributeInstance } from "./attribute-units.ts";
import type { Collector } from "./collector.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";
import { listFolder, pathExists, readAttribute } from "./sysfs.ts";

const declare = declareFor({
  file: "/sys/kernel/mm/transparent_hugepage/<size>/stats",
  doc: "https://docs.kernel.org/admin-guide/mm/transhuge.html",
  resource: "memory",
  since: "6.10",
});

const bad: CounterParts = { use: "saturation", better: "lower" };
const COUNTERS =
  "anon_fault_alloc anon_fault_fallback swpout swpout_fallback zswpout split split_failed".split(
    " ",
  );
const GAUGES = ["nr_anon", "nr_anon_partially_mapped"];

const object: CounterObject = {
  name: "Transparent Huge Pages",
  help:
    "Transparent huge pages by size, of programs' own memory. Sizes between one page and 2 MiB must be " +
    "enabled one by one. Newer kernels only; for all sizes together and for older kernels see the THP " +
    "counters of Paging.",
  instances: { what: "one per size that is enabled", total: false },
  cadence: 60_000,
  groups: [{ id: "size", fields: [...counterFields(COUNTERS), ...gaugeFields(GAUGES)] }],
  counters: [
    declare("Faults/sec", "anon_fault_alloc", "Page faults that got a page of this size at once."),
    declare(
      "Fault Fallbacks/sec",
      "anon_fault_fallback",
      "Page faults that wanted a page of this size and got smaller ones.",
      bad,
    ),
    declare("Pages", "nr_anon", "Pages of this size that programs have now.", {
      ...COUNT_GAUGE,
      use: "information",
    }),
    declare(
      "Pages Partially Mapped",
      "nr_anon_partially_mapped",
      "Pages of which a part was given back, and is not free until they are split.",
      { ...COUNT_GAUGE, ...bad, level: "advanced" },
    ),
    declare("Swapped Out/sec", "swpout", "Pages of this size swapped out in one piece.", {
      level: "advanced",
    }),
    declare(
      "Swap Out Fallbacks/sec",
      "swpout_fallback",
      "Pages of this size that had to be split in order to be swapped out.",
      { ...bad, level: "advanced" },
    ),
    declare("Zswapped Out/sec", "zswpout", "Pages of this size compressed into zswap.", {
      level: "advanced",
    }),
    declare("Splits/sec", "split", "Pages of this size split into smaller ones.", {
      ...bad,
      level: "advanced",
    }),
    declare("Split Failures/sec", "split_failed", "Pages of this size that could not be split.", {
      ...bad,
      level: "advanced",
    }),
  ],
};

/** Sizes that are switched off count nothing. `inherit` has the value of the folder above. */
function isEnabled(root: string, folder: string): boolean {
  const chosen = (path: string): string | undefined =>
    /\[(\w+)\]/.exec(readAttribute(join(root, path)) ?? "")?.[1];
  const own = chosen(`${folder}/enabled`);
  return (own === "inherit" ? chosen("enabled") : own) !== "never";
}

/** Huge pages by size: /sys/kernel/mm/transparent_hugepage. */
export const transparentHugePages: Collector = attributeCollector(object, ({ sysRoot }) => {
  const root = join(sysRoot, "kernel/mm/transparent_hugepage");
  return listFolder(root).flatMap((folder): AttributeInstance[] => {
    const name = /^hugepages-(\d+kB)$/.exec(folder)?.[1];
    if (name === undefined || !isEnabled(root, folder)) return [];
    const files = [...COUNTERS, ...GAUGES]
      .map((id) => ({ path: join(root, folder, "stats", id), fields: [id] }))
      .filter(({ path }) => pathExists(path));
    return files.length > 0 ? [{ identity: { name }, group: 0, files }] : [];
  });
});
