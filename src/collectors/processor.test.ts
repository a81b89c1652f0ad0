import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProcTree, readings } from "../../test/support/proc-tree.ts";
import { SampleRow } from "../counter/sample-row.ts";
import { processor } from "./processor.ts";

let tree: ProcTree;
beforeEach(() => {
  tree = new ProcTree();
});
afterEach(() => tree.remove());

const cpu = (n: number, user: number, idle: number): string =>
  `cpu${n} ${user} 0 0 ${idle} 0 0 0 0 0 0\n`;

describe("Processor", () => {
  it("is not there without /proc/stat", () => {
    expect(processor.open(tree.context)).toBeUndefined();
  });

  it("follows CPUs that come and go, without a step in _Total", () => {
    tree.write("stat", cpu(0, 100, 1000) + cpu(1, 200, 2000));
    const open = processor.open(tree.context)!;
    const row = new SampleRow();
    const sample = (text: string): ReturnType<typeof readings> => {
      tree.write("stat", text);
      tree.seconds++;
      row.begin();
      open.collect(row);
      return readings(row);
    };
    const totals = [
      sample(cpu(0, 100, 1000) + cpu(1, 200, 2000)),
      sample(cpu(0, 110, 1090) + cpu(1, 250, 2050)),
      // CPU 1 goes; nothing is known of its last second.
      sample(cpu(0, 130, 1170)),
      // It is back, with a long past, and CPU 2 beside it: neither past may count.
      sample(cpu(0, 140, 1260) + cpu(1, 90250, 92050) + cpu(2, 5000, 5000)),
      sample(cpu(0, 150, 1350) + cpu(1, 90350, 92050) + cpu(2, 5000, 5100)),
    ].map((reading) => {
      const { user, idle, elapsed } = reading["_Total"]!;
      return [user, idle, elapsed, Object.keys(reading).length - 1];
    });
    expect(totals).toEqual([
      [300, 3000, 200_000, 2],
      [360, 3140, 400_000, 2],
      [380, 3220, 500_000, 1],
      [390, 3310, 800_000, 3],
      [500, 3500, 1_100_000, 3],
    ]);
    open.close();
  });

  it("takes no step back of idle time into _Total, but shows it on the CPU", () => {
    tree.write("stat", cpu(0, 100, 1000) + cpu(1, 100, 1000));
    const open = processor.open(tree.context)!;
    const row = new SampleRow();
    row.begin();
    open.collect(row);
    tree.write("stat", cpu(0, 150, 1050) + cpu(1, 200, 997));
    row.begin();
    open.collect(row);
    const { _Total, 1: second } = readings(row);
    expect([_Total!["idle"], second!["idle"]]).toEqual([2050, 997]);
    open.close();
  });
});
