/**
 * What can befall a recorder: its folder is deleted, its disk is full, files cannot be read, signals,
 * one of its processes is killed. It goes on or it ends, and it leaves nothing running.
 */
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openRecording } from "../../src/recording/recording.ts";
import { FixtureHost, fixtureHosts } from "../hosts/fixture-host.ts";
import { needs } from "../support/needs.ts";
import { chunksOf, RecorderProcess, sleep, SURROUNDINGS, WorkFolders } from "./recorder-process.ts";

const folders = new WorkFolders();
const mounted: string[] = [];
afterAll(() => {
  for (const folder of mounted) spawnSync("umount", ["--lazy", folder]);
  folders.remove();
});

const SHORT_FILES = { PERFMON_FILE_SECONDS: "2", PERFMON_LONG_BYTES: "1" };

interface ProcessInfo {
  readonly pid: number;
  readonly name: string;
  readonly rssMb: number;
}

/** Processes of a group. */
function members(group: number): ProcessInfo[] {
  return readdirSync("/proc").flatMap((name) => {
    try {
      const text = readFileSync(`/proc/${name}/stat`, "latin1");
      const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
      if (Number(fields[2]) !== group || fields[0] === "Z") return [];
      const comm = text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"));
      return [{ pid: Number(name), name: comm, rssMb: (Number(fields[21]) * 4096) / 1024 ** 2 }];
    } catch {
      return [];
    }
  });
}

async function expectNothingRunning(recorder: RecorderProcess): Promise<void> {
  await recorder.waitFor("nothing is left running", () => members(recorder.pid).length === 0);
}

function samplesIn(folder: string): number {
  return chunksOf(folder).reduce(
    (sum, { clock, carried }) => sum + clock.timeMs.length - carried,
    0,
  );
}

describe.each(Object.entries(SURROUNDINGS))("the recorder under %s", (_, surroundings) => {
  const start = (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
    new RecorderProcess(folders.make(), args, surroundings, { ...SHORT_FILES, ...env });

  needs(...surroundings.packages).describe("meets", () => {
    it.concurrent("the end of its folder, and ends", async () => {
      const recorder = start();
      await recorder.waitFor("a sample", () => recorder.samples() > 0);
      rmSync(recorder.folder, { recursive: true });
      const { code, stderr } = await recorder.exit;
      expect(stderr).toMatch(
        /^recorder.sh: stopped: its folder cannot be written: \/\S+\/recording\.\n$/,
      );
      expect(code).toBe(1);
      await expectNothingRunning(recorder);
    });

    needs("root").it(
      "a full disk, and ends with what it had",
      async () => {
        const work = folders.make();
        expect(spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "none", work]).status).toBe(0);
        mounted.push(work);
        const args = ["--min-free", "1", "--processes", "1"];
        const env = { PERFMON_FILE_SECONDS: "600" };
        const recorder = new RecorderProcess(work, args, surroundings, env);
        await recorder.waitFor("a sample", () => recorder.samples() > 0);
        // Between two looks at what is free, which are a file apart. There is room for two samples or three.
        await recorder.waitFor("a second sample", () => recorder.samples() > 1);
        const { bavail, bsize } = statfsSync(work);
        writeFileSync(join(work, "other"), Buffer.alloc(bavail * bsize - 100_000, "x"));
        const { code, stderr } = await recorder.exit;
        expect(stderr).toMatch(
          /^recorder.sh: stopped: its folder cannot be written: \/\S+\/recording\.\n$/,
        );
        expect(code).toBe(1);
        await expectNothingRunning(recorder);
        expect(samplesIn(recorder.folder)).toBeGreaterThan(1);
      },
      60_000,
    );

    it.concurrent("files that cannot be read, and goes on without them", async () => {
      const host = new FixtureHost(fixtureHosts()[0]!);
      try {
        for (const path of ["proc/vmstat", "proc/interrupts", "proc/loadavg"]) {
          rmSync(join(host.folder, path), { force: true });
        }
        mkdirSync(join(host.folder, "proc/vmstat"));
        // Opened by anybody, read by nobody: an error in the middle of all others.
        symlinkSync("/proc/self/mem", join(host.folder, "proc/interrupts"));
        symlinkSync("/proc/self/mem", join(host.folder, "proc/loadavg"));
        const recorder = start(["--for", "3"], { PERFMON_ROOT: host.folder });
        expect(await recorder.exit).toEqual({ code: 0, stderr: "" });
        const files = readdirSync(recorder.folder).filter((name) => /^\d.*\.gz$/.test(name));
        expect(files.length).toBeGreaterThan(0);
        const objects = chunksOf(recorder.folder).flatMap(({ units }) =>
          units.map(({ object }) => object.name),
        );
        expect(objects).toContain("Processor");
      } finally {
        host.remove();
      }
    });

    it.concurrent.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
      "%s, and ends in order at once",
      async (signal) => {
        const recorder = start(["-i", "1h"]);
        await recorder.waitFor("a sample", () => recorder.samples() > 0);
        const sentMs = Date.now();
        recorder.kill(signal, "script");
        expect(await recorder.exit).toEqual({ code: 0, stderr: "" });
        expect(Date.now() - sentMs).toBeLessThan(5000);
        await expectNothingRunning(recorder);
        expect(openRecording(recorder.folder).manifest.finishedMs).toBeDefined();
        expect(samplesIn(recorder.folder)).toBe(1);
      },
      60_000,
    );

    it.concurrent("SIGKILL of whatever it has started, and goes on", async () => {
      const recorder = start(["--processes", "2"]);
      await recorder.waitFor("a sample", () => recorder.samples() > 0);
      const killed = new Set<string>();
      const largest: number[] = [];
      const untilMs = Date.now() + 6000;
      // What it starts lives for a few milliseconds, and is not always seen.
      while (Date.now() < untilMs || killed.size === 0) {
        const now = members(recorder.pid);
        largest.push(now.reduce((sum, { rssMb }) => sum + rssMb, 0));
        const [victim] = now.filter(({ pid }) => pid !== recorder.pid);
        if (victim && Math.random() < 0.5) {
          killed.add(victim.name);
          spawnSync("kill", ["-9", String(victim.pid)]);
        }
        await sleep(Math.random() * 40);
      }
      await sleep(2500);
      const before = recorder.place();
      await recorder.waitFor("it still records", () => recorder.place() !== before);
      recorder.kill("SIGTERM", "script");
      const { code } = await recorder.exit;
      expect(code).toBe(0);
      await expectNothingRunning(recorder);
      expect(killed.size).toBeGreaterThan(0);
      expect(Math.max(...largest)).toBeLessThan(20);
      expect(samplesIn(recorder.folder)).toBeGreaterThan(2);
      expect(readdirSync(recorder.folder).filter((name) => name.endsWith(".new"))).toEqual([]);
    }, 60_000);
  });
});
