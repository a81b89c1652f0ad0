/** LogicalDisk beside `df`, on this machine as it is. */
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { hostContext } from "../src/agent/host-context.ts";
import { logicalDisk } from "../src/collectors/logical-disk.ts";
import { SampleRow } from "../src/counter/sample-row.ts";
import { readings } from "./support/proc-tree.ts";

const COLUMNS = ["size", "used", "avail", "itotal", "iused", "iavail"];

/** Per mount point df's numbers, in bytes; df itself asks for all but this process' local ones. */
function df(): Map<string, number[]> {
  const output = execFileSync("df", ["-a", "-B1", `--output=${COLUMNS.join(",")},target`], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
  });
  const lines = output.trim().split("\n").slice(1);
  return new Map(
    lines.map((line) => {
      const words = line.trim().split(/\s+/);
      return [words.slice(COLUMNS.length).join(" "), words.slice(0, COLUMNS.length).map(Number)];
    }),
  );
}

function ours(): Record<string, Record<string, number>> {
  const open = logicalDisk.open(hostContext({ allBlockDevices: false }))!;
  const row = new SampleRow();
  row.begin();
  open.collect(row);
  open.close();
  return readings(row);
}

describe("LogicalDisk beside df", () => {
  it("has the same sizes, and what is used within what is written meanwhile", () => {
    const [mine, other] = [ours(), df()];
    const names = Object.keys(mine).filter(
      (name) => name !== "_Total" && mine[name]!["size_bytes"] !== undefined,
    );
    expect(names).toContain("/");
    for (const name of names) {
      const space = mine[name]!;
      const [size, used, available, inodes, usedInodes, freeInodes] = other.get(name)!;
      expect([space["size_bytes"], space["inodes"]]).toEqual([size, inodes]);
      const slack = 0.02 * size!;
      expect(Math.abs(space["size_bytes"]! - space["free_bytes"]! - used!)).toBeLessThan(slack);
      expect(Math.abs(space["available_bytes"]! - available!)).toBeLessThan(slack);
      const inodeSlack = 0.02 * inodes! + 1;
      expect(Math.abs(space["inodes"]! - space["free_inodes"]! - usedInodes!)).toBeLessThan(
        inodeSlack,
      );
      expect(Math.abs(space["free_inodes"]! - freeInodes!)).toBeLessThan(inodeSlack);
    }
  });
});
