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

  it("tells how long tasks waited to run, with a total over CPUs that come and go", () => {
    const line = (n: number, run: number, wait: number, slices: number): string =>
      `cpu${n} 0 0 77 8 9 10 ${run} ${wait} ${slices}\ndomain0 MC 3 1 2 3 4 5\n`;
    tree.write("stat", cpu(0, 100, 1000) + cpu(1, 200, 2000));
    tree.write("schedstat", `version 17\ntimestamp 4295\n${line(0, 0, 0, 0)}`);
    const open = processor.open(tree.context)!;
    const row = new SampleRow();
    const sample = (...lines: string[]): Record<string, (number | undefined)[]> => {
      tree.write("schedstat", `version 17\ntimestamp 4295\n${lines.join("")}`);
      tree.seconds++;
      row.begin();
      open.collect(row);
      return Object.fromEntries(
        Object.entries(readings(row)).map(([name, of]) => [
          name,
          ["run_ns", "run_delay_ns", "timeslices", "sched_elapsed_ns"].map((id) => of[id]),
        ]),
      );
    };
    expect(sample(line(0, 1000, 20, 3), line(1, 5000, 50, 5))).toEqual({
      "0": [1000, 20, 3, 1e9],
      "1": [5000, 50, 5, 1e9],
      _Total: [6000, 70, 8, 2e9],
    });
    expect(sample(line(0, 1100, 25, 4), line(1, 5500, 60, 7))["_Total"]).toEqual([
      6600, 85, 11, 4e9,
    ]);
    expect(sample(line(0, 1200, 25, 5))["_Total"]).toEqual([6700, 85, 12, 5e9]);
    expect(sample(line(0, 1200, 25, 5), line(1, 9000, 900, 90))["_Total"]).toEqual([
      6700, 85, 12, 6e9,
    ]);
    expect(sample(line(0, 1200, 25, 5), line(1, 9001, 901, 91))["_Total"]).toEqual([
      6701, 86, 13, 8e9,
    ]);
    open.close();
  });

  it("has nothing of waiting where the kernel was built without it", () => {
    tree.write("stat", cpu(0, 100, 1000));
    const open = processor.open(tree.context)!;
    expect(open.object.counters.map(({ name }) => name)).not.toContain("% Run Queue Wait Time");
    open.close();
  });
});
