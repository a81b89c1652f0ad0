import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProcTree, readings } from "../../test/support/proc-tree.ts";
import { SampleRow } from "../counter/sample-row.ts";
import { packetProcessing } from "./packet-processing.ts";

let tree: ProcTree;
beforeEach(() => {
  tree = new ProcTree();
});
afterEach(() => tree.remove());

const line = (cpu: number, processed: number, backlog: number): string =>
  `${processed.toString(16).padStart(8, "0")} 0 0 0 0 0 0 0 0 0 0 ${backlog.toString(16)} ${cpu.toString(16)} 0 0\n`;

describe("Packet Processing", () => {
  it("sums over CPUs that come, go and wrap at 32 bits", () => {
    const top = 2 ** 32 - 10;
    tree.write("net/softnet_stat", line(0, 100, 1) + line(1, top, 2));
    const open = packetProcessing.open(tree.context)!;
    const row = new SampleRow();
    const samples = [
      line(0, 100, 1) + line(1, top, 2),
      line(0, 105, 0) + line(1, 7, 3),
      line(0, 110, 4),
      line(0, 120, 0) + line(1, 5000, 0),
      line(0, 120, 0) + line(1, 5001, 0),
    ].map((text) => {
      tree.write("net/softnet_stat", text);
      row.begin();
      open.collect(row);
      const { _Total, ...cpus } = readings(row);
      return [_Total!["processed"], _Total!["backlog_len"], Object.keys(cpus).length];
    });
    expect(samples).toEqual([
      [0, 3, 2],
      [22, 3, 2],
      [27, 4, 1],
      [37, 0, 2],
      [38, 0, 2],
    ]);
    open.close();
  });

  it("leaves out what old kernels do not tell", () => {
    tree.write("net/softnet_stat", "0000000a 0 0 0 0 0 0 0 0 0 0\n");
    const open = packetProcessing.open(tree.context)!;
    expect(open.object.counters.map(({ name }) => name)).not.toContain("Backlog Length");
    open.close();
  });
});
