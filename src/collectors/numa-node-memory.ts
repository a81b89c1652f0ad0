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
import { type SharedSource, openShared } from "./shared-source.ts";
import { listFolder } from "./sysfs.ts";
import { ZoneUnits, openZoneinfo } from "./zone-units.ts";

/** Positions of the field groups. */
const VMSTAT = 0;
const ZONES = 1;

/** Where the numbers of a node come from: a file of the kind of vmstat, read when asked. */
interface NumberSource {
  refresh(row: SampleRow): NumberTable;
  release(): void;
}

class Node {
  readonly name: string;
  readonly source: NumberSource;
  unit: Unit | undefined;
  /** Per number its position in the unit, or -1; made for `names`. */
  positions = new Int32Array(0);
  names: NumberTable["names"] = [];

  constructor(name: string, source: NumberSource) {
    this.name = name;
    this.source = source;
  }
}

const scanner = new ByteScanner();

/** The file of one node of several. */
class NodeFile implements NumberSource {
  readonly parser: NumberTable = vmstatTable();
  private readonly file: RereadFile;

  constructor(file: RereadFile) {
    this.file = file;
    this.parser.read(file.scan(scanner));
  }

  refresh(): NumberTable {
    this.parser.read(this.file.scan(scanner));
    return this.parser;
  }

  release(): void {
    this.file.close();
  }
}

class OpenNumaNodeMemory implements OpenCollector {
  readonly object: RecordedObject;
  private readonly nodes: readonly Node[];
  private readonly zones: ZoneUnits | undefined;

  /** @param names of the numbers that the nodes have */
  constructor(
    host: HostContext,
    { nodes, names }: Nodes,
    zoneinfo: SharedSource<ZoneInfo> | undefined,
  ) {
    this.nodes = nodes;
    const declared = nodeObject(host.pageSizeBytes);
    const { fields } = declared.groups[VMSTAT]!;
    const present = new Set<string>();
    for (const name of names) if (name !== undefined) present.add(name);
    // Paging records the rest of what a single node has.
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
      const numbers = node.source.refresh(row);
      if (numbers.names !== node.names) this.adopt(node, numbers.names);
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
    for (const { source } of this.nodes) source.release();
    this.zones?.close();
  }

  private adopt(node: Node, names: NumberTable["names"]): void {
    const positionOf = new Map(this.object.groups[VMSTAT]!.fields.map(({ id }, i) => [id, i]));
    node.names = names;
    node.positions = Int32Array.from(names, (name) =>
      name === undefined ? -1 : (positionOf.get(name) ?? -1),
    );
  }
}

interface Nodes {
  readonly nodes: readonly Node[];
  readonly names: NumberTable["names"];
}

/** Nodes that have memory: of others the file is missing or holds nothing but zeros. */
function openNodes(host: HostContext): Nodes | undefined {
  const folder = join(host.sysRoot, "devices/system/node");
  const found = listFolder(folder)
    .filter((name) => /^node\d+$/.test(name))
    .sort((a, b) => Number(a.slice(4)) - Number(b.slice(4)))
    .flatMap((name) => {
      const file = RereadFile.openIfPresent(join(folder, name, "vmstat"), "whole");
      return file ? [{ name: name.slice(4), source: new NodeFile(file) }] : [];
    });
  const filled = found.filter(({ source }) => source.parser.values.some((value) => value !== 0));
  if (filled.length > 1) {
    for (const node of found) if (!filled.includes(node)) node.source.release();
    const names = filled.flatMap(({ source }) => [...source.parser.names]);
    return { nodes: filled.map(({ name, source }) => new Node(name, source)), names };
  }
  // A single node has what the whole host has, and that is read for Paging anyway.
  for (const { source } of found) source.release();
  const shared = openShared(host, "vmstat", "pieces", vmstatTable);
  if (!shared) return undefined;
  const { names } = shared.parser;
  return { nodes: [new Node(filled[0]?.name ?? "0", shared)], names };
}

/** Memory per NUMA node, from /sys/devices/system/node and /proc/zoneinfo. */
export const numaNodeMemory: Collector = {
  object: nodeObject(4096),
  open(host) {
    const nodes = openNodes(host);
    return nodes && new OpenNumaNodeMemory(host, nodes, openZoneinfo(host));
  },
};
