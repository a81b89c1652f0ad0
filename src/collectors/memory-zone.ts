import { type CounterObject, counterFields, gaugeFields } from "../counter/declaration.ts";
import { type RecordedObject, recordedObject } from "../counter/recorded.ts";
import type { SampleRow } from "../counter/sample-row.ts";
import { undeclaredVmstat } from "../procfs/vmstat.ts";
import { NODE_PREFIX, type ZoneInfo } from "../procfs/zoneinfo.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { type CounterParts, declareFor } from "./declare.ts";
import type { SharedSource } from "./shared-source.ts";
import { BLOCKS_COUNTERS, BLOCKS_GROUP, ZoneBlocks, openBlocks } from "./zone-blocks.ts";
import { ZoneUnits, openZoneinfo, zoneFields } from "./zone-units.ts";

const declare = declareFor({
  file: "/proc/zoneinfo",
  doc: "https://docs.kernel.org/admin-guide/sysctl/vm.html#min-free-kbytes",
  resource: "memory",
});

const allocations: CounterParts = { level: "advanced", defaultScale: -3 };

function zoneObject(pageSizeBytes: number): CounterObject {
  const size: CounterParts = {
    type: "gauge",
    unit: "bytes",
    scale: pageSizeBytes,
    defaultScale: -6,
    use: "information",
  };
  const capacity: CounterParts = { ...size, use: "capacity" };
  const advanced: CounterParts = { ...size, level: "advanced" };
  return {
    name: "Memory Zone",
    help:
      "The zones that a NUMA node's memory is divided into: DMA for old devices, DMA32 below 4 GiB, " +
      "Normal, Movable. Each has its own watermarks, at which reclaim starts: a zone can be short " +
      "while the host is not.",
    instances: { what: "one per zone that has memory, below its NUMA node", total: false },
    cadence: 10_000,
    groups: [
      {
        id: "zone",
        fields: [
          ...gaugeFields(
            (
              "free min low high boost promo spanned present managed cma nr_zone_inactive_anon " +
              "nr_zone_active_anon nr_zone_inactive_file nr_zone_active_file nr_zone_unevictable " +
              "nr_zone_write_pending nr_mlock nr_bounce nr_zspages nr_free_cma"
            ).split(" "),
          ),
          ...counterFields(
            "numa_hit numa_miss numa_foreign numa_interleave numa_local numa_other".split(" "),
          ),
        ],
      },
      BLOCKS_GROUP,
    ],
    counters: [
      declare("Free Bytes", "free", "Memory of the zone used for nothing at all.", {
        ...size,
        better: "higher",
      }),
      declare(
        "% Free to Low Watermark",
        "free",
        "Free memory against the mark at which the background reclaimer (kswapd) wakes up. Near " +
          "100 % reclaim is at work; below the minimum, programs have to reclaim themselves and wait.",
        { type: "fraction", unit: "%", base: ["low"], use: "saturation", better: "higher" },
      ),
      declare(
        "Min Watermark Bytes",
        "min",
        "Below this much free memory programs reclaim memory themselves before they get any " +
          "(vm.min_free_kbytes, shared among the zones).",
        capacity,
      ),
      declare(
        "Low Watermark Bytes",
        "low",
        "Below this much free memory the background reclaimer starts.",
        capacity,
      ),
      declare(
        "High Watermark Bytes",
        "high",
        "The background reclaimer stops when this much is free (vm.watermark_scale_factor sets the " +
          "distance of the marks).",
        capacity,
      ),
      declare(
        "Watermark Boost Bytes",
        "boost",
        "Added to the watermarks for a while because memory is fragmented: more is reclaimed than " +
          "the use of memory explains (vm.watermark_boost_factor).",
        { ...advanced, use: "saturation", better: "lower" },
      ),
      declare("Managed Bytes", "managed", "Memory of the zone that the kernel hands out.", {
        ...capacity,
        better: "higher",
      }),
      declare(
        "Present Bytes",
        "present",
        "Memory that there is in the zone, the kernel's own image and what firmware keeps included.",
        { ...advanced, use: "capacity" },
      ),
      declare(
        "Spanned Bytes",
        "spanned",
        "Addresses from the first to the last byte of the zone, holes included.",
        advanced,
      ),
      declare(
        "Contiguous Allocator Bytes",
        "cma",
        "Part of the zone that is set aside for devices that need large areas in one piece (CMA).",
        advanced,
      ),
      declare(
        "Contiguous Allocator Free Bytes",
        "nr_free_cma",
        "Part of the area set aside for devices (CMA) that is free.",
        advanced,
      ),
      declare(
        "Active Anonymous Bytes",
        "nr_zone_active_anon",
        "Programs' own memory in the zone that was used lately.",
        advanced,
      ),
      declare(
        "Inactive Anonymous Bytes",
        "nr_zone_inactive_anon",
        "Programs' own memory in the zone not used lately.",
        advanced,
      ),
      declare(
        "Active File Bytes",
        "nr_zone_active_file",
        "File cache in the zone that was used more than once.",
        advanced,
      ),
      declare(
        "Inactive File Bytes",
        "nr_zone_inactive_file",
        "File cache in the zone used once: dropped first.",
        advanced,
      ),
      declare(
        "Unevictable Bytes",
        "nr_zone_unevictable",
        "Memory in the zone that cannot be reclaimed.",
        advanced,
      ),
      declare(
        "Write Pending Bytes",
        "nr_zone_write_pending",
        "File data in the zone that waits for the disk: dirty or being written.",
        { ...advanced, resource: "disk", better: "lower" },
      ),
      declare("Locked Bytes", "nr_mlock", "Memory in the zone that programs locked.", advanced),
      declare(
        "Compressed Pool Bytes",
        "nr_zspages",
        "Memory in the zone that holds compressed pages of zram or zswap (zsmalloc).",
        advanced,
      ),
      declare(
        "NUMA Hits/sec",
        "numa_hit",
        "Pages wanted from this zone's node that came from this zone.",
        { ...allocations, better: "higher" },
      ),
      declare(
        "NUMA Misses/sec",
        "numa_miss",
        "Pages that came from this zone although another node was wanted.",
        { ...allocations, use: "saturation", better: "lower" },
      ),
      declare(
        "NUMA Other Node Allocations/sec",
        "numa_other",
        "Pages of this zone taken by programs that ran on another node.",
        { ...allocations, use: "saturation", better: "lower" },
      ),
      ...BLOCKS_COUNTERS,
    ],
  };
}

/** `free` is the same number as `nr_free_pages`. */
function fieldOf(name: string): string | undefined {
  return name.startsWith(NODE_PREFIX) || name === "nr_free_pages" ? undefined : name;
}

class OpenMemoryZone implements OpenCollector {
  readonly object: RecordedObject;
  private readonly units: ZoneUnits;
  private readonly blocks: ZoneBlocks | undefined;

  constructor(host: HostContext, source: SharedSource<ZoneInfo>) {
    const declared = zoneObject(host.pageSizeBytes);
    const fields = zoneFields(source.parser, fieldOf);
    const [zone] = declared.groups;
    const blocks = openBlocks(host);
    this.object = recordedObject(
      declared,
      (id, group) => (group === BLOCKS_GROUP.id ? blocks !== undefined : fields.has(id)),
      { [zone!.id]: undeclaredVmstat(fields, zone!.fields) },
    );
    this.blocks = blocks && new ZoneBlocks(this.object, blocks);
    this.units = new ZoneUnits(host, source, {
      object: this.object,
      group: 0,
      seconds: 0,
      instanceOf: ({ node, name }) => ({ name, parent: node }),
      fieldOf,
    });
  }

  collect(row: SampleRow): void {
    this.units.collect(row);
    this.blocks?.collect(row);
  }

  close(): void {
    this.units.close();
    this.blocks?.close();
  }
}

/** Memory per zone, from /proc/zoneinfo and /proc/buddyinfo. */
export const memoryZone: Collector = {
  object: zoneObject(4096),
  open(host) {
    const source = openZoneinfo(host);
    return source && new OpenMemoryZone(host, source);
  },
};
