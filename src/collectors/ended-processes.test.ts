import { spawnSync } from "node:child_process";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeHost, Recording } from "../../test/support/fake-host.ts";
import {
  type FakeProcess,
  hostOfProcesses,
  names,
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
    const real = thisMachine(host);
    const recording = new Recording(real, processes).sample();
    const name = names(recording).find((instance) => instance.endsWith(`:${process.pid}`))!;
    spawnSync("sh", ["-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; times"]);
    recording.sample();
    const ticks = recording.raw(name)["ended_children_ticks"]!;
    recording.open.close();
    expect(ticks).toBeGreaterThan(3);
  });
});
