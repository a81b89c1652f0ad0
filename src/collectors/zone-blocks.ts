/** The part of `Memory Zone` that tells how fragmented free memory is: /proc/buddyinfo. */
import { type Counter, gaugeFields } from "../counter/declaration.ts";
import type { RecordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { buddyinfoTable } from "../procfs/buddyinfo.ts";
import type { NumberTable } from "../util/number-table.ts";
import type { HostContext } from "./collector.ts";
import { type CounterParts, declareFor } from "./declare.ts";
import { type SharedSource, openShared } from "./shared-source.ts";

const declare = declareFor({
  file: "/proc/buddyinfo",
  doc: "https://docs.kernel.org/filesystems/proc.html#kernel-data",
  resource: "memory",
});

/** Free pages by the size of the block that they lie in: [field, order from which it counts]. */
const SIZES: readonly (readonly [field: string, order: number])[] = [
  ["block_pages", 0],
  ["block_pages_16", 4],
  ["block_pages_512", 9],
];

export const BLOCKS_GROUP = { id: "blocks", fields: gaugeFields(SIZES.map(([field]) => field)) };

const share: CounterParts = {
  group: BLOCKS_GROUP.id,
  type: "fraction",
  unit: "%",
  base: ["block_pages"],
  use: "saturation",
  better: "higher",
  level: "advanced",
};

export const BLOCKS_COUNTERS: readonly Counter[] = [
  declare(
    "% Free in Blocks of 16 Pages",
    "block_pages_16",
    "Share of free memory that lies in blocks of 16 pages (64 KiB) and more. Low means that network " +
      "buffers and kernel stacks have to wait for compaction although memory is free.",
    { ...share, field: "orders 4 and above, in pages, by all orders" },
  ),
  declare(
    "% Free in Blocks of 512 Pages",
    "block_pages_512",
    "Share of free memory that lies in blocks of 512 pages (2 MiB) and more, as huge pages of x86 need " +
      "them. Near 0, huge pages are to be had by compaction only.",
    { ...share, field: "orders 9 and above, in pages, by all orders" },
  ),
];

const NAME = /^buddy\.(\d+)\.(.+)\.(\d+)$/;

export class ZoneBlocks {
  private readonly object: RecordedObject;
  private readonly group: number;
  private readonly source: SharedSource<NumberTable>;
  private names: NumberTable["names"] = [];
  /** Per number its unit, and its order. */
  private unitOf: (Unit | undefined)[] = [];
  private orders = new Int32Array(0);
  private units: Unit[] = [];

  constructor(object: RecordedObject, source: SharedSource<NumberTable>) {
    this.object = object;
    this.group = object.groups.findIndex(({ id }) => id === BLOCKS_GROUP.id);
    this.source = source;
  }

  collect(row: SampleRow): void {
    const table = this.source.refresh(row);
    if (table.names !== this.names) this.adopt(row, table.names);
    const { values } = row;
    for (const { slot, width } of this.units) values.fill(0, slot, slot + width);
    for (let i = 0; i < this.unitOf.length; i++) {
      const unit = this.unitOf[i];
      if (!unit) continue;
      const order = this.orders[i]!;
      const pages = table.values[i]! * 2 ** order;
      for (let k = 0; k < SIZES.length; k++) {
        const slot = unit.slot + k;
        if (order >= SIZES[k]![1]) values[slot] = values[slot]! + pages;
      }
    }
    for (const unit of this.units) row.read(unit);
  }

  close(): void {
    this.source.release();
  }

  private adopt(row: SampleRow, names: NumberTable["names"]): void {
    this.names = names;
    const known = new Map(this.units.map((unit) => [pathOf(unit.instance), unit]));
    const units = new Map<string, Unit>();
    this.orders = new Int32Array(names.length);
    this.unitOf = names.map((name, i) => {
      const [, parent, zone, order] = NAME.exec(name ?? "") ?? [];
      if (parent === undefined || zone === undefined) return undefined;
      this.orders[i] = Number(order);
      const instance = { name: zone, parent };
      const path = pathOf(instance);
      const unit = units.get(path) ?? known.get(path) ?? row.add(this.object, this.group, instance);
      units.set(path, unit);
      return unit;
    });
    for (const [path, unit] of known) if (!units.has(path)) row.remove(unit);
    this.units = [...units.values()];
  }
}

function pathOf({ parent, name }: { readonly parent?: string; readonly name: string }): string {
  return `${parent ?? ""}/${name}`;
}

export function openBlocks(host: HostContext): SharedSource<NumberTable> | undefined {
  return openShared(host, "buddyinfo", "pieces", buddyinfoTable);
}
