/** The sh recorder as a program: options, limits, ending, and that its folder is loaded and compared. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { recorderScript } from "../../src/cli/recorder/recorder-script.ts";
import { readInventory } from "../../src/inventory/inventory.ts";
import { openRecording } from "../../src/recording/recording.ts";
import { VERSION } from "../../src/util/version.ts";
import { needs } from "../support/needs.ts";
import { perfmon } from "../support/run-cli.ts";
import { chunksOf, RecorderProcess, SURROUNDINGS, WorkFolders } from "./recorder-process.ts";

const folders = new WorkFolders();
afterAll(() => folders.remove());

/** Parts that the recorder knows as the agent does. */
const INVENTORY =
  "hostname cpu memory swap kernel distribution virtualization disks fileSystems interfaces boot " +
  "timeZone clockSource pressureStallInformation privilege limits settings";
const SHELL = { packages: [], shell: ["sh"] };

async function run(...args: string[]) {
  const recorder = new RecorderProcess(folders.make(), args, SHELL);
  return { ...(await recorder.exit), folder: recorder.folder };
}

/** All text of a recording, decompressed. */
function textOf(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name)))
    .map((bytes) => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString("latin1"))
    .join("");
}

describe("perfmon recorder", () => {
  it("prints the script with its version, short enough to be read", async () => {
    const { stdout, stderr, exitCode } = await perfmon(["recorder"]);
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(stdout).toBe(recorderScript());
    expect(stdout).toContain(`recorder ${VERSION}:`);
    expect(stdout).not.toContain("@VERSION@");
    expect(stdout.split("\n").length).toBeLessThan(370);
  });

  needs("busybox").it("is understood by every shell", () => {
    for (const { shell } of [...Object.values(SURROUNDINGS), { shell: ["busybox", "sh"] }]) {
      const [program, ...rest] = [...shell, "-n"];
      const { status, stderr } = spawnSync(program, rest, { input: recorderScript() });
      expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: "" });
    }
  });
});

describe("the recorder", () => {
  it("records for a time, in files that only their owner reads", async () => {
    const args = "--for 2s --cluster cloud --run tuesday --role master --host n1 --processes 1";
    const { code, stderr, folder } = await run(...args.split(" "));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const { manifest, over, inventory } = openRecording(folder);
    expect(manifest).toMatchObject({
      host: "n1",
      cluster: "cloud",
      run: "tuesday",
      role: "master",
      intervalMs: 1000,
      recorder: `${VERSION} sh`,
    });
    expect(manifest.finishedMs! - manifest.startedMs).toBeGreaterThan(1900);
    expect(Math.abs(manifest.finishedMs! - Date.now())).toBeLessThan(10_000);
    expect(over).toBe(true);
    const [chunk] = chunksOf(folder);
    expect(chunk!.clock.timeMs.length).toBeGreaterThanOrEqual(2);
    expect(chunk!.clock.timeMs.length).toBeLessThanOrEqual(3);
    expect(Math.abs(chunk!.clock.timeMs[0]! - manifest.startedMs)).toBeLessThan(2000);
    expect(chunk!.events).toEqual([]);
    // The agent's inventory, from the same files.
    const roots = { procRoot: "/proc", sysRoot: "/sys", etcRoot: "/etc", fileRoot: "" };
    const { kernel, ...rest } = readInventory(roots);
    const { commandLine: _, ...ofKernel } = kernel;
    const own = JSON.parse(JSON.stringify({ ...rest, kernel: ofKernel })) as Record<
      string,
      unknown
    >;
    for (const key of INVENTORY.split(" ")) {
      expect([key, inventory[key]]).toEqual([key, own[key]]);
    }
    expect(readdirSync(folder).sort()).toEqual([
      "000001.00.raw.gz",
      "inventory.raw.gz",
      "recording.json",
    ]);
    for (const name of ["", ...readdirSync(folder)]) {
      expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
    }
  });

  it("makes do with a sleep and a date that know whole seconds only", async () => {
    const work = folders.make();
    const path = process.env["PATH"]!;
    const stub = (name: string, body: string) => {
      const script = `#!/bin/sh\nPATH='${path}'\n${body}\nexec ${name} "$@"\n`;
      writeFileSync(join(work, name), script, { mode: 0o755 });
    };
    stub("sleep", "case $1 in *.*) exit 1 ;; esac");
    stub("date", "case $1 in *N) exec date +%s.%%N ;; esac");
    const recorder = new RecorderProcess(work, ["--for", "3"], SHELL, { PATH: `${work}:${path}` });
    expect(await recorder.exit).toEqual({ code: 0, stderr: "" });
    const [chunk] = chunksOf(recorder.folder);
    expect(chunk!.clock.timeMs.length).toBeGreaterThanOrEqual(3);
    expect(openRecording(recorder.folder).manifest.startedMs % 1000).toBe(500);
    expect(chunk!.events.filter(({ kind }) => kind === "clock-step")).toEqual([]);
  });

  it("ends in order on SIGTERM, SIGINT and SIGHUP, sent to it or to all of its processes", async () => {
    const endings = (["SIGTERM", "SIGINT", "SIGHUP"] as const).flatMap((signal) =>
      (["script", "group"] as const).map(async (whom) => {
        const recorder = new RecorderProcess(folders.make(), ["-i", "1h"], SHELL);
        await recorder.waitFor("a sample", () => recorder.samples() > 0);
        recorder.kill(signal, whom);
        expect(await recorder.exit).toEqual({ code: 0, stderr: "" });
        await recorder.waitFor("its last gzip ends", () => !recorder.isRunning);
        const { manifest } = openRecording(recorder.folder);
        expect(manifest.finishedMs).toBeDefined();
        expect(chunksOf(recorder.folder)).toHaveLength(1);
        expect(readdirSync(recorder.folder).filter((name) => name.endsWith(".raw"))).toEqual([]);
      }),
    );
    await Promise.all(endings);
  });

  it("records no arguments and no environment of processes", async () => {
    const secret = `secret${process.pid}x${Date.now()}`;
    const work = folders.make();
    const recorder = new RecorderProcess(work, ["--for", "1", "--processes", "1"], SHELL, {
      PERFMON_SECRET: secret,
    });
    const child = spawnSync("sh", ["-c", `sleep 1; : ${secret}`]);
    expect(child.status).toBe(0);
    expect((await recorder.exit).code).toBe(0);
    const text = textOf(recorder.folder);
    expect(text).toContain(" processes\n");
    expect(text).not.toContain(secret);
  });

  it("stops when there is no room", async () => {
    const { code, stderr, folder } = await run("--min-free", "99999999");
    expect(code).toBe(1);
    expect(stderr).toBe(
      `recorder.sh: stopped: the disk has less than 99999999 MB left: ${folder}.\n`,
    );
    expect(openRecording(folder).manifest.finishedMs).toBeDefined();
    const work = folders.make();
    const recorder = new RecorderProcess(work, ["--max-size", "1"], SHELL, {
      PERFMON_FILE_SECONDS: "1",
    });
    await recorder.waitFor("a sample", () => recorder.samples() > 0);
    writeFileSync(join(recorder.folder, "other"), Buffer.alloc(1_100_000, "x"));
    const full = await recorder.exit;
    expect(full.stderr).toBe(
      `recorder.sh: stopped: the recording has reached 1 MB: ${recorder.folder}.\n`,
    );
    expect(full.code).toBe(1);
    expect(chunksOf(recorder.folder).length).toBeGreaterThan(0);
  });

  it.each([
    [["-i", "0"], /-i needs a whole number from 1 on, not "0"/],
    [["-i", "1.5"], /-i needs a whole number/],
    [["--for", "x"], /--for needs a whole number/],
    [["--for"], /--for is no option, or needs a value/],
    [["--nothing", "1"], /there is no option --nothing/],
    [["--cluster", 'a"b'], /--cluster takes letters, digits/],
    [["--run", "a/b"], /--run takes letters/],
    [["--host", ""], /--host takes letters/],
  ])("refuses %j", async (args, message) => {
    const { code, stderr } = await run(...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  it("writes into no folder that holds a recording, and into none that cannot be made", async () => {
    const work = folders.make();
    mkdirSync(join(work, "recording"));
    writeFileSync(join(work, "recording", "000001.00.raw.gz"), "");
    const { stderr, code } = await new RecorderProcess(work, [], SHELL).exit;
    expect(stderr).toMatch(/already holds a recording; give another folder with -o/);
    expect(code).toBe(1);
    const other = folders.make();
    writeFileSync(join(other, "recording"), "");
    const made = await new RecorderProcess(other, [], SHELL).exit;
    expect(made.stderr).toMatch(/cannot be made; give another folder with -o/);
    expect(made.code).toBe(1);
  });
});

describe("what it recorded", () => {
  it("is loaded once, and compared", async () => {
    const top = folders.make();
    const recorded = ["a", "b"].map((run) => {
      const work = join(top, run);
      mkdirSync(work);
      return new RecorderProcess(work, ["--for", "7", "--cluster", "x", "--run", run], SHELL).exit;
    });
    await Promise.all(recorded);
    const db = join(top, "t.duckdb");
    const loaded = await perfmon(["load", top, "--db", db]);
    expect(loaded).toMatchObject({ exitCode: 0, stderr: "" });
    const again = await perfmon(["load", top, "--db", db]);
    expect(again.stdout).toMatch(/nothing new\n.*nothing new\n$/);
    const paths = ["a", "b"].map((run) => join(top, run, "recording"));
    const compared = await perfmon(["compare", ...paths, "--json"]);
    expect(compared).toMatchObject({ exitCode: 0, stderr: "" });
    const result = JSON.parse(compared.stdout) as {
      baseline: { hosts: unknown[]; durationSeconds: number };
      resources: { cpu: { state: string } };
      inventory: unknown[];
    };
    expect(result.baseline.hosts).toHaveLength(1);
    expect(result.resources.cpu.state).not.toBe("unknown");
    expect(result.inventory).toEqual([]);
  }, 60_000);
});
