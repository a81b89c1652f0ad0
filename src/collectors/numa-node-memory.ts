import { join } from "node:path";
import { type RecordedObject, recordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { undeclaredVmstat, vmstatTable } from "../procfs/vmstat.ts";
import { NODE_PREFIX, type ZoneInfo } from "../procfs/zoneinfo.ts";
import { ByteScanner } from "../util/byte-scanner.ts";
import type { NumberTable } from "../util/number-table.ts";
import { RereadFile } from "../util/reread-file.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { nodeObject } from "./numa-node-counters.ts";
import type { SharedSource } from "./shared-source.ts";
import { listFolder } from "./sysfs.ts";
import { ZoneUnits, openZoneinfo } from "./zone-units.ts";

/** Positions of the field groups. */
const VMSTAT = 0;
const ZONES = 1;

class Node {
  readonly name: string;
  readonly file: RereadFile;
  readonly numbers: NumberTable = vmstatTable();
  unit: Unit | undefined;
  /** Per number its position in the unit, or -1; made for `names`. */
  positions = new Int32Array(0);
  names: NumberTable["names"] = [];

  constructor(name: string, file: RereadFile) {
    this.name = name;
    this.file = file;
  }
}

const scanner = new ByteScanner();

class OpenNumaNodeMemory implements OpenCollector {
  readonly object: RecordedObject;
  private readonly nodes: readonly Node[];
  private readonly zones: ZoneUnits | undefined;

  constructor(
    host: HostContext,
    nodes: readonly Node[],
    zoneinfo: SharedSource<ZoneInfo> | undefined,
  ) {
    this.nodes = nodes;
    const declared = nodeObject(host.pageSizeBytes);
    const { fields } = declared.groups[VMSTAT]!;
    const present = new Set<string>();
    for (const { numbers } of nodes) {
      for (const name of numbers.names) if (name !== undefined) present.add(name);
    }
    // A single node has what the whole host has; Paging records all of that.
    const extra = nodes.length > 1 ? undeclaredVmstat(present, fields) : [];
    this.object = recordedObject(
      declared,
      (id, group) => (group === "vmstat" ? present.has(id) : zoneinfo !== undefined),
      { vmstat: extra },
    );
    this.zones =
      zoneinfo &&
      new ZoneUnits(host, zoneinfo, {
        object: this.object,
        group: ZONES,
        seconds: 10,
        instanceOf: ({ node }) => ({ name: node }),
        fieldOf: (name) => (name.startsWith(NODE_PREFIX) ? undefined : name),
      });
  }

  collect(row: SampleRow): void {
    for (const node of this.nodes) {
      const { file, numbers } = node;
      numbers.read(file.scan(scanner));
      if (numbers.names !== node.names) this.adopt(node);
      const unit = (node.unit ??= row.add(this.object, VMSTAT, { name: node.name }));
      const { positions } = node;
      for (let i = 0; i < positions.length; i++) {
        const position = positions[i]!;
        if (position >= 0) row.values[unit.slot + position] = numbers.values[i]!;
      }
      row.read(unit);
    }
    this.zones?.collect(row);
  }

  close(): void {
    for (const { file } of this.nodes) file.close();
    this.zones?.close();
  }

  private adopt(node: Node): void {
    const positionOf = new Map(this.object.groups[VMSTAT]!.fields.map(({ id }, i) => [id, i]));
    node.names = node.numbers.names;
    node.positions = Int32Array.from(node.names, (name) =>
      name === undefined ? -1 : (positionOf.get(name) ?? -1),
    );
  }
}

/** Nodes that have memory: of others the file is missing or holds nothing but zeros. */
function openNodes(sysRoot: string): Node[] {
  const folder = join(sysRoot, "devices/system/node");
  return listFolder(folder)
    .filter((name) => /^node\d+$/.test(name))
    .sort((a, b) => Number(a.slice(4)) - Number(b.slice(4)))
    .flatMap((name) => {
      const file = RereadFile.openIfPresent(join(folder, name, "vmstat"), "whole");
      if (!file) return [];
      const node = new Node(name.slice(4), file);
      node.numbers.read(file.scan(scanner));
      if (node.numbers.values.some((value) => value !== 0)) return [node];
      file.close();
      return [];
    });
}

/** Memory per NUMA node, from /sys/devices/system/node and /proc/zoneinfo. */
export const numaNodeMemory: Collector = {
  object: nodeObject(4096),
  open(host) {
    const nodes = openNodes(host.sysRoot);
    return nodes.length > 0 ? new OpenNumaNodeMemory(host, nodes, openZoneinfo(host)) : undefined;
  },
};
