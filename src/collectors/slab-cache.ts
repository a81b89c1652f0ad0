import { type CounterObject, gaugeFields } from "../counter/declaration.ts";
import { type RecordedObject, recordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { SLAB_WIDTH, type SlabCacheLine, SlabInfo } from "../procfs/slabinfo.ts";
import { systemErrorCode } from "../util/errors.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { COUNT_GAUGE, declareFor } from "./declare.ts";
import { type SharedSource, openShared } from "./shared-source.ts";

const declare = declareFor({
  file: "/proc/slabinfo",
  doc: "https://man7.org/linux/man-pages/man5/slabinfo.5.html",
  resource: "memory",
});

/** The caches that take the most memory; those shown stay until they are far below. */
const SHOWN = 20;
const KEPT = 2 * SHOWN;
const PAGES = 2;

function slabObject(pageSizeBytes: number): CounterObject {
  return {
    name: "Slab Cache",
    help:
      "Memory of the kernel's own objects, by kind: inodes and directory entries of file systems, " +
      "network buffers, and so on. The largest ones. It tells who is behind Kernel Slab Bytes of the " +
      "object Memory. Only root may read it.",
    instances: { what: `the ${SHOWN} caches that take the most memory`, total: true },
    cadence: 60_000,
    groups: [{ id: "slab", fields: gaugeFields(["active_objs", "num_objs", "pages"]) }],
    counters: [
      declare("Bytes", "pages", "Memory that the cache takes.", {
        type: "gauge",
        unit: "bytes",
        scale: pageSizeBytes,
        use: "information",
        better: "lower",
        defaultScale: -6,
        field: "num_slabs x pagesperslab",
        equivalents: ["slabtop CACHE SIZE"],
      }),
      declare(
        "Objects In Use",
        "active_objs",
        "Objects of this kind that the kernel has in use. Growth without end is a leak.",
        {
          ...COUNT_GAUGE,
          use: "information",
          better: "lower",
          defaultScale: -3,
          equivalents: ["slabtop ACTIVE"],
        },
      ),
      declare("Objects", "num_objs", "Objects that there is room for in the cache's memory.", {
        ...COUNT_GAUGE,
        use: "information",
        level: "advanced",
        defaultScale: -3,
        equivalents: ["slabtop OBJS"],
      }),
      declare(
        "% Objects In Use",
        "active_objs",
        "Share of that room in use. Low, with many bytes: the cache was large once, and what is left " +
          "is scattered so that its memory does not come back.",
        {
          type: "fraction",
          unit: "%",
          base: ["num_objs"],
          use: "utilization",
          level: "advanced",
          equivalents: ["slabtop USE"],
        },
      ),
    ],
  };
}

class OpenSlabCache implements OpenCollector {
  readonly object: RecordedObject;
  private readonly source: SharedSource<SlabInfo>;
  private readonly units = new Map<SlabCacheLine, Unit>();
  private total: Unit | undefined;
  private readonly sums = new Float64Array(SLAB_WIDTH);

  constructor(host: HostContext, source: SharedSource<SlabInfo>) {
    this.object = recordedObject(slabObject(host.pageSizeBytes));
    this.source = source;
  }

  collect(row: SampleRow): void {
    const info = this.source.refresh(row);
    this.choose(row, info);
    const { caches, values } = info;
    const { sums } = this;
    sums.fill(0);
    for (let i = 0; i < caches.length; i++) {
      const unit = this.units.get(caches[i]!);
      for (let k = 0; k < SLAB_WIDTH; k++) {
        const value = values[i * SLAB_WIDTH + k]!;
        sums[k] = sums[k]! + value;
        if (unit) row.values[unit.slot + k] = value;
      }
      if (unit) row.read(unit);
    }
    const total = (this.total ??= row.add(this.object, 0, { name: "_Total" }));
    row.values.set(sums, total.slot);
    row.read(total);
  }

  close(): void {
    this.source.release();
  }

  /** Every 60 s: a few small arrays do not matter. */
  private choose(row: SampleRow, { caches, values }: SlabInfo): void {
    const pagesOf = (i: number): number => values[i * SLAB_WIDTH + PAGES]!;
    const order = caches.map((_, i) => i).sort((a, b) => pagesOf(b) - pagesOf(a));
    const kept = new Set(order.slice(0, KEPT).map((i) => caches[i]!));
    for (const [cache, unit] of this.units) {
      if (kept.has(cache)) continue;
      row.remove(unit);
      this.units.delete(cache);
    }
    for (const i of order.slice(0, SHOWN)) {
      const { name, objectBytes } = caches[i]!;
      if (pagesOf(i) === 0 || this.units.has(caches[i]!)) continue;
      const attributes = { objectBytes: String(objectBytes) };
      this.units.set(caches[i]!, row.add(this.object, 0, { name, attributes }));
    }
  }
}

/** Kernel objects by kind, from /proc/slabinfo; nothing where it may not be read. */
export const slabCache: Collector = {
  object: slabObject(4096),
  open(host) {
    try {
      const source = openShared(host, "slabinfo", "pieces", () => new SlabInfo());
      return source && new OpenSlabCache(host, source);
    } catch (error) {
      // Not root: normal, not a failure.
      if (systemErrorCode(error) === "EACCES" || systemErrorCode(error) === "EPERM") {
        return undefined;
      }
      throw error;
    }
  },
};
