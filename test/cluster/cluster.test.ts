/** `perfmon cluster` against real sshd: the whole way, and what can go wrong on it. */
import { spawn } from "node:child_process";
import {
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { projectRoot } from "../support/source-files.ts";
import { readLog } from "../agent/agent-process.ts";
import { needs } from "../support/needs.ts";
import { perfmon, type CliResult } from "../support/run-cli.ts";
import { byHost, ClusterLab, step, type StepDocument } from "./cluster-lab.ts";
import { processesWith, sleep } from "./ssh-lab.ts";

let lab: ClusterLab;

// A dozen connections and several recorders one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

needs("openssh-server", "openssh-client", "procps").describe("a cluster over ssh", () => {
  beforeAll(async () => {
    lab = new ClusterLab();
    await lab.serve(["n1", "n2", "n3", "n4"]);
  });

  afterAll(() => lab.close());

  it("is checked, recorded from one moment on, marked, stopped, collected, loaded and cleaned", async () => {
    const file = lab.clusterFile(["n[1-2]"], "[roles]", 'master = "n3"');
    const checked = await step("check", "-f", file);
    expect(
      checked.hosts.map(({ ok, message }) => [ok, message.replace(/Node .*/, "Node")]),
    ).toEqual([1, 2, 3].map(() => [true, "recorder: Node"]));
    expect(existsSync(lab.base)).toBe(false);

    const started = await lab.start("whole", file);
    expect(started.exitCode).toBe(0);
    expect(statSync(lab.base).mode & 0o777).toBe(0o700);
    const atMs = Date.parse(started.startAt);
    await lab.samplesOn("whole", 2, "n1", "n2", "n3");
    const status = await step("status", lab.runFolder("whole"));
    for (const { ok, message } of status.hosts) {
      expect({ ok, message }).toMatchObject({
        ok: true,
        message: expect.stringMatching(/^running/),
      });
    }
    expect((await step("mark", "map", lab.runFolder("whole"))).exitCode).toBe(0);
    // While it goes on: what is there comes home, and is read.
    expect((await step("collect", lab.runFolder("whole"))).exitCode).toBe(0);
    expect(readLog(join(lab.runFolder("whole"), "n1")).monotonicMs.length).toBeGreaterThan(0);
    const early = await step("clean", lab.runFolder("whole"));
    expect(early.failed).toBe(3);
    expect(early.hosts[0]!.message).toMatch(/still being recorded/);
    await lab.stopCollectClean("whole");
    expect(existsSync(lab.base)).toBe(false);
    expect(processesWith(lab.base)).toEqual([]);

    for (const host of ["n1", "n2", "n3"]) {
      const { recording, ends, damage } = readLog(join(lab.runFolder("whole"), host));
      expect({ ends, damage }).toEqual({ ends: [{ reason: "stopped" }], damage: [] });
      expect(recording.manifest).toMatchObject({ cluster: "lab", run: "whole", host });
      expect(recording.manifest.role).toBe(host === "n3" ? "master" : "worker");
      expect(recording.marks.map(({ name }) => name)).toEqual(["map"]);
      expect(Math.abs(recording.clockOffsetMs)).toBeLessThan(20);
    }
    const db = join(lab.folder, "whole.duckdb");
    const loaded = await perfmon(["load", lab.runFolder("whole"), "--db", db]);
    expect(loaded.exitCode, loaded.stderr).toBe(0);
    // Each host's first interval ends one second after the planned start.
    const sql = `SELECT hostname, min(offset_ms) + any_value(origin_ms) AS at FROM instant
      JOIN host USING (host_id) JOIN run USING (run_id) GROUP BY ALL ORDER BY ALL`;
    const rows = JSON.parse((await perfmon(["query", sql, "--db", db, "--json"])).stdout) as {
      at: number;
    }[];
    expect(rows.length).toBe(3);
    for (const { at } of rows) expect(Math.abs(at - atMs - 1000)).toBeLessThan(1000);
    const marks = "SELECT count(*) AS n FROM event WHERE kind = 'mark'";
    const counted = await perfmon(["query", marks, "--db", db, "--json"]);
    expect(JSON.parse(counted.stdout)).toEqual([{ n: 3 }]);
  });

  it("is recorded by the sh recorder where that is asked for, in the same run", async () => {
    await lab.start("mixed", lab.clusterFile(["n1"]));
    const second = await step(
      "start",
      "-f",
      lab.clusterFile(["n2"], 'recorder = "sh"'),
      "--run",
      "mixed",
      "-o",
      lab.runFolder("mixed"),
    );
    expect(byHost(second).get("n2")!.message).toMatch(/^records with sh/);
    await lab.samplesOn("mixed", 3, "n1", "n2");
    await lab.stopCollectClean("mixed");
    const status = await perfmon(["status", lab.runFolder("mixed"), "--json"]);
    const both = JSON.parse(status.stdout) as { host: string; state: string; samples: number }[];
    expect(both.map(({ host, state }) => `${host} ${state}`)).toEqual(["n1 ended", "n2 ended"]);
    for (const { samples } of both) expect(samples).toBeGreaterThanOrEqual(2);
    const compared = await perfmon([
      "compare",
      lab.runFolder("mixed"),
      lab.runFolder("mixed"),
      "--json",
    ]);
    expect(compared.exitCode, compared.stderr).toBe(0);
  });

  it("with a recorder that was killed tells so, and keeps what it recorded", async () => {
    await lab.start("killed", lab.clusterFile(["n[1-2]"]));
    await lab.samplesOn("killed", 2, "n1", "n2");
    const path = join(lab.base, "runs/lab/killed/n1/recording.json");
    const { process: recorder } = JSON.parse(readFileSync(path, "utf8")) as {
      process: { pid: number };
    };
    process.kill(recorder.pid, "SIGKILL");
    await sleep(200);
    const status = await step("status", lab.runFolder("killed"));
    expect(status.exitCode).toBe(1);
    expect(byHost(status).get("n1")).toMatchObject({ ok: false, message: "the recorder died" });
    // Again: only what has died is begun anew, beside what it left.
    const again = await lab.start("killed", lab.clusterFile(["n[1-2]"]));
    expect(byHost(again).get("n1")).toMatchObject({ ok: true, part: "n1~2", already: false });
    expect(byHost(again).get("n2")).toMatchObject({ ok: true, part: "n2", already: true });
    await lab.samplesOn("killed", 2, "n1~2");
    await lab.stopCollectClean("killed");
    expect(readdirSync(lab.runFolder("killed")).filter((name) => name.startsWith("n"))).toEqual([
      "n1",
      "n1~2",
      "n2",
    ]);
    const db = join(lab.folder, "killed.duckdb");
    const loaded = await perfmon(["load", lab.runFolder("killed"), "--db", db]);
    expect(loaded.exitCode, loaded.stderr).toBe(0);
  });

  it("brings home again only what is missing, and mends what was cut or is wrong", async () => {
    await lab.start("cut", lab.clusterFile(["n1"]));
    await lab.samplesOn("cut", 3, "n1");
    await step("stop", lab.runFolder("cut"));
    const first = await step("collect", lab.runFolder("cut"));
    expect(first.hosts[0]!["bytes"]).toBeGreaterThan(10_000);
    const log = join(lab.runFolder("cut"), "n1", "000001.plog");
    const whole = readFileSync(log);
    const again = async () => (await step("collect", lab.runFolder("cut"))).hosts[0]!;
    // The manifest always comes.
    expect(await again()).toMatchObject({ ok: true, files: 1 });
    truncateSync(log, 1000);
    const resumed = await again();
    expect(resumed).toMatchObject({ ok: true, files: 2 });
    expect(resumed["bytes"]).toBeLessThan(whole.length);
    expect(readFileSync(log).equals(whole)).toBe(true);
    writeFileSync(log, Buffer.alloc(1000, 7));
    expect(await again()).toMatchObject({ ok: true });
    expect(readFileSync(log).equals(whole)).toBe(true);
    rmSync(log);
    expect(await again()).toMatchObject({ ok: true, files: 2 });
    expect(readFileSync(log).equals(whole)).toBe(true);
    await lab.stopCollectClean("cut");
  });

  it("is taken up from elsewhere when the folder of the run is lost", async () => {
    const file = lab.clusterFile(["n1"]);
    await lab.start("lost", file);
    rmSync(lab.runFolder("lost"), { recursive: true });
    const elsewhere = async (command: string) => {
      const { stdout, exitCode, stderr } = await perfmonIn(lab.folder, [
        "cluster",
        command,
        "-f",
        file,
        "--run",
        "lost",
        "--json",
      ]);
      expect(exitCode, stderr).toBe(0);
      return JSON.parse(stdout) as StepDocument;
    };
    expect((await elsewhere("status")).hosts[0]).toMatchObject({ host: "n1", ok: true });
    await lab.samplesOn("lost", 2, "n1");
    for (const command of ["stop", "collect", "clean"]) await elsewhere(command);
    expect(readLog(join(lab.folder, "lab", "lost", "n1")).ends).toEqual([{ reason: "stopped" }]);
  });

  it("knows of other runs on a host, and leaves them alone", async () => {
    await lab.start("one", lab.clusterFile(["n1"]));
    const two = await lab.start("two", lab.clusterFile(["n1"]));
    expect(two.hosts[0]!.message).toMatch(/lab\/one is being recorded there, too/);
    await lab.samplesOn("two", 2, "n1");
    await lab.stopCollectClean("two");
    expect((await step("status", lab.runFolder("one"))).hosts[0]!.ok).toBe(true);
    await lab.stopCollectClean("one");
    expect(existsSync(lab.base)).toBe(false);
  });

  it("records while a command runs, whose duration and exit code are the run's", async () => {
    const db = join(lab.folder, "run.duckdb");
    const file = lab.clusterFile(["n[1-2]"]);
    const { exitCode, stderr } = await perfmon([
      "cluster",
      "run",
      "-f",
      file,
      "--run",
      "job",
      "-o",
      lab.runFolder("job"),
      "--db",
      db,
      "--clean",
      "--",
      "sh",
      "-c",
      "sleep 3; exit 7",
    ]);
    expect(exitCode, stderr).toBe(7);
    expect(existsSync(lab.base)).toBe(false);
    const sql = "SELECT DISTINCT program, exit_code, command_seconds FROM recording";
    const rows = JSON.parse((await perfmon(["query", sql, "--db", db, "--json"])).stdout) as {
      command_seconds: number;
    }[];
    expect(rows).toMatchObject([{ program: "sh", exit_code: 7 }]);
    expect(rows[0]!.command_seconds).toBeGreaterThanOrEqual(3);
    const events = "SELECT kind, count(*) AS n FROM event GROUP BY kind ORDER BY kind";
    const found = await perfmon(["query", events, "--db", db, "--json"]);
    expect(JSON.parse(found.stdout)).toEqual([
      { kind: "command-end", n: 2 },
      { kind: "command-start", n: 2 },
    ]);
  });
});

it("prints a cluster file that is one", async () => {
  const { stdout, exitCode } = await perfmon(["cluster", "init"]);
  expect(exitCode).toBe(0);
  const { parseClusterFile } = await import("../../src/config/cluster-file.ts");
  const settings = parseClusterFile(stdout, "sample");
  expect(settings.hosts.length).toBe(42);
  expect(settings.hosts[0]).toBe("worker01.example.com");
  expect(settings.roles["master2.example.com"]).toBe("master");
});

/** The program as a process of its own, in another folder. */
function perfmonIn(cwd: string, argv: readonly string[]): Promise<CliResult> {
  const program = join(projectRoot, "dist", "cli", "main.js");
  const child = spawn(process.execPath, [program, ...argv], { cwd });
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (bytes: Buffer) => (text.stdout += bytes.toString()));
  child.stderr.on("data", (bytes: Buffer) => (text.stderr += bytes.toString()));
  return new Promise((resolve) => {
    child.once("close", (code) => resolve({ exitCode: code ?? -1, ...text }));
  });
}
