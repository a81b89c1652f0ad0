import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeHost, Recording } from "../../test/support/fake-host.ts";
import {
  type FakeProcess,
  hostOfProcesses,
  names,
  readGroups,
  thisMachine,
  putProcess,
} from "../../test/support/fake-processes.ts";
import { processes } from "./process.ts";

let host: FakeHost;
beforeEach(() => {
  host = hostOfProcesses();
});
afterEach(() => {
  host.remove();
});
const put = (pid: number, process: FakeProcess = {}): void => putProcess(host, pid, process);

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
    recording.sample();
    // I/O is read of processes that did something: more than one tick of the CPU time they are told by.
    const start = process.cpuUsage();
    while (process.cpuUsage(start).user < 50_000);
    recording.sample();
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
    const real = thisMachine(host);
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
