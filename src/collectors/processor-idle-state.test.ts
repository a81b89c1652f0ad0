import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeHost, Recording } from "../../test/support/fake-host.ts";
import { processorIdleState } from "./processor-idle-state.ts";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
  host.write("sys/devices/system/cpu/cpuidle/current_driver", "intel_idle\n");
});
afterEach(() => host.remove());

function state(cpu: number, index: number, files: Record<string, string | number>): void {
  for (const [file, text] of Object.entries(files)) {
    host.write(`sys/devices/system/cpu/cpu${cpu}/cpuidle/state${index}/${file}`, `${text}\n`);
  }
}

describe("Processor Idle State", () => {
  it("shares out the time of a CPU", () => {
    state(0, 0, { name: "POLL", latency: 0, time: 100, usage: 1, above: 0 });
    state(0, 1, { name: "C6", latency: 133, time: 5_000_000, usage: 1000, above: 10 });
    const recording = new Recording(host, processorIdleState).sample(60);
    state(0, 0, { time: 100, usage: 1 });
    state(0, 1, { time: 50_000_000, usage: 7000, above: 130 });
    recording.sample(60);
    expect(recording.instances()).toEqual(["0/C6", "0/POLL"]);
    expect(recording.value("0/C6", "% Time")).toBe(75);
    expect(recording.value("0/C6", "Transitions/sec")).toBe(100);
    expect(recording.value("0/C6", "Too Deep/sec")).toBe(2);
    expect(recording.value("0/POLL", "% Time")).toBe(0);
    expect(recording.unit("0/C6").instance.attributes).toEqual({ wakeUs: "133" });
  });

  it("takes old kernels, which do not judge the choice", () => {
    state(0, 0, { name: "C1", latency: 2, time: 0, usage: 0 });
    const recording = new Recording(host, processorIdleState).sample(60);
    expect(recording.open.object.counters.map(({ name }) => name)).toEqual([
      "% Time",
      "Transitions/sec",
    ]);
  });

  it("reads 64 CPUs of many", () => {
    for (let cpu = 0; cpu < 200; cpu++) state(cpu, 0, { name: "C1", time: 1, usage: 1, above: 1 });
    const names = new Recording(host, processorIdleState).sample(60).instances();
    expect(names).toHaveLength(50);
    expect(names).toContain("196/C1");
  });

  it("is not there where the hypervisor lets CPUs sleep", () => {
    host.remove();
    host = new FakeHost();
    expect(processorIdleState.open(host.context)).toBeUndefined();
  });
});
