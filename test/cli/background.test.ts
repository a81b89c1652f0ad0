/** `perfmon start`, `status`, `mark` and `stop`: recorders that nobody waits for. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { recorderScript } from "../../src/cli/recorder/recorder-script.ts";
import type { StatusDocument } from "../../src/cli/background/status-document.ts";
import { readSegment } from "../../src/log/segment-reader.ts";
import { agentFile, readLog, sleep } from "../agent/agent-process.ts";
import { perfmon } from "../support/run-cli.ts";

let work = "";

beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), "perfmon-background-"));
});

afterEach(async () => {
  await perfmon(["stop", work, "--all"]);
  rmSync(work, { recursive: true, force: true });
});

const QUICK = ["-i", "50ms", "--objects", "Memory,System"];

async function start(name: string, ...options: string[]): Promise<string> {
  const folder = join(work, name);
  const { exitCode, stdout, stderr } = await perfmon(["start", ...QUICK, "-o", folder, ...options]);
  expect({ exitCode, stdout }, stderr).toEqual({ exitCode: 0, stdout: `${folder}\n` });
  return folder;
}

async function statusOf(folder: string): Promise<StatusDocument> {
  const { stdout } = await perfmon(["status", folder, "--json"]);
  return (JSON.parse(stdout) as StatusDocument[])[0]!;
}

// Each starts and asks programs a dozen times, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

describe("a recording in the background", () => {
  it("runs in a session of its own, and ends complete when it is stopped", async () => {
    const folder = await start("rec", "--cluster", "cloud", "--run", "tuesday");
    const running = await statusOf(folder);
    expect(running).toMatchObject({ cluster: "cloud", run: "tuesday", state: "running" });
    expect(running).toMatchObject({ reason: null, finished: null, errors: [] });
    expect(running.samples).toBeGreaterThan(0);
    expect(running.bytes).toBeGreaterThan(1000);
    expect(running.lastSampleAgeSeconds).toBeLessThan(10);
    const ids = readFileSync(`/proc/${running.pid}/stat`, "latin1").split(") ")[1]!.split(" ");
    // Process group, session and terminal.
    expect(ids.slice(2, 5)).toEqual([String(running.pid), String(running.pid), "0"]);
    expect(Number(ids[16])).toBe(5);

    const stopped = await perfmon(["stop", folder]);
    expect(stopped.stdout).toMatch(/rec: ended, \d+ samples, .* kB\n$/);
    const ended = await statusOf(folder);
    expect(ended).toMatchObject({ state: "ended", reason: null });
    const log = readLog(folder);
    expect(log.ends).toEqual([{ reason: "stopped" }]);
    expect(log.monotonicMs.length).toBe(ended.samples);
    expect(runsStill(running.pid)).toBe(false);
  });

  it("goes on when the shell that started it is gone with its terminal", async () => {
    const folder = join(work, "rec");
    const command = `${agentFile.replace("agent.cjs", "cli/main.js")} start ${QUICK.join(" ")} -o ${folder}`;
    // `script` gives it a terminal, which hangs up when the shell has ended.
    const { status, stdout } = spawnSync("script", ["-qec", `node ${command}`, "/dev/null"], {
      encoding: "utf8",
    });
    expect(status, stdout).toBe(0);
    const before = await statusOf(folder);
    await sleep(500);
    const after = await statusOf(folder);
    expect(after.state).toBe("running");
    expect(after.samples).toBeGreaterThan(before.samples);
  });

  it("ends by itself at a limit, and says which", async () => {
    const timed = await start("timed", "--for", "1s");
    for (let i = 0; i < 200 && (await statusOf(timed)).state === "running"; i++) await sleep(50);
    expect(await statusOf(timed)).toMatchObject({ state: "ended", reason: "it has lasted 1 s" });
    expect(readLog(timed).ends).toEqual([{ reason: "stopped" }]);
    const limits = [
      ["large", "--max-size", "1k", "it has reached 1 kB"],
      ["full", "--min-free", "900TB", "its disk has less than 900 TB left"],
    ] as const;
    for (const [name, option, size, reason] of limits) {
      const folder = join(work, name);
      const refused = await perfmon(["start", ...QUICK, "-o", folder, option, size]);
      expect(refused.stderr).toContain(`The recorder has ended at once: ${reason}.`);
      expect(refused.exitCode).toBe(1);
      expect(await statusOf(folder)).toMatchObject({ state: "ended", reason });
    }
  });

  it("takes its first sample at the planned time, and the others in step with it", async () => {
    const atMs = Math.ceil(Date.now() / 1000) * 1000 + 3000;
    const folder = await start("rec", "--at", new Date(atMs).toISOString());
    expect((await statusOf(folder)).samples).toBe(0);
    await sleep(atMs + 1000 - Date.now());
    await perfmon(["stop", folder]);
    const first = firstSampleMs(folder);
    expect(first - atMs).toBeGreaterThanOrEqual(-2);
    // A busy machine may come to it late, but not by a second.
    expect(first - atMs).toBeLessThan(500);
  });

  it("that was killed has died, and what it recorded is there", async () => {
    const folder = await start("rec");
    const { pid } = await statusOf(folder);
    process.kill(pid, "SIGKILL");
    for (let i = 0; i < 100 && existsSync(`/proc/${pid}/exe`); i++) await sleep(20);
    const { exitCode, stdout } = await perfmon(["status", folder]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/\bdied\b[^]*its process is gone/);
    expect((await statusOf(folder)).samples).toBeGreaterThan(0);
    expect((await perfmon(["stop", folder])).stderr).toMatch(/No recording runs .*has died/);
  });

  it("whose process number is another's now has died, and that other is left alone", async () => {
    const folder = await start("rec");
    await perfmon(["stop", folder]);
    const path = join(folder, "recording.json");
    const { finishedMs: _, ...manifest } = JSON.parse(readFileSync(path, "utf8")) as {
      finishedMs: number;
      process: object;
    };
    const other = spawn("sleep", ["60"], { stdio: "ignore" });
    const stale = { ...manifest, process: { ...manifest.process, pid: other.pid } };
    writeFileSync(path, JSON.stringify(stale));
    expect(await statusOf(folder)).toMatchObject({ state: "died", reason: "its process is gone" });
    expect((await perfmon(["stop", folder])).exitCode).toBe(1);
    expect(other.exitCode ?? other.signalCode).toBe(null);
    other.kill();
  });

  it("is refused where one is already, and what is wrong with the start is said at once", async () => {
    const folder = await start("rec");
    const again = await perfmon(["start", "-o", folder]);
    expect(again.stderr).toMatch(/already holds a recording/);
    expect(again.exitCode).toBe(1);
    const impossible = await perfmon(["start", "-o", "/proc/not-a-folder"]);
    expect(impossible).toMatchObject({ exitCode: 1, stdout: "" });
    const wrong = join(work, "wrong");
    const { exitCode, stderr } = await perfmon(["start", "-o", wrong, "--objects", "Nonsense"]);
    expect(stderr).toMatch(/There is no counter object Nonsense/);
    expect(exitCode).toBe(1);
    expect(existsSync(wrong)).toBe(false);
    const command = await perfmon(["start", "-o", wrong, "--", "ls"]);
    expect(command).toMatchObject({ exitCode: 2 });
  });

  it("among several must be named to be stopped", async () => {
    await start("one");
    await start("two");
    const all = await perfmon(["stop", work, "--json"]);
    expect((JSON.parse(all.stdout) as StatusDocument[]).map(({ state }) => state)).toEqual([
      "ended",
      "ended",
    ]);
  });

  it("writes text logs, too", async () => {
    const folder = await start("text", "--format", "csv");
    expect(readdirSync(folder)).toContain("000001.csv");
    expect((await perfmon(["stop", folder])).exitCode).toBe(0);
  });
});

describe("a mark", () => {
  it("is a moment of the run, whoever records", async () => {
    const script = join(work, "recorder.sh");
    writeFileSync(script, recorderScript());
    const byScript = join(work, "runs", "sh");
    spawn("sh", [script, "-o", byScript, "--host", "b", "--cluster", "c", "--run", "r"], {
      stdio: "ignore",
      detached: true,
    });
    const byAgent = await start("runs/agent", "--host", "a", "--cluster", "c", "--run", "r");
    for (let i = 0; i < 200 && !existsSync(join(byScript, "recording.json")); i++) await sleep(50);
    for (let i = 0; i < 200 && (await statusOf(byScript)).samples < 2; i++) await sleep(50);
    const runs = join(work, "runs");
    const before = Date.now();
    const { stdout } = await perfmon(["mark", "map", runs, "--json"]);
    await perfmon(["mark", "reduce", runs]);
    const times = (JSON.parse(stdout) as { time: string }[]).map(({ time }) => Date.parse(time));
    expect(times.length).toBe(2);
    expect(times[0]).toBe(times[1]);
    expect(times[0]).toBeGreaterThanOrEqual(before);
    await sleep(1100);
    const stopped = await perfmon(["stop", runs, "--json"]);
    expect(stopped.exitCode, stopped.stderr).toBe(0);
    expect((await statusOf(byScript)).marks.map(({ name }) => name)).toEqual(["map", "reduce"]);
    expect(await statusOf(byAgent)).toMatchObject({ state: "ended" });

    const db = join(work, "store.duckdb");
    const load = () => perfmon(["load", runs, "--db", db]);
    expect((await load()).exitCode).toBe(0);
    await load();
    const query = "SELECT hostname, kind, text, time_ms FROM event JOIN host USING (host_id)";
    const rows = await perfmon([
      "query",
      `${query} WHERE kind = 'mark' ORDER BY hostname, time_ms`,
      "--db",
      db,
      "--json",
    ]);
    const events = JSON.parse(rows.stdout) as { hostname: string; text: string; time_ms: number }[];
    expect(events.map(({ hostname, text }) => `${hostname} ${text}`)).toEqual([
      "a map",
      "a reduce",
      "b map",
      "b reduce",
    ]);
    expect(events[0]!.time_ms).toBe(times[0]);
  });

  it("of both runs divides the comparison into phases", async () => {
    for (const name of ["before", "after"]) {
      const folder = await start(name, "--cluster", "c", "--run", name, "--host", "h");
      for (const phase of ["map", "reduce", "end"]) {
        await perfmon(["mark", phase, folder]);
        await sleep(phase === "end" ? 100 : 1200);
      }
      await perfmon(["stop", folder]);
    }
    const compared = await perfmon([
      "compare",
      join(work, "before"),
      join(work, "after"),
      "--json",
    ]);
    const { phases } = JSON.parse(compared.stdout) as {
      phases: { name: string; source: string; baseline: { seconds: number } }[];
    };
    const names = phases.map(({ name }) => name).filter((name) => name !== "start");
    expect(names.slice(0, 2)).toEqual(["map", "reduce"]);
    for (const { source } of phases) expect(source).toBe("marks");
    const narrowed = await perfmon([
      "compare",
      `${join(work, "before")}@map`,
      `${join(work, "after")}@map`,
      "--json",
    ]);
    const { baseline } = JSON.parse(narrowed.stdout) as { baseline: { durationSeconds: number } };
    expect(baseline.durationSeconds).toBeGreaterThan(0.8);
    expect(baseline.durationSeconds).toBeLessThan(3);
  });

  it("is refused when nothing is recorded, or when its name means something else", async () => {
    const folder = await start("rec");
    expect((await perfmon(["mark", "a/b", folder])).exitCode).toBe(2);
    await perfmon(["stop", folder]);
    const late = await perfmon(["mark", "late", folder]);
    expect(late.exitCode).toBe(1);
    expect(late.stderr).toMatch(/No recording runs/);
  });
});

/** What is left of a process that has ended is there until its parent has asked for it. */
function runsStill(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "latin1").includes(") Z ");
  } catch {
    return false;
  }
}

/** Wall clock of the first sample. */
function firstSampleMs(folder: string): number {
  for (const part of readSegment(join(folder, "000001.plog"))) {
    if ("block" in part) return part.block.wallMs[0]!;
  }
  throw new Error("there is no sample");
}
