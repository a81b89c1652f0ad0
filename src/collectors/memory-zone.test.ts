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
  const result: Record<string, Record<string, number>> = {};
  for (const unit of row.units.filter((each) => row.isRead(each))) {
    const { instance, object, group, slot } = unit;
    const path = [instance.parent, instance.name].filter((part) => part !== undefined).join("/");
    const into = (result[path] ??= {});
    object.groups[group]!.fields.forEach(({ id }, i) => (into[id] = row.values[slot + i]!));
  }
  return result;
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
    tree.seconds += 10;
    expect(sample(open)).toMatchObject({ "0/DMA": { free: 3841 }, "0/Normal": { numa_hit: 12 } });
    open.close();
  });

  it("adds a zone to which memory was added while it runs, and keeps the others", () => {
    write({ node: 0, zone: "Normal", free: 1 }, { node: 0, zone: "Movable" });
    const open = memoryZone.open(tree.context)!;
    sample(open);
    const [normal] = row.units;
    write({ node: 0, zone: "Normal", free: 2 }, { node: 0, zone: "Movable", free: 50 });
    tree.seconds += 10;
    expect(sample(open)).toMatchObject({ "0/Normal": { free: 2 }, "0/Movable": { free: 50 } });
    expect(row.units[0]).toBe(normal);
    write({ node: 0, zone: "Normal", free: 3 });
    tree.seconds += 10;
    expect(Object.keys(sample(open))).toEqual(["0/Normal"]);
    open.close();
  });

  it("tells how much of the free memory lies in large blocks", () => {
    write({ node: 0, zone: "Normal", free: 1 });
    tree.write(
      "buddyinfo",
      "Node 0, zone      DMA      1      0      0      0      2      1      0      0      0      0      3\n" +
        "Node 0, zone   Normal      5      1      0      0      0      0      0      0      0      1      0\n",
    );
    const open = memoryZone.open(tree.context)!;
    const { "0/DMA": dma, "0/Normal": normal } = sample(open);
    expect(dma).toEqual({ block_pages: 3137, block_pages_16: 3136, block_pages_512: 3072 });
    expect(normal).toMatchObject({ block_pages: 519, block_pages_16: 512, block_pages_512: 512 });
    open.close();
  });

  it("knows how large a page is here", () => {
    write({ node: 0, zone: "Normal", free: 1 });
    const open = memoryZone.open({ ...tree.context, pageSizeBytes: 65536 })!;
    expect(open.object.counters.find(({ name }) => name === "Free Bytes")?.scale).toBe(65536);
    open.close();
  });

  it.each([
    ["whenever it is asked", 2, [true, true, true, true, true]],
    ["less often where many CPUs make it long", 3000, [true, false, false, false, true]],
  ])("reads the file %s", (_, cpus, expected) => {
    write({ node: 0, zone: "Normal", free: 1, cpus });
    const open = memoryZone.open(tree.context)!;
    const read: boolean[] = [];
    for (const seconds of [0, 9, 10, 19, 20]) {
      tree.seconds = 1000 + seconds;
      read.push(Object.keys(sample(open)).length > 0);
    }
    expect(read).toEqual(expected);
    open.close();
  });

  it("is not there without zones", () => {
    expect(memoryZone.open(tree.context)).toBeUndefined();
    tree.write("zoneinfo", "");
    expect(() => memoryZone.open(tree.context)).toThrow("there are no zones in it");
  });
});

describe("NUMA Node Memory", () => {
  const vmstat = (node: number, text: string): void =>
    tree.write(`../sys/devices/system/node/node${node}/vmstat`, text);

  it("reads each node that has memory, every sample, and sums of its zones every 10 s", () => {
    vmstat(0, "nr_free_pages 3940\nnuma_hit 10\nnr_new 1\n");
    vmstat(1, "nr_free_pages 20\nnuma_hit 4\nnr_new 2\n");
    vmstat(2, "nr_free_pages 0\nnuma_hit 0\nnr_new 0\n");
    write(
      { node: 0, zone: "DMA", free: 3840, ofNode: { nr_dirty: 5 } },
      { node: 0, zone: "Normal", free: 100 },
      { node: 1, zone: "Normal", free: 20, ofNode: { nr_dirty: 6 } },
      { node: 2, zone: "Normal" },
    );
    const open = numaNodeMemory.open(tree.context)!;
    const [zones, later] = [sample(open), sample(open)];
    expect(later).toEqual({
      "0": { nr_free_pages: 3940, numa_hit: 10, nr_new: 1 },
      "1": { nr_free_pages: 20, numa_hit: 4, nr_new: 2 },
    });
    expect(zones).toMatchObject({
      "0": { free: 3940, min: 52, low: 64, present: 10000, managed: 10000 },
      "1": { free: 20, min: 26, low: 32, present: 5000, managed: 5000 },
    });
    expect(Object.keys(zones)).toEqual(["0", "1"]);
    tree.seconds += 10;
    expect(sample(open)["1"]).toMatchObject({ low: 32 });
    open.close();
  });

  it("takes a single node from /proc/vmstat, without what Paging records anyway, or zones", () => {
    vmstat(1, "nr_free_pages 1\n");
    vmstat(0, "nr_free_pages 0\n");
    tree.write("vmstat", "nr_free_pages 3940\nnr_new 1\npgfault 5\n");
    const open = numaNodeMemory.open(tree.context)!;
    expect(sample(open)).toEqual({ "1": { nr_free_pages: 3940 } });
    tree.write("vmstat", "nr_free_pages 3930\nnr_new 1\npgfault 5\n");
    expect(sample(open)).toEqual({ "1": { nr_free_pages: 3930 } });
    expect(open.object.counters.map(({ name }) => name)).toEqual(["Free MBytes"]);
    open.close();
  });
});
