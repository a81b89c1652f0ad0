import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeHost, Recording } from "../../test/support/fake-host.ts";
import {
  type FakeProcess,
  hostOfProcesses,
  names,
  readGroups,
  putProcess,
} from "../../test/support/fake-processes.ts";
import { SampleRow } from "../counter/sample-row.ts";
import { kernelThreads } from "./kernel-thread.ts";
import { processes } from "./process.ts";

let host: FakeHost;
beforeEach(() => {
  host = hostOfProcesses();
});
afterEach(() => {
  host.remove();
});
const put = (pid: number, process: FakeProcess = {}): void => putProcess(host, pid, process);

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
