/** record --source tools: the original's flow, agreement with our own collectors, tools that fail. */
import { spawn, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { needs } from "../support/needs.ts";
import { perfmon } from "../support/run-cli.ts";
import { projectRoot } from "../support/source-files.ts";

let folder = "";
const path = (name: string) => join(folder, name);
const TIMEOUT_MS = 60_000;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "perfmon-tools-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

async function query<T>(db: string, sql: string): Promise<T[]> {
  const { stdout, stderr } = await perfmon(["query", sql, "--db", path(db), "--json"]);
  expect(stderr).toBe("");
  return JSON.parse(stdout) as T[];
}

/** Computes, writes, and talks to itself, until it is ended. */
function startLoad(): ChildProcess {
  const script = `
    const fs = require("node:fs"), net = require("node:net");
    const block = Buffer.alloc(1 << 20, 3);
    const file = fs.openSync(${JSON.stringify(path("load"))}, "w");
    const server = net.createServer((socket) => socket.resume()).listen(0, "127.0.0.1", () => {
      const socket = net.connect(server.address().port, "127.0.0.1");
      setInterval(() => {
        for (let i = 0; i < 4; i++) fs.writeSync(file, block, 0, block.length, i << 20);
        fs.fdatasyncSync(file);
        socket.write(block);
        const end = Date.now() + 20;
        while (Date.now() < end);
      }, 100);
    });`;
  return spawn(process.execPath, ["-e", script], { stdio: "ignore" });
}

const tools = needs("sysstat", "procps", "ifstat", "iotop", "root");

/** The columns of the six sources that the original had, and where they are found now. */
const ORIGINAL: Readonly<Record<string, readonly (readonly [column: string, path: string])[]>> = {
  cpu: [
    ["user", String.raw`Processor(_Total)\% User Time`],
    ["nice", String.raw`Processor(_Total)\% Nice Time`],
    ["system", String.raw`Imported(cpu)\iostat %system`],
    ["iowait", String.raw`Processor(_Total)\% IO Wait Time`],
    ["steal", String.raw`Processor(_Total)\% Steal Time`],
    ["idle", String.raw`Processor(_Total)\% Idle Time`],
  ],
  disk: [
    ["requests/s", String.raw`PhysicalDisk(_Total)\Disk Transfers/sec`],
    // In bytes, and the totals are their sums over the intervals.
    ["blocks read/s, total blocks read", String.raw`PhysicalDisk(_Total)\Disk Read Bytes/sec`],
    [
      "blocks written/s, total blocks written",
      String.raw`PhysicalDisk(_Total)\Disk Write Bytes/sec`,
    ],
  ],
  memory: [
    ["mem total", String.raw`Memory()\Total Bytes`],
    ["mem used", String.raw`Memory()\Used Bytes`],
    ["mem free", String.raw`Memory()\Free Bytes`],
    ["mem shared", String.raw`Memory()\Shared Memory Bytes`],
    ["mem buff/cache", String.raw`Memory()\Buffers and Cache Bytes`],
    ["mem available", String.raw`Memory()\Available Bytes`],
    ["swap total", String.raw`Memory()\Swap Total Bytes`],
    ["swap used", String.raw`Imported(swap)\free used`],
    ["swap free", String.raw`Memory()\Swap Free Bytes`],
  ],
  network: [
    ["kbps in", String.raw`Virtual Network Interface(lo)\Bytes Received/sec`],
    ["kbps out", String.raw`Virtual Network Interface(lo)\Bytes Sent/sec`],
  ],
  // Of the process with the number 1, which is there on every host; pid and command are its instance.
  processes: [
    ["priority", String.raw`Process(PID1)\Priority`],
    ["nice", String.raw`Process(PID1)\Nice`],
    ["virt", String.raw`Process(PID1)\Virtual Bytes`],
    ["res", String.raw`Process(PID1)\Working Set`],
    ["shared", String.raw`Process(PID1)\Shared Bytes`],
    ["state", String.raw`Process(PID1)\State`],
    ["%cpu", String.raw`Process(PID1)\% Processor Time`],
    ["%mem", String.raw`Process(PID1)\% Memory`],
    ["time", String.raw`Process(PID1)\CPU Time`],
  ],
  "process I/O": [
    ["read", String.raw`Process(PID1)\IO Read Bytes/sec`],
    ["write", String.raw`Process(PID1)\IO Write Bytes/sec`],
  ],
};

tools.describe("the original's flow", () => {
  it(
    "records through the tools to text, is loaded, and every column is found",
    async () => {
      const load = startLoad();
      try {
        const argv = ["record", "--source", "tools", "--format", "tsv", "-q", "--for", "7s"];
        const recorded = await perfmon([...argv, "-o", path("text"), "--run", "original"]);
        expect(recorded).toEqual({ exitCode: 0, stdout: "", stderr: "" });
      } finally {
        load.kill("SIGKILL");
      }
      expect(readdirSync(path("text")).sort()).toEqual([
        "000001.tsv",
        "inventory.json",
        "recording.json",
      ]);
      const loaded = await perfmon(["load", path("text"), "--db", path("original.duckdb")]);
      expect(loaded).toMatchObject({ exitCode: 0, stderr: "" });
      const rows = await query<{ path: string; count: number; seconds: number; sum: number }>(
        "original.duckdb",
        String.raw`SELECT object || '(' || coalesce(instance, '') || ')\' || counter AS path, count(*) AS count,
          sum(weight) AS seconds, sum(value * weight) AS sum FROM normalized GROUP BY 1`,
      );
      const found = new Map(
        rows.map((row) => [row.path.replace(/\([^()]*:1\)\\/, "(PID1)\\"), row]),
      );
      for (const [source, columns] of Object.entries(ORIGINAL)) {
        for (const [column, name] of columns) {
          expect(found.get(name)?.count, `${source} ${column}: ${name}`).toBeGreaterThan(1);
        }
      }
      // What the load did at least is there, whatever else this machine does: 20 ms of 120 compute.
      expect(found.get(String.raw`PhysicalDisk(_Total)\Disk Write Bytes/sec`)!.sum).toBeGreaterThan(
        1e6,
      );
      expect(
        found.get(String.raw`Virtual Network Interface(lo)\Bytes Sent/sec`)!.sum,
      ).toBeGreaterThan(1e6);
      expect(found.get(String.raw`Memory()\Total Bytes`)!.seconds).toBeGreaterThan(3);
    },
    TIMEOUT_MS,
  );
});

interface Mean {
  readonly counter: string;
  readonly run: string;
  readonly mean: number;
}

tools.describe("the two sources", () => {
  it(
    "agree, as far as some seconds allow",
    async () => {
      const load = startLoad();
      const record = (run: string, ...more: string[]) =>
        perfmon(["record", "-q", "--for", "9s", "-o", path(run), "--run", run, ...more]);
      try {
        const objects = ["--objects", "Processor,Memory,System,PhysicalDisk,Paging"];
        const results = await Promise.all([
          record("kernel", ...objects),
          record("tools", "--source", "tools"),
        ]);
        expect(results.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([
          [0, ""],
          [0, ""],
        ]);
      } finally {
        load.kill("SIGKILL");
      }
      const manifest: unknown = JSON.parse(
        readFileSync(join(path("tools"), "recording.json"), "utf8"),
      );
      expect(manifest).toMatchObject({ source: "tools", run: "tools" });
      await perfmon(["load", path("kernel"), path("tools"), "--db", path("both.duckdb")]);
      const rows = await query<Mean>(
        "both.duckdb",
        `SELECT run, object || ' ' || counter AS counter, sum(value * weight) / sum(weight) AS mean
         FROM normalized WHERE coalesce(instance, '') IN ('', '_Total') GROUP BY ALL`,
      );
      const mean = (run: string, counter: string) =>
        rows.find((row) => row.run === run && row.counter === counter)!.mean;
      const ratio = (counter: string) => mean("tools", counter) / mean("kernel", counter);
      expect(ratio("Memory Total Bytes")).toBeCloseTo(1, 12);
      // The two do not begin and end together: of nine seconds one or two are different.
      for (const [counter, tolerance] of [
        ["Memory Available Bytes", 0.1],
        ["Memory Used Bytes", 0.3],
        ["System Processes", 0.3],
        ["System Context Switches/sec", 0.5],
        ["PhysicalDisk Disk Write Bytes/sec", 0.6],
        ["Paging Bytes Paged Out/sec", 0.6],
      ] as const) {
        expect(Math.abs(ratio(counter) - 1), counter).toBeLessThan(tolerance);
      }
      for (const share of ["% Processor Time", "% Idle Time", "% User Time"]) {
        const [a, b] = ["kernel", "tools"].map((run) => mean(run, `Processor ${share}`));
        expect(Math.abs(a! - b!), share).toBeLessThan(25);
      }
      const [process] = await query<{ users: number }>(
        "both.duckdb",
        `SELECT count(DISTINCT attributes) AS users FROM series JOIN counter USING (counter_id)
         WHERE object = 'Process' AND CAST(attributes AS VARCHAR) LIKE '%root%'`,
      );
      expect(process!.users).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});

needs("procps").describe("recording through tools", () => {
  it(
    "ends in order on Ctrl-C, and its tools with it",
    async () => {
      const main = join(projectRoot, "src/cli/main.ts");
      const argv = [
        "record",
        "--source",
        "tools",
        "--tools",
        "free,vmstat,top",
        "-o",
        path("stopped"),
      ];
      const child = spawn(process.execPath, ["--import", "tsx", main, ...argv, "-i", "1s"], {
        stdio: ["ignore", "ignore", "pipe"],
      });
      let said = "";
      child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
      const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
      await vi.waitFor(() => expect(said).toMatch(/^Recording /), { timeout: 30_000 });
      // Started one after the other, each a child of it.
      const children = `/proc/${child.pid}/task/${child.pid}/children`;
      const tools = await vi.waitFor(
        () => {
          const named = (pid: string) => readFileSync(`/proc/${pid}/comm`, "utf8").trim();
          const all = readFileSync(children, "utf8").trim().split(" ");
          const pids = all.filter((pid) => ["free", "vmstat", "top"].includes(named(pid)));
          expect(pids).toHaveLength(3);
          return pids;
        },
        { timeout: 10_000 },
      );
      await new Promise((resolve) => setTimeout(resolve, 2500));
      child.kill("SIGINT");
      expect(await exit).toBe(0);
      expect(said).toMatch(/Recorded [1-9]\d* samples/);
      expect(tools.filter((pid) => existsSync(`/proc/${pid}/exe`))).toEqual([]);
      expect(readFileSync(join(path("stopped"), "recording.json"), "utf8")).toContain("finishedMs");
    },
    TIMEOUT_MS,
  );
});

needs("procps").describe("tools that fail", () => {
  /** A PATH with `free`, and an iostat that does not work. */
  function brokenTools(): string {
    const bin = path("bin");
    rmSync(bin, { recursive: true, force: true });
    mkdirSync(bin);
    symlinkSync("/usr/bin/free", join(bin, "free"));
    writeFileSync(join(bin, "iostat"), "#!/bin/sh\necho 'no /proc here' >&2\nexit 3\n");
    chmodSync(join(bin, "iostat"), 0o755);
    symlinkSync("/bin/sh", join(bin, "sh"));
    return bin;
  }

  it(
    "are named once, and the others go on",
    async () => {
      vi.stubEnv("PATH", brokenTools());
      const argv = ["record", "--source", "tools", "--tools", "iostat,vmstat,free", "-i", "200ms"];
      const result = await perfmon([...argv, "--for", "1500ms", "-o", path("broken")]);
      expect(result.exitCode).toBe(0);
      expect(result.stderr).toMatch(/iostat takes whole seconds only: its interval is 1 s/);
      expect(result.stderr.match(/iostat has ended \(exit code 3\): no \/proc here/g)).toHaveLength(
        1,
      );
      expect(result.stderr.match(/vmstat is not installed \(package procps\)/g)).toHaveLength(1);
      expect(result.stderr).toMatch(/Recorded [4-8] samples/);
    },
    TIMEOUT_MS,
  );

  it("end the recording when none is left, but not the command", async () => {
    vi.stubEnv("PATH", brokenTools());
    const argv = ["record", "--source", "tools", "--tools", "iostat", "-q"];
    const alone = await perfmon([...argv, "-o", path("none")]);
    expect(alone).toMatchObject({ exitCode: 1 });
    expect(alone.stderr).toMatch(/None of the tools runs any more/);
    const command = ["--", "sh", "-c", `sleep() { :; }; echo done >${path("done")}; exit 5`];
    const around = await perfmon([...argv, "-o", path("none2"), ...command]);
    expect(around.exitCode).toBe(5);
    expect(readFileSync(path("done"), "utf8")).toBe("done\n");
  });

  it("must be tools that there are", async () => {
    const unknown = await perfmon(["record", "--source", "tools", "--tools", "dstat"]);
    expect(unknown).toMatchObject({ exitCode: 2 });
    expect(unknown.stderr).toMatch(/no tool "dstat"[^]*iostat, top, free/);
    expect(await perfmon(["record", "--tools", "top"])).toMatchObject({ exitCode: 2 });
    expect((await perfmon(["record", "--source", "wmi"])).stderr).toMatch(/kernel, tools/);
  });
});
