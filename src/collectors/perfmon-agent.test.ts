import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeHost, idleAgent, Recording } from "../../test/support/fake-host.ts";
import type { AgentFacts } from "./collector.ts";
import { perfmonAgent } from "./perfmon-agent.ts";

let facts: AgentFacts;
let host: FakeHost;
beforeEach(() => {
  facts = {
    ...idleAgent(),
    collectors: new Map(
      ["System", "Process"].map((name) => [name, { collectUs: 0, samples: 0, errors: 0 }]),
    ),
  };
  host = new FakeHost({ agent: facts });
});
afterEach(() => {
  host.remove();
});

function own(utime: number, stime: number): void {
  host.write(
    "proc/self/stat",
    `77 (node) R 1 1 1 0 -1 4194304 9 0 0 0 ${utime} ${stime} 0 0 20 0 7 0 500 900 12000 0\n`,
  );
  host.write(
    "proc/self/status",
    "Name:\tnode\nVmHWM:\t 9 kB\nRssAnon:\t    8000 kB\nRssFile:\t 1 kB\n",
  );
}

describe("Perfmon Agent", () => {
  it("shows what the agent knows of itself, per collector and in all", () => {
    own(10, 20);
    const recording = new Recording(host, perfmonAgent).sample();
    Object.assign(facts.collectors.get("System")!, { collectUs: 200.4, samples: 2, errors: 0 });
    Object.assign(facts.collectors.get("Process")!, { collectUs: 5000, samples: 1, errors: 1 });
    Object.assign(facts, {
      samples: 2,
      lateSamples: 1,
      lateUs: 2500.5,
      droppedSamples: 3,
      writeStallUs: 1e6,
      writtenBytes: 4000,
    });
    recording.sample(2);
    expect(recording.instances()).toEqual(["Process", "System", "_Total"]);
    expect(recording.value("System", "Collect Time per Sample")).toBeCloseTo(1e-4, 9);
    expect(recording.value("_Total", "Collect Time per Sample")).toBeCloseTo(2.6e-3, 9);
    expect(recording.value("_Total", "Collect Errors/sec")).toBe(0.5);
    expect(recording.value("_Total", "Late Samples")).toBe(1);
    expect(recording.value("_Total", "Late Time")).toBeCloseTo(0.002501, 9);
    expect(recording.value("_Total", "Dropped Samples")).toBe(3);
    expect(recording.value("_Total", "Write Stall Time")).toBeCloseTo(1, 9);
    expect(recording.value("_Total", "Bytes Written/sec")).toBe(2000);
    expect(recording.value("_Total", "Working Set")).toBe(12000 * 4096);
    expect(recording.value("_Total", "Anonymous Bytes")).toBe(8000 * 1024);
  });

  it("measures its CPU time finer than the ticks of /proc", () => {
    own(0, 0);
    const recording = new Recording(host, perfmonAgent).sample(0);
    const before = process.cpuUsage();
    while (process.cpuUsage(before).user + process.cpuUsage(before).system < 3000);
    recording.sample(1);
    // 3 ms of one second at least; no upper bound, as other threads of the test runner count too.
    expect(recording.value("_Total", "% Processor Time")).toBeGreaterThanOrEqual(0.3);
  });

  it("looks at its memory and its collectors in two samples, and then every 10 s", () => {
    own(10, 20);
    const recording = new Recording(host, perfmonAgent);
    const read = () => {
      recording.sample(1);
      const isRead = (field: string) =>
        recording.row.units.some(
          (unit) =>
            recording.row.isRead(unit) &&
            unit.object.groups[unit.group]!.fields.some(({ id }) => id === field),
        );
      return ["utime_us", "late_us", "anonymous_kib", "collect_us"].map(isRead);
    };
    const samples = Array.from({ length: 13 }, read);
    const all = [true, true, true, true];
    expect(samples.filter((_, i) => i === 0 || i === 1 || i === 11)).toEqual([all, all, all]);
    expect(samples.filter((_, i) => i > 1 && i !== 11)).toEqual(
      Array.from({ length: 10 }, () => [true, true, false, false]),
    );
  });

  it("outside an agent gives only what /proc/self has", () => {
    const outside = new FakeHost();
    const inside = host;
    host = outside;
    own(10, 20);
    const recording = new Recording(outside, perfmonAgent).sample();
    own(30, 40);
    recording.sample(2);
    expect(recording.value("_Total", "% Processor Time")).toBeCloseTo(20, 9);
    expect(recording.instances()).toEqual(["_Total"]);
    expect(recording.open.object.counters.map(({ name }) => name)).toEqual([
      "% Processor Time",
      "Working Set",
      "Anonymous Bytes",
    ]);
    outside.remove("proc/self/stat");
    expect(perfmonAgent.open(outside.context)).toBeUndefined();
    outside.remove();
    host = inside;
  });
});
