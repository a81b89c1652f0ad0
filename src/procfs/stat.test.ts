import { describe, expect, it } from "vitest";
import { ByteScanner } from "../util/byte-scanner.ts";
import { Stat } from "./stat.ts";

function parse(text: string, stat = new Stat()): Stat {
  stat.read(new ByteScanner().reset(Buffer.from(text, "latin1")));
  return stat;
}

const TEXT = `cpu  30 3 9 300 6 1 2 5 4 1
cpu0 10 1 3 100 2 1 0 2 4 1
cpu2 20 2 6 200 4 0 2 3 0 0
intr 183257 0 0 5 ${"0 ".repeat(3000)}1
ctxt 457060
btime 1795400390
processes 5471
procs_running 4
procs_blocked 2
softirq 118265 0 18310 4 5244 31487 0 3 37534 0 25683
`;

describe("/proc/stat", () => {
  it("gives ticks per online CPU, gaps in their numbers included", () => {
    const stat = parse(TEXT);
    expect([...stat.cpus.subarray(0, stat.cpuCount)]).toEqual([0, 2]);
    expect([...stat.ticks.subarray(0, 20)]).toEqual([
      10, 1, 3, 100, 2, 1, 0, 2, 4, 1, 20, 2, 6, 200, 4, 0, 2, 3, 0, 0,
    ]);
  });

  it("gives the counters of the whole system, past an interrupt line of any length", () => {
    const stat = parse(TEXT);
    expect([stat.interrupts, stat.contextSwitches, stat.forks, stat.running, stat.blocked]).toEqual(
      [183257, 457060, 5471, 4, 2],
    );
    expect([...stat.softirqs]).toEqual([118265, 0, 18310, 4, 5244, 31487, 0, 3, 37534, 0, 25683]);
  });

  it("reads fewer columns of old kernels as 0", () => {
    const stat = parse("cpu  1 2 3 4\ncpu0 1 2 3 4\nctxt 9\n");
    expect([...stat.ticks.subarray(0, 10)]).toEqual([1, 2, 3, 4, 0, 0, 0, 0, 0, 0]);
    expect(stat.contextSwitches).toBe(9);
  });

  it("takes more CPUs than it had room for, and then fewer", () => {
    const line = (i: number): string => `cpu${i} ${i} 0 0 0 0 0 0 0 0 0\n`;
    const stat = parse(Array.from({ length: 100 }, (_, i) => line(i)).join(""));
    expect([stat.cpuCount, stat.cpus[99], stat.ticks[990]]).toEqual([100, 99, 99]);
    expect(parse(line(7), stat).cpuCount).toBe(1);
  });
});
