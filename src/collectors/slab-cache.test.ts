import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProcTree, readings } from "../../test/support/proc-tree.ts";
import { SampleRow } from "../counter/sample-row.ts";
import { slabCache } from "./slab-cache.ts";

let tree: ProcTree;
beforeEach(() => {
  tree = new ProcTree();
});
afterEach(() => tree.remove());

const HEADER =
  "slabinfo - version: 2.1\n# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>\n";
const line = (name: string, active: number, objects: number, slabs: number): string =>
  `${name.padEnd(18)} ${active} ${objects}    192   21    2 : tunables    0    0    0 : slabdata ${slabs - 1} ${slabs} 0\n`;

describe("Slab Cache", () => {
  it("shows the largest, with a total of all", () => {
    const many = Array.from({ length: 300 }, (_, i) => line(`kmalloc-${i}`, i, 2 * i, 10 + i));
    tree.write(
      "slabinfo",
      HEADER + line("sigqueue", 1, 2, 1) + many.join("") + line("dentry", 7, 21, 5000),
    );
    const open = slabCache.open(tree.context)!;
    const row = new SampleRow();
    row.begin();
    open.collect(row);
    const { _Total, ...caches } = readings(row);
    expect(Object.keys(caches)).toHaveLength(20);
    expect(caches["dentry"]).toEqual({ active_objs: 7, num_objs: 21, pages: 10000 });
    expect(caches["kmalloc-299"]).toEqual({ active_objs: 299, num_objs: 598, pages: 618 });
    const sum = (300 * 299) / 2;
    expect(_Total).toEqual({
      active_objs: sum + 8,
      num_objs: 2 * sum + 23,
      pages: 2 * (sum + 3000 + 5001),
    });
    open.close();
  });

  it("keeps one that falls a little, and takes it out when it falls far", () => {
    const open =
      (tree.write("slabinfo", HEADER + line("c0", 1, 1, 1)), slabCache.open(tree.context)!);
    const row = new SampleRow();
    const sample = (first: number): string[] => {
      const others = Array.from({ length: 50 }, (_, i) => line(`c${i}`, 1, 1, 100 + i));
      tree.write("slabinfo", HEADER + line("skbuff_head_cache", 1, 1, first) + others.join(""));
      row.begin();
      open.collect(row);
      return Object.keys(readings(row));
    };
    expect(sample(1000)).toContain("skbuff_head_cache");
    const [unit] = row.units;
    expect(sample(125)).toContain("skbuff_head_cache");
    expect(row.units[0]).toBe(unit);
    expect(sample(2)).not.toContain("skbuff_head_cache");
    open.close();
  });

  it("is not there where there is no such file", () => {
    expect(slabCache.open(tree.context)).toBeUndefined();
  });
});
