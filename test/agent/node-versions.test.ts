/** The one-file agent on every Node it is made for, with the binaries of those versions. */
import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readLog, startAgent, TemporaryFolders } from "./agent-process.ts";
import { nodeBinary, nodeMajors } from "./node-versions/install.mjs";

const folders = new TemporaryFolders();
afterAll(() => folders.remove());

describe("the agent", () => {
  for (const major of nodeMajors) {
    const node = nodeBinary(major);
    const test = node ? it : it.skip;
    const missing = node ? "" : " [needs npm packages, see test/agent/node-versions]";
    test(`records on Node ${major}${missing}`, async () => {
      const version = spawnSync(node!, ["-p", "process.versions.node"], {
        encoding: "utf8",
      }).stdout;
      expect(version).toMatch(new RegExp(`^${major}\\.`));

      const folder = join(folders.make(), "recording");
      const args = [
        "-o",
        folder,
        "-i",
        "200ms",
        "--cluster",
        "c",
        "--run",
        "r",
        "--",
        "sleep",
        "3",
      ];
      const agent = startAgent(args, { nodeFolder: dirname(node!) });
      await agent.recording;
      const words = readFileSync(`/proc/${agent.pid}/cmdline`, "latin1").split("\0");
      expect(words.slice(0, 2)).toEqual(["node", "--single-threaded"]);
      expect(readlinkSync(`/proc/${agent.pid}/exe`)).toBe(realpathSync(node!));
      const { code, stderr } = await agent.exit;
      expect(stderr).toMatch(/^Recording .*\nRecorded \d+ samples/);
      expect(code).toBe(0);

      const log = readLog(folder);
      expect(log.damage).toEqual([]);
      expect(log.ends).toEqual([{ reason: "stopped" }]);
      // 3 s on a grid of 200 ms, the first and the last sample included; some may be late or missed.
      expect(log.monotonicMs.length).toBeGreaterThanOrEqual(13);
      expect(log.monotonicMs.length).toBeLessThanOrEqual(18);
      for (const object of [
        "Processor",
        "Memory",
        "Process",
        "Network Interface",
        "LogicalDisk",
        "Perfmon Agent",
      ]) {
        expect(log.objects).toContain(object);
      }
      expect(log.recording.manifest).toMatchObject({ cluster: "c", run: "r", intervalMs: 200 });
      expect(log.recording.manifest.command).toMatchObject({ program: "sleep", exitCode: 0 });
      expect(log.recording.inventory["cpu"]).toMatchObject({
        logicalCpus: expect.any(Number) as number,
      });
    });
  }

  const oldest = nodeBinary(12);
  (oldest ? it : it.skip)(
    `ends on Node 12 when V8 has collected garbage${oldest ? "" : " [needs npm packages, see test/agent/node-versions]"}`,
    async () => {
      const folder = join(folders.make(), "recording");
      // The first full collection comes after 12.6 s.
      const args = ["-o", folder, "--objects", "System,Memory", "--for", "14s"];
      const agent = startAgent(args, { nodeFolder: dirname(oldest!) });
      const stuck = setTimeout(() => process.kill(agent.pid, "SIGKILL"), 40_000);
      const { code } = await agent.exit;
      clearTimeout(stuck);
      expect(code).toBe(0);
    },
    60_000,
  );
});
