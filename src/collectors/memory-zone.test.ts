import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProcTree } from "../../test/support/proc-tree.ts";
import { SampleRow } from "../counter/sample-row.ts";
import type { OpenCollector } from "./collector.ts";
import { memoryZone } from "./memory-zone.ts";
import { numaNodeMemory } from "./numa-node-memory.ts";

let tree: ProcTree;
let row: SampleRow;
beforeEach(() => {
  tree = new ProcTree();
  row = new SampleRow();
});
afterEach(() => tree.remove());

/** As kernels since 4.12 print it: node statistics above the first zone, empty zones cut short. */
interface ZoneText {
  readonly node: number;
  readonly zone: string;
  readonly free?: number;
  readonly hits?: number;
  readonly ofNode?: Readonly<Record<string, number>>;
  readonly cpus?: number;
}

function zoneText({ node, zone, free, hits = 0, ofNode, cpus = 2 }: ZoneText): string {
  const lines = [`Node ${node}, zone ${zone.padStart(8)}`];
  if (ofNode) lines.push("  per-node stats");
  for (const [name, value] of Object.entries(ofNode ?? {})) lines.push(`      ${name} ${value}`);
  const size = free === undefined ? 0 : 5000;
  lines.push(`  pages free     ${free ?? 0}`, "        min      26", "        low      32");
  lines.push(
    `        present  ${size}`,
    `        managed  ${size}`,
    "        protection: (0, 3019)",
  );
  if (free === undefined) return `${lines.join("\n")}\n`;
  lines.push(`      nr_free_pages ${free}`, "      nr_mlock     7", `      numa_hit     ${hits}`);
  lines.push("  pagesets");
  for (let cpu = 0; cpu < cpus; cpu++) {
    lines.push(`    cpu: ${cpu}`, `              count: ${cpu + free}`, "              high:  252");
  }
  return `${[...lines, "  node_unreclaimable:  0", "  start_pfn:           1"].join("\n")}\n`;
}

const write = (...zones: ZoneText[]): void => tree.write("zoneinfo", zones.map(zoneText).join(""));

/** Per `parent/instance` what was read of it. */
function sample(open: OpenCollector): Record<string, Record<string, number>> {
  row.begin();
  open.collect(row);
  const read = row.units.filter((unit) => row.isRead(unit));
  return Object.fromEntries(
    read.map(({ instance, object, slot }) => [
      [instance.parent, instance.name].filter((part) => part !== undefined).join("/"),
      Object.fromEntries(object.groups[0]!.fields.map(({ id }, i) => [id, row.values[slot + i]!])),
    ]),
  );
}

describe("Memory Zone", () => {
  it("gives each zone that has memory, once per number, without the CPUs' lists", () => {
    write(
      { node: 0, zone: "DMA", free: 3840, ofNode: { nr_dirty: 5 } },
      { node: 0, zone: "Normal", free: 100, hits: 9 },
      { node: 0, zone: "Movable" },
    );
    const open = memoryZone.open(tree.context)!;
    const common = { min: 26, low: 32, present: 5000, managed: 5000, nr_mlock: 7 };
    expect(sample(open)).toEqual({
      "0/DMA": { free: 3840, numa_hit: 0, ...common },
      "0/Normal": { free: 100, numa_hit: 9, ...common },
    });
    write(
      { node: 0, zone: "DMA", free: 3841, ofNode: { nr_dirty: 5 } },
      { node: 0, zone: "Normal", free: 99, hits: 12 },
      { node: 0, zone: "Movable" },
    );
    expect(sample(open)).toMatchObject({ "0/DMA": { free: 3841 }, "0/Normal": { numa_hit: 12 } });
    open.close();
  });

  it("adds a zone to which memory was added while it runs, and keeps the others", () => {
    write({ node: 0, zone: "Normal", free: 1 }, { node: 0, zone: "Movable" });
    const open = memoryZone.open(tree.context)!;
    sample(open);
    const [normal] = row.units;
    write({ node: 0, zone: "Normal", free: 2 }, { node: 0, zone: "Movable", free: 50 });
    expect(sample(open)).toMatchObject({ "0/Normal": { free: 2 }, "0/Movable": { free: 50 } });
    expect(row.units[0]).toBe(normal);
    write({ node: 0, zone: "Normal", free: 3 });
    expect(Object.keys(sample(open))).toEqual(["0/Normal"]);
    open.close();
  });

  it("knows how large a page is here", () => {
    write({ node: 0, zone: "Normal", free: 1 });
    const open = memoryZone.open({ ...tree.context, pageSizeBytes: 65536 })!;
    expect(open.object.counters.find(({ name }) => name === "Free Bytes")?.scale).toBe(65536);
    open.close();
  });

  it("reads a file that many CPUs make long every 10 s only", () => {
    write({ node: 0, zone: "Normal", free: 1, cpus: 400 });
    const open = memoryZone.open(tree.context)!;
    const read: boolean[] = [];
    for (const seconds of [0, 1, 9, 10, 11]) {
      tree.seconds = 1000 + seconds;
      read.push(Object.keys(sample(open)).length > 0);
    }
    expect(read).toEqual([true, false, false, true, false]);
    open.close();
  });

  it("is not there without zones", () => {
    expect(memoryZone.open(tree.context)).toBeUndefined();
    tree.write("zoneinfo", "");
    expect(memoryZone.open(tree.context)).toBeUndefined();
  });
});

describe("NUMA Node Memory", () => {
  it("adds up the zones of a node, beside what the kernel keeps per node", () => {
    write(
      { node: 0, zone: "DMA", free: 3840, hits: 1, ofNode: { nr_dirty: 5, nr_new: 1 } },
      { node: 0, zone: "Normal", free: 100, hits: 9 },
      { node: 1, zone: "Normal", free: 20, hits: 4, ofNode: { nr_dirty: 6, nr_new: 2 } },
      { node: 2, zone: "Normal" },
    );
    const open = numaNodeMemory.open(tree.context)!;
    expect(sample(open)).toEqual({
      "0": {
        free: 3940,
        min: 52,
        low: 64,
        present: 10000,
        managed: 10000,
        nr_dirty: 5,
        numa_hit: 10,
        nr_new: 1,
        nr_mlock: 14,
      },
      "1": {
        free: 20,
        min: 26,
        low: 32,
        present: 5000,
        managed: 5000,
        nr_dirty: 6,
        numa_hit: 4,
        nr_new: 2,
        nr_mlock: 7,
      },
    });
    open.close();
  });

  it("adds up kernels before 4.8, which keep everything per zone", () => {
    tree.write(
      "zoneinfo",
      ["DMA", "Normal"]
        .map(
          (zone, i) =>
            `Node 0, zone ${zone.padStart(8)}\n  pages free     10\n        min      3\n        low      4\n` +
            `        high     5\n        scanned  0\n        spanned  30\n        present  20\n` +
            `    nr_free_pages 10\n    nr_inactive_file ${40 + i}\n    numa_hit     5\n        protection: (0, 1)\n` +
            "  pagesets\n    cpu: 0\n              count: 1\n  all_unreclaimable: 0\n  start_pfn:         1\n",
        )
        .join(""),
    );
    const open = numaNodeMemory.open(tree.context)!;
    expect(sample(open)["0"]).toEqual({
      free: 20,
      min: 6,
      low: 8,
      high: 10,
      present: 40,
      nr_inactive_file: 81,
      numa_hit: 10,
    });
    open.close();
  });

  it("leaves out what nobody asked for where /proc/vmstat has it", () => {
    write({ node: 0, zone: "Normal", free: 1, ofNode: { nr_dirty: 5, nr_new: 1 } });
    const open = numaNodeMemory.open(tree.context)!;
    expect(Object.keys(sample(open)["0"]!)).not.toContain("nr_new");
    open.close();
  });
});
