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
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { recordingStatus } from "../../src/recording/recording-status.ts";
import { projectRoot } from "../support/source-files.ts";
import { readLog } from "../agent/agent-process.ts";
import { needs } from "../support/needs.ts";
import { perfmon, type CliResult } from "../support/run-cli.ts";
import { processesWith, sleep, SshLab } from "./ssh-lab.ts";

interface HostDocument {
  readonly host: string;
  readonly ok: boolean;
  readonly code: string;
  readonly message: string;
  readonly [key: string]: unknown;
}

interface StepDocument {
  readonly folder: string;
  readonly startAt: string;
  readonly failed: number;
  readonly hosts: readonly HostDocument[];
}

let lab: SshLab;

// A dozen connections and several recorders one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

async function step(...argv: string[]): Promise<StepDocument & { exitCode: number }> {
  const { stdout, stderr, exitCode } = await perfmon(["cluster", ...argv, "--json"]);
  if (stdout === "") throw new Error(stderr);
  return { ...(JSON.parse(stdout) as StepDocument), exitCode };
}

const byHost = ({ hosts }: StepDocument) => new Map(hosts.map((host) => [host.host, host]));
const runFolder = (name: string) => join(lab.folder, "runs", name);

async function start(name: string, file: string): Promise<StepDocument & { exitCode: number }> {
  return step("start", "-f", file, "--run", name, "-o", runFolder(name));
}

/** Waits until the hosts hold so many samples. */
async function samplesOn(name: string, samples: number, ...hosts: string[]): Promise<void> {
  const folder = (host: string) => join(lab.base, "runs", "lab", name, host);
  const isThere = (host: string) =>
    existsSync(join(folder(host), "recording.json")) &&
    recordingStatus(folder(host)).samples >= samples;
  for (let i = 0; i < 600 && !hosts.every(isThere); i++) await sleep(100);
  for (const host of hosts) {
    expect(recordingStatus(folder(host)).samples, host).toBeGreaterThanOrEqual(samples);
  }
}

async function stopCollectClean(name: string): Promise<void> {
  for (const command of ["stop", "collect", "clean"]) {
    const { exitCode, hosts } = await step(command, runFolder(name));
    expect(exitCode, `${command}: ${JSON.stringify(hosts)}`).toBe(0);
  }
}

needs("openssh-server", "openssh-client", "procps").describe("a cluster over ssh", () => {
  beforeAll(async () => {
    lab = new SshLab();
    await lab.serve(["n1", "n2", "n3", "n4"]);
  });

  afterAll(() => {
    for (const pid of processesWith(lab.base)) process.kill(pid, "SIGKILL");
    lab.close();
  });

  it("is checked, recorded from one moment on, marked, stopped, collected, loaded and cleaned", async () => {
    const file = lab.clusterFile(["n[1-2]"], "[roles]", 'master = "n3"');
    const checked = await step("check", "-f", file);
    expect(
      checked.hosts.map(({ ok, message }) => [ok, message.replace(/Node .*/, "Node")]),
    ).toEqual([1, 2, 3].map(() => [true, "recorder: Node"]));
    expect(existsSync(lab.base)).toBe(false);

    const started = await start("whole", file);
    expect(started.exitCode).toBe(0);
    expect(statSync(lab.base).mode & 0o777).toBe(0o700);
    const atMs = Date.parse(started.startAt);
    await samplesOn("whole", 2, "n1", "n2", "n3");
    const status = await step("status", runFolder("whole"));
    for (const { ok, message } of status.hosts) {
      expect({ ok, message }).toMatchObject({
        ok: true,
        message: expect.stringMatching(/^running/),
      });
    }
    expect((await step("mark", "map", runFolder("whole"))).exitCode).toBe(0);
    // While it goes on: what is there comes home, and is read.
    expect((await step("collect", runFolder("whole"))).exitCode).toBe(0);
    expect(readLog(join(runFolder("whole"), "n1")).monotonicMs.length).toBeGreaterThan(0);
    const early = await step("clean", runFolder("whole"));
    expect(early.failed).toBe(3);
    expect(early.hosts[0]!.message).toMatch(/still being recorded/);
    await stopCollectClean("whole");
    expect(existsSync(lab.base)).toBe(false);
    expect(processesWith(lab.base)).toEqual([]);

    for (const host of ["n1", "n2", "n3"]) {
      const { recording, ends, damage } = readLog(join(runFolder("whole"), host));
      expect({ ends, damage }).toEqual({ ends: [{ reason: "stopped" }], damage: [] });
      expect(recording.manifest).toMatchObject({ cluster: "lab", run: "whole", host });
      expect(recording.manifest.role).toBe(host === "n3" ? "master" : "worker");
      expect(recording.marks.map(({ name }) => name)).toEqual(["map"]);
      expect(Math.abs(recording.clockOffsetMs)).toBeLessThan(20);
    }
    const db = join(lab.folder, "whole.duckdb");
    const loaded = await perfmon(["load", runFolder("whole"), "--db", db]);
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
    await start("mixed", lab.clusterFile(["n1"]));
    const second = await step(
      "start",
      "-f",
      lab.clusterFile(["n2"], 'recorder = "sh"'),
      "--run",
      "mixed",
      "-o",
      runFolder("mixed"),
    );
    expect(byHost(second).get("n2")!.message).toMatch(/^records with sh/);
    await samplesOn("mixed", 3, "n1", "n2");
    await stopCollectClean("mixed");
    const status = await perfmon(["status", runFolder("mixed"), "--json"]);
    const both = JSON.parse(status.stdout) as { host: string; state: string; samples: number }[];
    expect(both.map(({ host, state }) => `${host} ${state}`)).toEqual(["n1 ended", "n2 ended"]);
    for (const { samples } of both) expect(samples).toBeGreaterThanOrEqual(2);
    const compared = await perfmon(["compare", runFolder("mixed"), runFolder("mixed"), "--json"]);
    expect(compared.exitCode, compared.stderr).toBe(0);
  });

  it("with a recorder that was killed tells so, and keeps what it recorded", async () => {
    await start("killed", lab.clusterFile(["n[1-2]"]));
    await samplesOn("killed", 2, "n1", "n2");
    const path = join(lab.base, "runs/lab/killed/n1/recording.json");
    const { process: recorder } = JSON.parse(readFileSync(path, "utf8")) as {
      process: { pid: number };
    };
    process.kill(recorder.pid, "SIGKILL");
    await sleep(200);
    const status = await step("status", runFolder("killed"));
    expect(status.exitCode).toBe(1);
    expect(byHost(status).get("n1")).toMatchObject({ ok: false, message: "the recorder died" });
    // Again: only what has died is begun anew, beside what it left.
    const again = await start("killed", lab.clusterFile(["n[1-2]"]));
    expect(byHost(again).get("n1")).toMatchObject({ ok: true, part: "n1~2", already: false });
    expect(byHost(again).get("n2")).toMatchObject({ ok: true, part: "n2", already: true });
    await samplesOn("killed", 2, "n1~2");
    await stopCollectClean("killed");
    expect(readdirSync(runFolder("killed")).filter((name) => name.startsWith("n"))).toEqual([
      "n1",
      "n1~2",
      "n2",
    ]);
    const db = join(lab.folder, "killed.duckdb");
    const loaded = await perfmon(["load", runFolder("killed"), "--db", db]);
    expect(loaded.exitCode, loaded.stderr).toBe(0);
  });

  it("brings home again only what is missing, and mends what was cut or is wrong", async () => {
    await start("cut", lab.clusterFile(["n1"]));
    await samplesOn("cut", 3, "n1");
    await step("stop", runFolder("cut"));
    const first = await step("collect", runFolder("cut"));
    expect(first.hosts[0]!["bytes"]).toBeGreaterThan(10_000);
    const log = join(runFolder("cut"), "n1", "000001.plog");
    const whole = readFileSync(log);
    const again = async () => (await step("collect", runFolder("cut"))).hosts[0]!;
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
    await stopCollectClean("cut");
  });

  it("is taken up from elsewhere when the folder of the run is lost", async () => {
    const file = lab.clusterFile(["n1"]);
    await start("lost", file);
    rmSync(runFolder("lost"), { recursive: true });
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
    await samplesOn("lost", 2, "n1");
    for (const command of ["stop", "collect", "clean"]) await elsewhere(command);
    expect(readLog(join(lab.folder, "lab", "lost", "n1")).ends).toEqual([{ reason: "stopped" }]);
  });

  it("knows of other runs on a host, and leaves them alone", async () => {
    await start("one", lab.clusterFile(["n1"]));
    const two = await start("two", lab.clusterFile(["n1"]));
    expect(two.hosts[0]!.message).toMatch(/lab\/one is being recorded there, too/);
    await samplesOn("two", 2, "n1");
    await stopCollectClean("two");
    expect((await step("status", runFolder("one"))).hosts[0]!.ok).toBe(true);
    await stopCollectClean("one");
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
      runFolder("job"),
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

  it("says of each host what is wrong with it, and goes on with the others", async () => {
    const silent = await listenSilently();
    const closed = { name: "closed", address: "127.8.9.1", port: 1 };
    const hangs = { name: "hangs", address: "127.0.0.1", port: silent.port };
    const [n1, n2, n3] = ["n1", "n2", "n3"].map((name) => hostOf(name));
    lab.add(closed, hangs, {
      name: "refused",
      address: n1!.address,
      port: n1!.port,
      options: ["User nobody"],
    });
    lab.forget(n2!.address);
    const other = new SshLab();
    lab.forget(n3!.address, readFileSync(`${other.hostKey}.pub`, "utf8"));
    other.close();
    const hosts = ["n4", "n2", "n3", "closed", "hangs", "refused", "no-such-host.invalid"];
    const file = lab.clusterFile(hosts);
    const checked = await step("check", "-f", file);
    silent.server.close();
    expect(Object.fromEntries(checked.hosts.map(({ host, code }) => [host, code]))).toEqual({
      n4: "ok",
      n2: "unknown-host-key",
      n3: "wrong-host-key",
      closed: "connection-refused",
      hangs: "timeout",
      refused: "permission-denied",
      "no-such-host.invalid": "unknown-host",
    });
    expect(checked).toMatchObject({ exitCode: 1, failed: 6 });
    const text = await perfmon(["cluster", "check", "-f", lab.clusterFile(["n4", "closed"])]);
    expect(text.exitCode).toBe(1);
    expect(text.stdout).toMatch(/^n4 +recorder: Node/);
    expect(text.stderr).toMatch(/^closed +nothing listens on its ssh port/m);
    expect(text.stderr).toMatch(/1 of 2 hosts can be recorded, 1 failed\n$/);
    lab.add();
  });

  it("is not recorded where there is no place, and that host is told", async () => {
    const blocked = lab.clusterFile(["n1"]);
    writeFileSync(lab.base, "a file where the folder should be");
    const started = await start("blocked", blocked);
    expect(started.hosts[0]).toMatchObject({ ok: false, code: "unsuitable" });
    expect(started.hosts[0]!.message).toMatch(/cannot be made or written/);
    rmSync(lab.base);
    const full = await step(
      "start",
      "-f",
      lab.clusterFile(["n1"], 'min_free = "900TB"'),
      "--run",
      "full",
      "-o",
      runFolder("full"),
    );
    expect(full.hosts[0]!.message).toMatch(/too little room/);
    expect(existsSync(lab.base)).toBe(false);
  });

  it("that is interrupted says which hosts were not asked, and knows the others later", async () => {
    const interruption = new AbortController();
    const file = lab.clusterFile(["n[1-4]"], "connections = 1");
    setTimeout(() => interruption.abort(), 700);
    const { stdout, exitCode } = await perfmon(
      ["cluster", "start", "-f", file, "--run", "stop", "-o", runFolder("stop"), "--json"],
      { interruption: interruption.signal },
    );
    expect(exitCode).toBe(1);
    const { hosts } = JSON.parse(stdout) as StepDocument;
    expect(hosts.filter(({ code }) => code === "interrupted").length).toBeGreaterThan(0);
    // The same command again does what is missing.
    const again = await step(
      "start",
      "-f",
      lab.clusterFile(["n[1-4]"]),
      "--run",
      "stop",
      "-o",
      runFolder("stop"),
    );
    expect(again.failed).toBe(0);
    await samplesOn("stop", 1, "n1", "n2", "n3", "n4");
    await stopCollectClean("stop");
    expect(existsSync(lab.base)).toBe(false);
  });

  it("that changes is followed: late hosts join, and those that left are kept", async () => {
    const list = join(lab.folder, "workers");
    writeFileSync(list, "n1\nn2 # for now\n");
    const file = lab.clusterFile([], `hosts_file = ${JSON.stringify(list)}`);
    await start("changing", file);
    await samplesOn("changing", 2, "n1", "n2");
    await step("collect", runFolder("changing"));
    writeFileSync(list, "n1\nn3\n");
    const interruption = new AbortController();
    const following = perfmon(["cluster", "collect", runFolder("changing"), "--every", "1s"], {
      interruption: interruption.signal,
    });
    const hasJoined = () => existsSync(join(runFolder("changing"), "n3", "000001.plog"));
    for (let i = 0; i < 600 && !hasJoined(); i++) await sleep(100);
    interruption.abort();
    const { stderr } = await following;
    expect(stderr).toMatch(/n2 +has left the cluster: what was collected is kept/);
    expect(stderr).toMatch(/n3 +joined late: records with Node/);
    expect(hasJoined()).toBe(true);
    const status = await step("status", runFolder("changing"));
    expect(status.hosts.map(({ host }) => host)).toEqual(["n1", "n3"]);
    expect(readLog(join(runFolder("changing"), "n2")).monotonicMs.length).toBeGreaterThan(0);
    writeFileSync(list, "n1\nn2\nn3\n");
    await step("start", "-f", file, "--run", "changing", "-o", runFolder("changing"));
    await stopCollectClean("changing");
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

function hostOf(name: string) {
  const text = readFileSync(lab.config, "utf8");
  const match = new RegExp(`Host ${name}\\n  HostName (\\S+)\\n  Port (\\d+)`).exec(text)!;
  return { address: match[1]!, port: Number(match[2]) };
}

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

/** Takes connections and says nothing. */
function listenSilently(): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.on("error", () => undefined));
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve({ server, port: typeof address === "object" && address ? address.port : 0 });
    });
  });
}
