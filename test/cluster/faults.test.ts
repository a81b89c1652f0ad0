/** What can be wrong with hosts of a cluster, and with the machine that it is recorded from. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { readLog } from "../agent/agent-process.ts";
import { needs } from "../support/needs.ts";
import { perfmon } from "../support/run-cli.ts";
import { ClusterLab, step, type StepDocument } from "./cluster-lab.ts";
import { sleep, SshLab } from "./ssh-lab.ts";

let lab: ClusterLab;

vi.setConfig({ testTimeout: 120_000 });

needs("openssh-server", "openssh-client", "procps").describe("a cluster with faults", () => {
  beforeAll(async () => {
    lab = new ClusterLab();
    await lab.serve(["n1", "n2", "n3", "n4"]);
  });

  afterAll(() => lab.close());

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
    const started = await lab.start("blocked", blocked);
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
      lab.runFolder("full"),
    );
    expect(full.hosts[0]!.message).toMatch(/too little room/);
    expect(existsSync(lab.base)).toBe(false);
  });

  it("that is interrupted says which hosts were not asked, and knows the others later", async () => {
    const interruption = new AbortController();
    const file = lab.clusterFile(["n[1-4]"], "connections = 1");
    setTimeout(() => interruption.abort(), 700);
    const { stdout, exitCode } = await perfmon(
      ["cluster", "start", "-f", file, "--run", "stop", "-o", lab.runFolder("stop"), "--json"],
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
      lab.runFolder("stop"),
    );
    expect(again.failed).toBe(0);
    await lab.samplesOn("stop", 1, "n1", "n2", "n3", "n4");
    await lab.stopCollectClean("stop");
    expect(existsSync(lab.base)).toBe(false);
  });

  it("that changes is followed: late hosts join, and those that left are kept", async () => {
    const list = join(lab.folder, "workers");
    writeFileSync(list, "n1\nn2 # for now\n");
    const file = lab.clusterFile([], `hosts_file = ${JSON.stringify(list)}`);
    await lab.start("changing", file);
    await lab.samplesOn("changing", 2, "n1", "n2");
    const first = await step("collect", lab.runFolder("changing"));
    expect(first.failed, JSON.stringify(first.hosts)).toBe(0);
    const early = readLog(join(lab.runFolder("changing"), "n2"));
    expect(early.monotonicMs.length, JSON.stringify(early.damage)).toBeGreaterThan(0);
    writeFileSync(list, "n1\nn3\n");
    const interruption = new AbortController();
    const following = perfmon(["cluster", "collect", lab.runFolder("changing"), "--every", "1s"], {
      interruption: interruption.signal,
    });
    const hasJoined = () => existsSync(join(lab.runFolder("changing"), "n3", "000001.plog"));
    for (let i = 0; i < 600 && !hasJoined(); i++) await sleep(100);
    interruption.abort();
    const { stderr } = await following;
    expect(stderr).toMatch(/n2 +has left the cluster: what was collected is kept/);
    expect(stderr).toMatch(/n3 +joined late: records with Node/);
    expect(hasJoined()).toBe(true);
    const status = await step("status", lab.runFolder("changing"));
    expect(status.hosts.map(({ host }) => host)).toEqual(["n1", "n3"]);
    expect(readLog(join(lab.runFolder("changing"), "n2")).monotonicMs.length).toBeGreaterThan(0);
    writeFileSync(list, "n1\nn2\nn3\n");
    await step("start", "-f", file, "--run", "changing", "-o", lab.runFolder("changing"));
    await lab.stopCollectClean("changing");
  });
});

function hostOf(name: string) {
  const text = readFileSync(lab.config, "utf8");
  const match = new RegExp(`Host ${name}\\n  HostName (\\S+)\\n  Port (\\d+)`).exec(text)!;
  return { address: match[1]!, port: Number(match[2]) };
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
