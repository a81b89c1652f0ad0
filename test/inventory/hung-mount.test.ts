/** A file system that never answers: a FUSE mount that nobody serves. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { limitedRunner } from "../../src/agent/run-tool.ts";
import { readInventory } from "../../src/inventory/inventory.ts";
import { makeHostTree, rootsIn } from "../support/host-tree.ts";
import { needs } from "../support/needs.ts";

/** It ends by itself, which frees whoever waits for it all the same. */
const SCRIPT = `exec 9<>/dev/fuse || exit 1
mount -i -t fuse -o fd=9,rootmode=40000,user_id=0,group_id=0 dead "$1" || exit 1
echo mounted
read _ || sleep 30
umount -l "$1"`;

needs("root").describe("a network file system that does not answer", () => {
  it.skipIf(!existsSync("/dev/fuse"))("costs the inventory a second and a note", async () => {
    const mount = mkdtempSync(join(tmpdir(), "perfmon-hung-"));
    const holder = spawn("sh", ["-c", SCRIPT, "sh", mount], { stdio: ["pipe", "pipe", "inherit"] });
    const exit = once(holder, "exit");
    try {
      const [said] = (await Promise.race([once(holder.stdout, "data"), exit])) as [Buffer | number];
      expect(String(said)).toBe("mounted\n");
      const root = makeHostTree({
        "proc/meminfo": "MemTotal: 1024 kB\n",
        "proc/self/mountinfo": `1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:40 / ${mount} rw - fuse dead rw\n`,
        "proc/self/environ": `HADOOP_CONF_DIR=${mount}/conf\0HADOOP_HOME=${mount}/hadoop\0`,
      });
      const started = performance.now();
      const roots = { ...rootsIn(root), fileRoot: "" };
      const inventory = readInventory(roots, limitedRunner());
      expect(inventory.memory).toEqual({ totalBytes: 1048576 });
      expect(inventory.notes).toEqual([
        `${mount} is on a network file system that did not answer in time`,
      ]);
      expect(performance.now() - started).toBeLessThan(15_000);
    } finally {
      holder.stdin.write("\n");
      await exit;
      rmdirSync(mount);
    }
  });
});
