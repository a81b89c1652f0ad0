/** How a recording ends: signals, commands, and disks that fill up, vanish or refuse. */
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { needs } from "../support/needs.ts";
import {
  agentFile,
  readLog,
  sleep,
  startAgent,
  SYSTEM_OBJECTS,
  TemporaryFolders,
} from "./agent-process.ts";

const folders = new TemporaryFolders();
afterAll(() => folders.remove());

const quick = (folder: string) => ["-o", folder, "-i", "50ms", "--objects", SYSTEM_OBJECTS];

describe("signals", () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`${signal} closes the log in order`, async () => {
      const folder = join(folders.make(), "recording");
      const agent = startAgent(quick(folder));
      await agent.recording;
      await sleep(400);
      process.kill(agent.pid, signal);
      const { code, stderr } = await agent.exit;
      expect(code).toBe(0);
      expect(stderr).toMatch(/\nRecorded \d+ samples in .*\nNext: perfmon load /);
      const log = readLog(folder);
      expect(log.ends).toEqual([{ reason: "stopped" }]);
      expect(log.damage).toEqual([]);
      expect(log.monotonicMs.length).toBeGreaterThan(3);
      expect(log.recording.manifest.finishedMs).toBeGreaterThan(log.recording.manifest.startedMs);
    });
  }

  it("go to the command, whose exit code is kept", async () => {
    const folder = join(folders.make(), "recording");
    const script =
      'sleep 30 >/dev/null & trap "kill $!; echo trapped; exit 9" TERM; echo ready; wait';
    const agent = startAgent([...quick(folder), "--", "sh", "-c", script]);
    await agent.printed("ready\n");
    process.kill(agent.pid, "SIGTERM");
    const { code, stdout } = await agent.exit;
    expect({ code, stdout }).toEqual({ code: 9, stdout: "ready\ntrapped\n" });
    expect(readLog(folder).recording.manifest.command).toMatchObject({
      program: "sh",
      exitCode: 9,
    });
  });
});

describe("a command", () => {
  const run = async (...command: string[]) => {
    const folder = join(folders.make(), "recording");
    const exit = await startAgent([...quick(folder), "--", ...command]).exit;
    return { ...exit, folder };
  };

  it("keeps its exit code and duration, and its arguments to itself", async () => {
    const { code, folder } = await run("sh", "-c", "sleep 0.5; exit 7");
    expect(code).toBe(7);
    const log = readLog(folder);
    const { command } = log.recording.manifest;
    expect(command).toMatchObject({ program: "sh", exitCode: 7 });
    expect(command!.durationSeconds).toBeGreaterThanOrEqual(0.5);
    expect(command!.durationSeconds).toBeLessThan(5);
    expect(JSON.stringify(log.recording.manifest)).not.toContain("sleep");
    expect(log.events.map(({ kind }) => kind)).toEqual(["command-start", "command-end"]);
  });

  it("that a signal ended counts as 128 and its number", async () => {
    const { code, folder } = await run("sh", "-c", "kill -KILL $$");
    expect(code).toBe(137);
    expect(readLog(folder).recording.manifest.command).toMatchObject({ signal: "SIGKILL" });
  });

  it("that is not there is told, with 127 as shells have it, and leaves no recording", async () => {
    const { code, stderr, folder } = await run("/no/such/program");
    expect(code).toBe(127);
    expect(stderr).toContain("There is no program /no/such/program.");
    expect(existsSync(join(folder, "recording.json"))).toBe(false);
  });
});

describe("a disk that refuses", () => {
  const expectReadable = (folder: string) => {
    const log = readLog(folder);
    expect(log.monotonicMs.length).toBeGreaterThan(3);
    expect(log.damage.filter(({ kind }) => kind !== "cut")).toEqual([]);
  };

  needs("root").it(
    "is full: one clear sentence, exit code 1, and what was recorded reads",
    async () => {
      const mount = folders.make();
      expect(spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", mount]).status).toBe(0);
      try {
        const folder = join(mount, "recording");
        const { code, stderr } = await startAgent(["-o", folder, "-i", "10ms"]).exit;
        expect(stderr).toMatch(
          /perfmon: The disk of .* is full\.\n.*\nThe \d+ samples until then are in /,
        );
        expect(code).toBe(1);
        expectReadable(folder);
      } finally {
        spawnSync("umount", [mount]);
      }
    },
  );

  it("has a limit on file sizes", async () => {
    const folder = join(folders.make(), "recording");
    // In units of 512 bytes.
    const wrapper = ["sh", "-c", 'ulimit -f 60; exec "$@"', "sh"];
    const { code, stderr } = await startAgent(["-o", folder, "-i", "10ms"], { wrapper }).exit;
    expect(stderr).toMatch(/perfmon: A file in .* has reached the size limit of this process\./);
    expect(code).toBe(1);
    expectReadable(folder);
  });

  it("lets the command finish when the log cannot be written any more", async () => {
    const folder = join(folders.make(), "recording");
    const wrapper = ["sh", "-c", 'ulimit -f 24; exec "$@"', "sh"];
    const command = ["--", "sh", "-c", "sleep 3; echo finished"];
    const { code, stdout, stderr } = await startAgent(["-o", folder, "-i", "10ms", ...command], {
      wrapper,
    }).exit;
    expect(stderr).toContain("size limit");
    expect(stdout).toBe("finished\n");
    expect(code).toBe(1);
  });

  it("loses the folder: told when the next segment begins", async () => {
    const folder = join(folders.make(), "recording");
    const agent = startAgent([...quick(folder), "--segment-time", "500ms"]);
    await agent.recording;
    rmSync(folder, { recursive: true });
    const { code, stderr } = await agent.exit;
    expect(stderr).toMatch(
      /perfmon: .* is gone: it was deleted or moved while it was being written\./,
    );
    expect(code).toBe(1);
  });

  it("loses the folder: told when the log is synced, though writing to it would go on", async () => {
    const folder = join(folders.make(), "recording");
    const agent = startAgent(quick(folder));
    await agent.recording;
    rmSync(folder, { recursive: true });
    const { code, stderr } = await agent.exit;
    expect(stderr).toMatch(/ is gone: /);
    expect(code).toBe(1);
  });

  it("forbids writing", async () => {
    const root = folders.make();
    const folder = join(root, "forbidden");
    mkdirSync(folder);
    chmodSync(folder, 0o555);
    // Root may write everywhere, so it has to be somebody else, who may not read this checkout.
    const agent = join(root, "agent.cjs");
    copyFileSync(agentFile, agent);
    chmodSync(root, 0o755);
    const nobody = process.getuid?.() === 0 ? { uid: 65534 } : {};
    const { code, stderr } = await startAgent(["-o", join(folder, "recording")], {
      agent,
      cwd: root,
      ...nobody,
    }).exit;
    expect(stderr).toMatch(
      /^perfmon: .* cannot be written: permission denied\.\nGive another folder with -o\.\n$/,
    );
    expect(code).toBe(1);
  });

  it("holds a recording already, which is not touched", async () => {
    const folder = folders.make();
    writeFileSync(join(folder, "recording.json"), "{}");
    const { code, stderr } = await startAgent(quick(folder)).exit;
    expect(stderr).toContain("already holds a recording");
    expect(code).toBe(1);
  });
});
