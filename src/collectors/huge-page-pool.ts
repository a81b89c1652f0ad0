import { join } from "node:path";
import { type CounterObject, gaugeFields } from "../counter/declaration.ts";
import { attributeCollector } from "./attribute-collector.ts";
import type { AttributeInstance } from "./attribute-units.ts";
import type { Collector } from "./collector.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";
import { listFolder, pathExists } from "./sysfs.ts";

const declare = declareFor({
  file: "/sys/kernel/mm/hugepages/<size>",
  doc: "https://docs.kernel.org/admin-guide/mm/hugetlbpage.html",
  resource: "memory",
});

const pages: CounterParts = { ...COUNT_GAUGE, use: "information" };
const FIELDS = ["nr_hugepages", "free_hugepages", "resv_hugepages", "surplus_hugepages"];

const object: CounterObject = {
  name: "Huge Page Pool",
  help:
    "Pools of huge pages (hugetlbfs), one per page size, which databases and virtual machines ask for. " +
    "/proc/meminfo, and so the object Memory, counts pages of the default size only.",
  instances: { what: "one per size of huge pages", total: false },
  cadence: 60_000,
  groups: [{ id: "pool", fields: gaugeFields(FIELDS) }],
  counters: [
    declare("Pages", "nr_hugepages", "Huge pages of this size in the pool, in use or not.", {
      ...pages,
      use: "capacity",
    }),
    declare("Pages Free", "free_hugepages", "Huge pages that nobody has touched.", pages),
    declare(
      "Pages Reserved",
      "resv_hugepages",
      "Free huge pages that programs were promised: not to be had by others.",
      { ...pages, level: "advanced" },
    ),
    declare("Pages Surplus", "surplus_hugepages", "Huge pages beyond the pool's set size.", {
      ...pages,
      level: "advanced",
    }),
    declare(
      "% Pages Used",
      ["nr_hugepages", "-free_hugepages"],
      "Share of the pool in use. A pool that stays nearly empty is memory lost to everybody.",
      { type: "fraction", unit: "%", base: ["nr_hugepages"], use: "utilization" },
    ),
  ],
};

/** Pools of huge pages: /sys/kernel/mm/hugepages. */
export const hugePagePool: Collector = attributeCollector(object, ({ sysRoot }) => {
  const root = join(sysRoot, "kernel/mm/hugepages");
  return listFolder(root).flatMap((folder): AttributeInstance[] => {
    const name = /^hugepages-(\d+kB)$/.exec(folder)?.[1];
    const files = FIELDS.map((id) => ({ path: join(root, folder, id), fields: [id] }));
    if (name === undefined || !files.every(({ path }) => pathExists(path))) return [];
    return [{ identity: { name }, group: 0, files }];
  });
});
