import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeHost, Recording } from "../../test/support/fake-host.ts";
import { perfDataFile } from "../../test/support/perf-data-file.ts";
import { javaVirtualMachine } from "./java-virtual-machine.ts";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
  host.write("proc/stat", "cpu 1 2 3 4\nbtime 1000000\n");
});
afterEach(() => {
  host.remove();
});

/** A process that began 50 s after boot. */
function putProcess(pid: number, name = "java", innerPid = pid): void {
  host.write(
    `proc/${pid}/stat`,
    `${pid} (${name}) S 1 1 1 0 -1 4194304 100 7 3 0 0 0 9 9 20 0 33 0 5000 1048576 256 18446744073709551615 1 1 1 0 0 0 0 4096 17663 1 0 0 17 1 0 0 0 0 0 1 1 1 1 1 1 1 0\n`,
  );
  host.write(`proc/${pid}/comm`, `${name}\n`);
  host.write(
    `proc/${pid}/status`,
    `Name:\t${name}\nUid:\t1001\t1001\t1001\t1001\nNSpid:\t${pid}${innerPid === pid ? "" : `\t${innerPid}`}\n`,
  );
  host.write(
    `proc/${pid}/cmdline`,
    "java\0-cp\0x\0org.apache.hadoop.hdfs.server.datanode.DataNode\0",
  );
}

interface Jvm {
  readonly collections?: number;
  readonly collectionMs?: number;
  readonly collectors?: string;
  readonly begun?: number;
  readonly oldOnly?: boolean;
}

const FREQUENCY = 1e9;

function putData(path: string, j: Jvm = {}): void {
  const young = {
    "sun.gc.generation.0.maxCapacity": 400,
    "sun.gc.generation.0.space.0.used": 10,
    "sun.gc.generation.0.space.0.capacity": 100,
    "sun.gc.generation.0.space.1.used": 2,
    "sun.gc.generation.0.space.1.capacity": 20,
    "sun.gc.generation.0.space.2.used": 3,
    "sun.gc.generation.0.space.2.capacity": 20,
    "sun.gc.collector.0.invocations": j.collections ?? 0,
    "sun.gc.collector.0.time": (j.collectionMs ?? 0) * 1e6,
  };
  const file = perfDataFile({
    order: "LE",
    texts: {
      [`sun.gc.collector.${j.oldOnly ? 2 : 0}.name`]:
        j.collectors ?? "Serial young collection pauses",
      "java.property.java.version": "17.0.15",
    },
    numbers: {
      ...(j.oldOnly ? {} : young),
      "sun.gc.generation.1.maxCapacity": 600,
      "sun.gc.generation.1.space.0.used": 285,
      "sun.gc.generation.1.space.0.capacity": 300,
      "sun.gc.collector.2.invocations": 4,
      "sun.gc.collector.2.time": 0,
      "sun.rt.createVmBeginTime": (j.begun ?? 1000051) * 1000,
      "sun.os.hrt.frequency": FREQUENCY,
      "java.threads.live": 12,
      "java.threads.daemon": 7,
      "java.threads.started": 20,
    },
  });
  const full = join(host.folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, file);
}

describe("Java Virtual Machine", () => {
  it("shows heap and collections as jstat does", () => {
    putProcess(42);
    putData("tmp/hsperfdata_hdfs/42");
    const recording = new Recording(host, javaVirtualMachine).sample(10);
    putData("tmp/hsperfdata_hdfs/42", { collections: 20, collectionMs: 500 });
    recording.sample(10);
    const value = (name: string) => recording.value("java:42", name);
    expect(value("Heap Used Bytes")).toBe(300);
    expect([value("Heap Committed Bytes"), value("Heap Maximum Bytes")]).toEqual([440, 1000]);
    expect(value("% Heap Used")).toBe(30);
    expect([value("Eden Used Bytes"), value("Survivor Used Bytes")]).toEqual([10, 5]);
    expect(value("Old Generation Used Bytes")).toBe(285);
    expect(value("Young Collections/sec")).toBe(2);
    expect(value("% Time in Young Collections")).toBeCloseTo(5, 9);
    expect(value("% Time in GC")).toBeCloseTo(5, 9);
    expect(value("Avg. sec/Young Collection")).toBeCloseTo(0.025, 9);
    expect([value("Live Threads"), value("Daemon Threads")]).toEqual([12, 7]);
    expect(recording.unit("java:42").instance.attributes).toMatchObject({
      role: "DataNode",
      gc: "Serial",
      javaVersion: "17.0.15",
      startTime: "5000",
    });
  });

  it("gives a JVM only what its collector tells", () => {
    putProcess(42);
    putData("tmp/hsperfdata_hdfs/42", { oldOnly: true, collectors: "Z concurrent cycle pauses" });
    const recording = new Recording(host, javaVirtualMachine).sample(10);
    expect(recording.raw("java:42")).toMatchObject({ heap_used: 285, heap_max: 600 });
    const fields = Object.keys(recording.raw("java:42"));
    expect(fields.filter((id) => /young|eden|survivor|full|metaspace/.test(id))).toEqual([]);
  });

  it("counts a heap of regions once", () => {
    putProcess(42);
    putData("tmp/hsperfdata_hdfs/42", { collectors: "G1 young collection pauses" });
    const recording = new Recording(host, javaVirtualMachine).sample(10);
    expect(recording.raw("java:42")).toMatchObject({ heap_max: 600, heap_used: 300 });
  });

  it("finds JVMs of containers by their number inside", () => {
    putProcess(4242, "java", 7);
    putData("proc/4242/root/tmp/hsperfdata_root/7");
    putProcess(4243, "python3", 8);
    putData("proc/4243/root/tmp/hsperfdata_root/8");
    const recording = new Recording(host, javaVirtualMachine).sample(10).sample(10);
    expect(recording.instances()).toEqual(["java:4242"]);
  });

  it("finds a shell that became a JVM", () => {
    putProcess(4242, "sh", 7);
    putData("proc/4242/root/tmp/hsperfdata_root/7");
    const recording = new Recording(host, javaVirtualMachine).sample(10);
    expect(recording.instances()).toEqual([]);
    putProcess(4242, "java", 7);
    expect(recording.sample(10).instances()).toEqual(["java:4242"]);
  });

  it("takes no file that was left behind", () => {
    putProcess(42);
    putData("tmp/hsperfdata_hdfs/42", { begun: 900_000 });
    putData("tmp/hsperfdata_hdfs/43");
    expect(new Recording(host, javaVirtualMachine).sample(10).instances()).toEqual([]);
  });

  it("follows no links, and takes nothing but what is performance data", () => {
    for (const pid of [42, 43, 44]) putProcess(pid, "java");
    putData("elsewhere/42");
    mkdirSync(join(host.folder, "tmp/hsperfdata_a"), { recursive: true });
    symlinkSync(join(host.folder, "elsewhere/42"), join(host.folder, "tmp/hsperfdata_a/42"));
    symlinkSync(join(host.folder, "elsewhere"), join(host.folder, "tmp/hsperfdata_b"));
    host.write("tmp/hsperfdata_a/43", "");
    host.write("tmp/hsperfdata_a/44", "x".repeat(5000));
    expect(new Recording(host, javaVirtualMachine).sample(10).instances()).toEqual([]);
  });

  it("forgets a JVM that was killed, though its file is still there", () => {
    putProcess(42);
    putProcess(43);
    putData("tmp/hsperfdata_hdfs/42");
    putData("tmp/hsperfdata_hdfs/43");
    const recording = new Recording(host, javaVirtualMachine).sample(10);
    expect(recording.instances()).toEqual(["java:42", "java:43"]);
    // As the kernel answers for a process that is gone: nothing.
    host.write("proc/42/stat", "");
    host.remove("proc/42");
    recording.sample(10);
    expect(recording.instances()).toEqual(["java:43"]);
    recording.open.close();
  });
});
