import { readdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProcTree, readings } from "../../test/support/proc-tree.ts";
import { SampleRow } from "../counter/sample-row.ts";
import { pressure } from "./pressure.ts";
import { system } from "./system.ts";

let tree: ProcTree;
let row: SampleRow;
beforeEach(() => {
  tree = new ProcTree();
  row = new SampleRow();
});
afterEach(() => tree.remove());

describe("System", () => {
  it("reads queue, load, uptime and counts processes", () => {
    tree.write(
      "stat",
      "cpu0 1 0 0 1 0 0 0 0 0 0\nintr 10 1 2\nctxt 20\nprocesses 30\nprocs_running 4\nprocs_blocked 5\n",
    );
    tree.write("loadavg", "0.41 0.11 0.05 2/92 5472\n");
    tree.write("uptime", "1243.32 2392.18\n");
    for (const pid of ["1", "42", "4242"]) tree.write(`${pid}/comm`, "x\n");
    tree.write("net/snmp", "");
    const open = system.open(tree.context)!;
    row.begin();
    open.collect(row);
    expect(readings(row)[""]).toMatchObject({
      procs_running: 4,
      procs_blocked: 5,
      cpus: 1,
      ctxt: 20,
      intr: 10,
      processes: 30,
      load1: 41,
      runnable: 2,
      threads: 92,
      uptime: 124332,
      tasks: 3,
    });
    open.close();
  });

  it("counts the processes of this machine", () => {
    const open = system.open({ ...tree.context, procRoot: "/proc" })!;
    for (let i = 0; i < 2; i++) {
      row.begin();
      open.collect(row);
      // Counted at first, by the link count of /proc from then on; others start and end meanwhile.
      expect(Math.abs(readings(row)[""]!["tasks"]! - countProcesses())).toBeLessThan(30);
    }
    open.close();
  });
});

describe("Pressure", () => {
  it("is not there on a kernel without it", () => {
    expect(pressure.open(tree.context)).toBeUndefined();
  });

  it("records of each resource what there is", () => {
    tree.write("pressure/cpu", "some avg10=0.00 avg60=0.00 avg300=0.00 total=11\n");
    tree.write("pressure/irq", "full avg10=0.00 avg60=0.00 avg300=0.00 total=22\n");
    tree.write(
      "pressure/io",
      "some avg10=0.00 avg60=0.00 avg300=0.00 total=33\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=44\n",
    );
    const open = pressure.open(tree.context)!;
    row.begin();
    open.collect(row);
    const totals = Object.entries(readings(row)).map(([name, { some, full }]) => [
      name,
      some,
      full,
    ]);
    expect(totals).toEqual([
      ["cpu", 11, undefined],
      ["io", 33, 44],
      ["irq", undefined, 22],
    ]);
    open.close();
  });
});

function countProcesses(): number {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).length;
}
