import { join } from "node:path";
import { type CounterObject, counterFields, gaugeFields } from "../counter/declaration.ts";
import { type RecordedObject, recordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { NetStat } from "../procfs/net-stat.ts";
import { ByteScanner } from "../util/byte-scanner.ts";
import { RereadFile } from "../util/reread-file.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";

const declare = declareFor({
  file: "/proc/net/stat/arp_cache, ndisc_cache",
  doc: "https://man7.org/linux/man-pages/man7/arp.7.html",
  resource: "network",
});

const full: CounterParts = { use: "saturation", better: "lower" };
const error: CounterParts = { use: "errors", better: "lower" };

const object: CounterObject = {
  name: "Neighbor Table",
  help:
    "Hardware addresses of the hosts on the same network (ARP of IPv4, neighbor discovery of IPv6). " +
    "Large flat networks and container hosts overflow it: then packets to hosts that answer well " +
    "are lost.",
  instances: { what: "IPv4 and IPv6", total: false },
  cadence: 60_000,
  groups: [
    {
      id: "neighbors",
      fields: [
        ...gaugeFields(["entries", "gc_thresh3"]),
        ...counterFields(
          (
            "allocs destroys hash_grows lookups hits res_failed rcv_probes_mcast rcv_probes_ucast " +
            "periodic_gc_runs forced_gc_runs unresolved_discards table_fulls"
          ).split(" "),
        ),
      ],
    },
  ],
  counters: [
    declare("Entries", "entries", "Neighbors in the table, of all network namespaces together.", {
      ...COUNT_GAUGE,
      use: "information",
      equivalents: ["ip -s neigh show"],
    }),
    declare(
      "% Table Used",
      "entries",
      "Neighbors in the table by its limit, net.ipv4.neigh.default.gc_thresh3 (1024 unless it was " +
        "raised). Permanent entries are in the table, but not held to the limit.",
      {
        ...full,
        use: "utilization",
        type: "fraction",
        unit: "%",
        base: ["gc_thresh3"],
        field: "entries / gc_thresh3",
      },
    ),
    declare(
      "Table Overflows/sec",
      "table_fulls",
      "Neighbors that found no place because gc_thresh3 was reached: packets to them were dropped. " +
        'The kernel\'s log has "neighbour: arp_cache: neighbor table overflow!".',
      error,
    ),
    declare(
      "Failed Resolutions/sec",
      "res_failed",
      "Neighbors that did not answer when asked for their hardware address: hosts that are down, or a " +
        "network cut in two.",
      error,
    ),
    declare(
      "Discarded Packets/sec",
      "unresolved_discards",
      "Packets dropped because too many already waited for the neighbor's hardware address.",
      error,
    ),
    declare(
      "Forced Collections/sec",
      "forced_gc_runs",
      "Times that the table had to be searched at once for entries to throw out, because more than " +
        "gc_thresh2 were in it. Costs time on every new connection.",
      { ...full, level: "advanced" },
    ),
    declare("Allocations/sec", "allocs", "Neighbors entered into the table.", {
      level: "advanced",
    }),
  ],
};

const FAMILIES = [
  { name: "IPv4", file: "net/stat/arp_cache", limit: "sys/net/ipv4/neigh/default/gc_thresh3" },
  { name: "IPv6", file: "net/stat/ndisc_cache", limit: "sys/net/ipv6/neigh/default/gc_thresh3" },
] as const;

/** One address family: its files, and where its numbers go. */
class Family {
  readonly name: string;
  readonly file: RereadFile;
  readonly limit: RereadFile | undefined;
  readonly stat = new NetStat(64);
  unit: Unit | undefined;
  /** The columns' names for which `positions` were made. */
  names: readonly string[] = [];
  positions = new Int32Array(0);

  constructor(name: string, file: RereadFile, limit: RereadFile | undefined) {
    this.name = name;
    this.file = file;
    this.limit = limit;
  }
}

class OpenNeighborTable implements OpenCollector {
  readonly object: RecordedObject;
  private readonly families: readonly Family[];
  private readonly scanner = new ByteScanner();
  private readonly limitPosition: number;

  constructor(families: readonly Family[]) {
    this.families = families;
    const has = new Set<string>();
    for (const { file, limit, stat } of families) {
      stat.read(file.scan(this.scanner));
      for (const name of stat.names) has.add(name);
      if (limit) has.add("gc_thresh3");
    }
    this.object = recordedObject(object, (field) => has.has(field));
    this.limitPosition = this.positionOf("gc_thresh3");
  }

  collect(row: SampleRow): void {
    for (const family of this.families) {
      const { stat, limit } = family;
      stat.read(family.file.scan(this.scanner));
      if (stat.names !== family.names) {
        family.names = stat.names;
        family.positions = Int32Array.from(stat.names, (name) => this.positionOf(name));
      }
      const unit = (family.unit ??= row.add(this.object, 0, { name: family.name }));
      for (let i = 0; i < family.positions.length; i++) {
        const position = family.positions[i]!;
        if (position >= 0) row.values[unit.slot + position] = stat.values[i]!;
      }
      if (limit) {
        row.values[unit.slot + this.limitPosition] = limit.scan(this.scanner).integer();
      }
      row.read(unit);
    }
  }

  close(): void {
    for (const { file, limit } of this.families) {
      file.close();
      limit?.close();
    }
  }

  private positionOf(field: string): number {
    return this.object.groups[0]!.fields.findIndex(({ id }) => id === field);
  }
}

/** Neighbors: net/stat/arp_cache, net/stat/ndisc_cache. */
export const neighborTable: Collector = {
  object,
  open(host: HostContext) {
    const families: Family[] = [];
    for (const { name, file, limit } of FAMILIES) {
      const opened = RereadFile.openIfPresent(join(host.procRoot, file));
      if (!opened) continue;
      const limitFile = RereadFile.openIfPresent(join(host.procRoot, limit), "whole");
      families.push(new Family(name, opened, limitFile));
    }
    return families.length > 0 ? new OpenNeighborTable(families) : undefined;
  },
};
