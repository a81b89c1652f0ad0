import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SampleRow } from "../counter/sample-row.ts";
import { FakeHost, type RecordedHost, Recording } from "../../test/support/fake-host.ts";
import { kernelThreads } from "./kernel-thread.ts";
import { processes } from "./process.ts";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
  host.write("proc/meminfo", "MemTotal:         4096 kB\nMemFree: 1 kB\n");
  host.write(
    "etc/passwd",
    "root:x:0:0:root:/root:/bin/bash\nhdfs:x:1001:1001::/home/hdfs:/bin/sh\n",
  );
});
afterEach(() => {
  host.remove();
});

interface Process {
  readonly name?: string;
  readonly user?: number;
  readonly ticks?: number;
  readonly start?: number;
  readonly kernel?: boolean;
  readonly state?: string;
  readonly blkio?: number;
  readonly command?: string;
  readonly uid?: number;
  readonly read?: number;
  readonly switches?: number;
  readonly io?: boolean;
  readonly parent?: number;
  /** Ticks of children that it waited for. */
  readonly children?: number;
  readonly runDelayUs?: number;
}

/** Writes a process's files as Linux 6.x has them. */
function put(pid: number, p: Process = {}): void {
  const flags = p.kernel ? 2129984 : 4194304;
  const rss = p.kernel ? 0 : 256;
  host.write(
    `proc/${pid}/stat`,
    `${pid} (${p.name ?? "java"}) ${p.state ?? "S"} ${p.parent ?? 1} 1 1 0 -1 ${flags} 100 7 3 0 ${p.ticks ?? 0} ${p.user ?? 0} ${p.children ?? 0} 0 20 -5 33 0 ${p.start ?? 5000} 1048576 ${rss} 18446744073709551615 94307784355840 94307784375721 140721815438832 0 0 0 0 4096 17663 1 0 0 17 1 0 0 ${p.blkio ?? 0} 0 0 94307784391728 94307784393344 94308404658176 140721815444192 140721815444212 140721815444212 140721815445483 0\n`,
  );
  const memory = p.kernel
    ? ""
    : "VmPeak:\t 3060 kB\nVmHWM:\t    1200 kB\nVmRSS:\t 1024 kB\nRssAnon:\t     700 kB\nRssFile:\t     300 kB\nRssShmem:\t      24 kB\nVmSwap:\t      40 kB\n";
  host.write(
    `proc/${pid}/status`,
    `Name:\t${p.name ?? "java"}\nUmask:\t0022\nUid:\t0\t${p.uid ?? 1001}\t0\t0\nVoid:\t9\n${memory}Threads:\t33\nvoluntary_ctxt_switches:\t${p.switches ?? 0}\nnonvoluntary_ctxt_switches:\t2\n`,
  );
  if (p.io !== false) {
    host.write(
      `proc/${pid}/io`,
      `rchar: 10\nwchar: 20\nsyscr: 1\nsyscw: 2\nread_bytes: ${p.read ?? 0}\nwrite_bytes: 0\ncancelled_write_bytes: 0\n`,
    );
  }
  host.write(`proc/${pid}/schedstat`, `123456789 ${(p.runDelayUs ?? 0) * 1000} 7\n`);
  host.write(`proc/${pid}/cmdline`, p.command ?? "");
  host.write(`proc/${pid}/cgroup`, "0::/system.slice/hadoop-datanode.service\n");
}

/** Which groups of an instance were read in the last sample. */
function readGroups(recording: Recording, instance: string): string[] {
  return recording.row.units
    .filter((unit) => unit.instance.name === instance && recording.row.isRead(unit))
    .map((unit) => unit.object.groups[unit.group]!.id);
}

/** This machine's processes, on a clock of their own. */
function thisMachine(): RecordedHost {
  const monotonicSeconds = (): number => real.seconds;
  const context = { ...host.context, procRoot: "/proc", monotonicSeconds };
  const real: RecordedHost = { seconds: 1000, context };
  return real;
}

/** Names of the processes read in the last sample. */
function names(recording: Recording): string[] {
  return recording.instances().filter((name) => name !== "_Total");
}

describe("Process", () => {
  it("shows what top shows", () => {
    put(42, { ticks: 100, state: "D" });
    const recording = new Recording(host, processes).sample();
    put(42, { ticks: 250, user: 50, state: "D", read: 8192, switches: 10, blkio: 40 });
    recording.sample(2);
    const value = (counter: string) => recording.value("java:42", counter);
    expect(value("% Processor Time")).toBeCloseTo(100, 9);
    expect(value("% User Time")).toBeCloseTo(75, 9);
    expect(value("% Privileged Time")).toBeCloseTo(25, 9);
    expect(value("% Block IO Delay Time")).toBeCloseTo(20, 9);
    expect(value("Working Set")).toBe(1024 * 1024);
    expect(value("% Memory")).toBeCloseTo(25, 9);
    expect(value("Virtual Bytes")).toBe(1048576);
    expect(value("Shared Bytes")).toBe(324 * 1024);
    expect(value("Private Bytes")).toBe(740 * 1024);
    expect(value("Thread Count")).toBe(33);
    expect([value("Priority"), value("Nice"), value("State")]).toEqual([20, -5, 2]);
    expect(value("CPU Time")).toBeCloseTo(3, 9);
    expect(value("Elapsed Time")).toBeCloseTo(host.seconds - 50, 6);
    expect(value("IO Read Bytes/sec")).toBe(4096);
    expect(value("Voluntary Context Switches/sec")).toBe(5);
  });

  it("honors the host's clock ticks and page size", () => {
    const other = new FakeHost({ clockTicksPerSecond: 1000, pageSizeBytes: 65536 });
    const mine = host;
    host = other;
    put(42);
    const recording = new Recording(other, processes).sample();
    put(42, { ticks: 500 });
    recording.sample();
    expect(recording.value("java:42", "% Processor Time")).toBeCloseTo(50, 9);
    expect(recording.value("java:42", "Working Set")).toBe(256 * 65536);
    // Without /proc/meminfo there is nothing to take a share of.
    expect(() => recording.value("java:42", "% Memory")).toThrow("no counter");
    other.remove();
    host = mine;
  });

  it("records role, user, control group and start once", () => {
    put(42, {
      command:
        "/usr/bin/java\0-Dsecret=x\0org.apache.hadoop.hdfs.server.datanode.DataNode\0--password\0y\0",
    });
    put(43, { uid: 4711, name: "a (b) c" });
    const recording = new Recording(host, processes).sample();
    expect(recording.unit("java:42").instance.attributes).toEqual({
      role: "DataNode",
      user: "hdfs",
      uid: "1001",
      cgroup: "hadoop-datanode.service",
      startTime: "5000",
      kernelThread: "no",
    });
    expect(recording.unit("a (b) c:43").instance.attributes).toMatchObject({
      user: "4711",
      role: "a (b) c",
    });
    expect(JSON.stringify(recording.row.units)).not.toMatch(/secret|password/);
  });

  it("follows processes that come and go", () => {
    put(1, { name: "init" });
    const recording = new Recording(host, processes).sample();
    put(7, { name: "late", ticks: 1000 });
    recording.sample();
    put(7, { name: "late", ticks: 1050 });
    host.remove("proc/1");
    recording.sample();
    expect(names(recording)).toEqual(["late:7"]);
    expect(recording.values("late:7", "% Processor Time")).toEqual([50]);
    expect(recording.values("init:1", "% Processor Time")).toEqual([0]);
    expect(recording.row.units.filter(({ instance }) => instance.name !== "_Total")).toHaveLength(
      3,
    );
  });

  it("takes a number that was given to another process for another instance", () => {
    put(42, { ticks: 90_000, start: 5000 });
    const recording = new Recording(host, processes).sample().sample();
    const before = recording.unit("java:42");
    put(42, { ticks: 95_000, start: 9000 });
    recording.sample();
    put(42, { ticks: 95_010, start: 9000 });
    recording.sample();
    expect(recording.unit("java:42")).not.toBe(before);
    expect(recording.unit("java:42").instance.attributes).toMatchObject({ startTime: "9000" });
    expect(recording.values("java:42", "% Processor Time")).toEqual([0, 10]);
  });

  it("takes a process that runs another program for another instance", () => {
    put(42, { name: "bash", ticks: 5, command: "bash\0" });
    const recording = new Recording(host, processes).sample();
    put(42, { name: "java", ticks: 6, command: "java\0-jar\0/opt/server-1.2.jar\0" });
    recording.sample();
    expect(names(recording)).toEqual(["java:42"]);
    expect(recording.unit("java:42").instance.attributes).toMatchObject({ role: "server" });
  });

  it("lets a process that renames itself all the time keep its instance after a while", () => {
    put(42, { name: "p0" });
    const recording = new Recording(host, processes).sample();
    for (let i = 1; i <= 9; i++) {
      put(42, { name: `p${i}` });
      recording.sample();
    }
    expect(names(recording)).toEqual(["p5:42"]);
    expect(recording.values("p5:42", "% Processor Time")).toHaveLength(4);
  });

  it("reads status and io of those that did something, of all every 10 seconds and every minute", () => {
    put(3, { ticks: 0 });
    put(13, { name: "idle", ticks: 7 });
    const recording = new Recording(host, processes).sample();
    expect(readGroups(recording, "idle:13")).toEqual(["stat", "status", "io"]);
    const status: number[] = [];
    const io: number[] = [];
    for (let second = 1; second <= 124; second++) {
      put(3, { ticks: second });
      recording.sample();
      expect(readGroups(recording, "java:3")).toEqual(["stat", "status", "io"]);
      const idle = readGroups(recording, "idle:13");
      if (idle.includes("status")) status.push(second);
      if (idle.includes("io")) io.push(second);
    }
    expect(status).toHaveLength(13);
    expect(status[12]! - status[0]!).toBe(120);
    expect(io).toHaveLength(2);
    expect(io[1]! - io[0]!).toBe(60);
  });

  it("gives the mean over the time in which io was not read", () => {
    put(13, { ticks: 7, read: 0 });
    const recording = new Recording(host, processes).sample();
    recording.sample().sample();
    put(13, { ticks: 8, read: 9000 });
    recording.sample();
    expect(recording.values("java:13", "IO Read Bytes/sec")).toEqual([3000]);
  });

  it("leaves out what it may not read, and what this kernel does not have", () => {
    put(42, { io: false });
    host.write("proc/sys/kernel/task_delayacct", "0\n");
    put(43, { kernel: true, name: "kswapd0", io: false });
    const recording = new Recording(host, processes).sample().sample();
    expect(recording.value("java:42", "% Processor Time")).toBe(0);
    const names = recording.open.object.counters.map(({ name }) => name);
    expect(names).not.toContain("IO Read Bytes/sec");
    expect(names).not.toContain("% Block IO Delay Time");
    expect(names).toContain("Private Bytes");
  });

  it("keeps descriptors open within its limit, and closes them all", () => {
    const inHost = (): number =>
      readdirSync("/proc/self/fd").filter((fd) => {
        const link = `/proc/self/fd/${fd}`;
        return existsSync(link) && readlinkSync(link).startsWith(host.folder);
      }).length;
    host.write(
      "proc/self/limits",
      "Limit Soft Hard\nMax open files            20                   20\n",
    );
    for (let pid = 1; pid <= 30; pid++) put(pid, { name: `p${pid}` });
    const recording = new Recording(host, processes).sample();
    for (let n = 1; n <= 3; n++) {
      for (let pid = 1; pid <= 30; pid++) put(pid, { name: `p${pid}`, ticks: n * pid });
      recording.sample();
      expect(inHost()).toBe(12);
    }
    expect(names(recording)).toHaveLength(30);
    expect(recording.value("p30:30", "% Processor Time")).toBe(30);
    for (let pid = 1; pid <= 5; pid++) host.remove(`proc/${pid}`);
    recording.sample();
    expect(names(recording)).toHaveLength(25);
    recording.open.close();
    expect(inHost()).toBe(0);
  });

  it("reads the processes of this machine, this one among them", () => {
    const recording = new Recording(
      Object.assign(host, { context: { ...host.context, procRoot: "/proc" } }),
      processes,
    );
    recording.sample().sample();
    const mine = recording.row.units.find(({ instance }) =>
      instance.name.endsWith(`:${process.pid}`),
    );
    expect(mine?.instance.attributes).toMatchObject({ kernelThread: "no" });
    expect(recording.value(mine!.instance.name, "Working Set")).toBeGreaterThan(10_000_000);
    expect(recording.values(mine!.instance.name, "IO Read Operations/sec")).toHaveLength(1);
    recording.open.close();
  });

  it("leaves kernel threads out", () => {
    put(2, { kernel: true, name: "kthreadd" });
    put(3);
    const recording = new Recording(host, processes).sample().sample();
    expect(names(recording)).toEqual(["java:3"]);
  });

  it("reads run-queue delay every 10 seconds", () => {
    host.write("proc/self/schedstat", "1 2 3\n");
    put(3);
    const recording = new Recording(host, processes).sample();
    for (let second = 1; second <= 24; second++) {
      put(3, { ticks: second, runDelayUs: second * 250_000 });
      recording.sample();
    }
    const values = recording.values("java:3", "% Run Queue Delay Time");
    expect(values.length).toBeGreaterThanOrEqual(2);
    for (const value of values) expect(value).toBeCloseTo(25, 9);
  });

  it("counts handles, by listing them where the kernel does not count", () => {
    host.makeFolder("proc/self/fd");
    put(3);
    for (const fd of [0, 1, 2, 7]) host.write(`proc/3/fd/${fd}`, "");
    const recording = new Recording(host, processes);
    let listed = 0;
    for (let second = 1; second <= 130; second++) {
      recording.sample();
      const { handles } = recording.raw("java:3");
      if (handles === undefined) continue;
      expect(handles).toBe(4);
      listed++;
    }
    expect(listed).toBe(3);
  });

  it("knows the handles and run-queue delay of this very process", () => {
    const real = thisMachine();
    const count = () => readdirSync("/proc/self/fd").length;
    const before = count();
    const recording = new Recording(real, processes).sample().sample(10);
    const after = count();
    const name = names(recording).find((instance) => instance.endsWith(`:${process.pid}`))!;
    const { handles = 0, run_delay_usec: delay = 0 } = recording.raw(name);
    recording.open.close();
    // It opens files of the others meanwhile.
    expect(handles).toBeGreaterThanOrEqual(before - 2);
    expect(handles).toBeLessThanOrEqual(after + 2);
    expect(delay).toBeGreaterThan(0);
  });

  it("reads proportional set sizes when asked to", () => {
    const rollup =
      "5581-7fff ---p 00000000 00:00 0    [rollup]\nRss:     900 kB\nPss:                 512 kB\nPss_Dirty: 9 kB\nSwapPss:   8 kB\n";
    put(3);
    host.write("proc/3/smaps_rollup", rollup);
    const without = new Recording(host, processes).sample().sample(10);
    expect(without.raw("java:3")).not.toHaveProperty("Pss");
    host.remove();
    host = new FakeHost({ pss: true });
    put(3);
    host.write("proc/3/smaps_rollup", rollup);
    expect(new Recording(host, processes).sample().sample(10).raw("java:3")).toMatchObject({
      Pss: 512,
      SwapPss: 8,
    });
  });
});

describe("processes that ended", () => {
  const of = (recording: Recording) => ({
    ended: recording.raw("_Total")["ended"],
    ticks: recording.raw("_Total")["ended_ticks"],
  });

  it("gives a parent the time of children that were never seen", () => {
    put(10, { name: "sh", children: 500 });
    const recording = new Recording(host, processes).sample();
    expect(of(recording)).toEqual({ ended: 0, ticks: 0 });
    put(10, { name: "sh", children: 530 });
    recording.sample();
    expect(of(recording)).toEqual({ ended: 0, ticks: 30 });
    expect(recording.value("sh:10", "% Ended Children Time")).toBeCloseTo(30, 9);
    expect(recording.sample().value("sh:10", "% Ended Children Time")).toBe(0);
  });

  it("leaves out what was seen of a child before it ended", () => {
    put(10, { name: "sh" });
    put(11, { name: "cc", parent: 10, ticks: 40 });
    const recording = new Recording(host, processes).sample();
    put(11, { name: "cc", parent: 10, ticks: 90 });
    recording.sample();
    host.remove("proc/11");
    put(10, { name: "sh", children: 97 });
    recording.sample();
    expect(of(recording)).toEqual({ ended: 1, ticks: 7 });
    expect(recording.value("_Total", "Processes Ended/sec")).toBe(1);
    expect(recording.value("_Total", "% Ended Process Time")).toBeCloseTo(7, 9);
  });

  it("follows ended parents upwards", () => {
    put(1, { name: "init", parent: 0 });
    put(10, { name: "make", parent: 1, ticks: 3 });
    put(11, { name: "sh", parent: 10, ticks: 2 });
    put(12, { name: "cc", parent: 11, ticks: 50 });
    const recording = new Recording(host, processes).sample();
    for (const pid of [10, 11, 12]) host.remove(`proc/${pid}`);
    put(1, { name: "init", parent: 0, children: 60 });
    recording.sample();
    expect(of(recording)).toEqual({ ended: 3, ticks: 5 });
  });

  it("waits a sample for the charge, and never counts below nothing", () => {
    put(10, { name: "sh" });
    put(11, { parent: 10, ticks: 40 });
    put(12, { parent: 10, ticks: 40 });
    const recording = new Recording(host, processes).sample();
    host.remove("proc/11");
    recording.sample();
    put(10, { name: "sh", children: 42 });
    recording.sample();
    expect(of(recording)).toEqual({ ended: 1, ticks: 2 });
    // One for which nobody waits.
    host.remove("proc/12");
    recording.sample().sample().sample();
    put(10, { name: "sh", children: 52 });
    recording.sample();
    expect(of(recording)).toEqual({ ended: 2, ticks: 12 });
  });

  it("accounts for real short-lived processes", () => {
    const real = thisMachine();
    const recording = new Recording(real, processes).sample();
    const name = names(recording).find((instance) => instance.endsWith(`:${process.pid}`))!;
    spawnSync("sh", ["-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; times"]);
    recording.sample();
    const ticks = recording.raw(name)["ended_children_ticks"]!;
    recording.open.close();
    expect(ticks).toBeGreaterThan(3);
  });
});

describe("Kernel Thread", () => {
  it("keeps kernel workers apart from what they work on", () => {
    put(9, { kernel: true, name: "kworker/0:1-events" });
    put(10, { kernel: true, name: "kworker/R-xfs-log" });
    const recording = new Recording(host, kernelThreads).sample();
    const unit = recording.unit("kworker/0:1:9");
    put(9, { kernel: true, name: "kworker/0:1+mm_percpu_wq" });
    recording.sample();
    expect(names(recording)).toEqual(["kworker/0:1:9", "kworker/R-xfs-log:10"]);
    expect(recording.unit("kworker/0:1:9")).toBe(unit);
    expect(unit.instance.attributes).toMatchObject({ role: "kworker" });
  });

  it("has what threads of the kernel have", () => {
    put(2, { kernel: true, name: "kthreadd", uid: 0 });
    put(3);
    const recording = new Recording(host, kernelThreads).sample();
    put(2, { kernel: true, name: "kthreadd", uid: 0, ticks: 50 });
    recording.sample();
    expect(recording.instances()).toEqual(["kthreadd:2"]);
    expect(recording.value("kthreadd:2", "% Processor Time")).toBeCloseTo(50, 9);
    expect(recording.raw("kthreadd:2")).not.toHaveProperty("rss");
    expect(recording.unit("kthreadd:2").instance.attributes).toMatchObject({
      kernelThread: "yes",
      user: "root",
    });
  });

  it("reads those that did nothing every 10 seconds, and those that work in every sample", () => {
    put(8, { kernel: true, name: "idle" });
    put(9, { kernel: true, name: "kswapd0" });
    const recording = new Recording(host, kernelThreads).sample().sample();
    const idle: number[] = [];
    for (let second = 1; second <= 40; second++) {
      put(9, { kernel: true, name: "kswapd0", ticks: second > 20 ? second : 0 });
      recording.sample();
      if (readGroups(recording, "idle:8").includes("stat")) idle.push(second);
      if (second > 30) expect(readGroups(recording, "kswapd0:9")).toContain("stat");
    }
    expect(idle).toHaveLength(4);
    // Its work is not lost, only spread.
    const values = recording.values("kswapd0:9", "% Processor Time");
    expect(values.at(-1)).toBeCloseTo(1, 9);
    expect(Math.max(...values)).toBeLessThanOrEqual(21);
  });

  it("reads processes once for both objects", () => {
    put(8, { kernel: true, name: "idle" });
    put(3);
    const both = [processes, kernelThreads].map((collector) => collector.open(host.context)!);
    const row = new SampleRow();
    row.begin();
    for (const open of both) open.collect(row);
    const seen = row.units.filter((unit) => row.isRead(unit) && unit.group === 0);
    expect(seen.map(({ object, instance }) => [object.name, instance.name])).toEqual([
      ["Process", "java:3"],
      ["Kernel Thread", "idle:8"],
    ]);
    for (const open of both) open.close();
  });
});
