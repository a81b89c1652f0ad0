import { describe, expect, it } from "vitest";
import { measureHost } from "./measure-host.ts";
import { STATES } from "./resources.ts";
import type { SignalId } from "./signals.ts";
import type { HostColumns } from "./side.ts";
import { hostStates } from "./states.ts";

function host(cpus: number, signals: Partial<Record<SignalId, number>>): HostColumns {
  return {
    name: "h",
    role: "",
    description: {
      id: 0,
      name: "h",
      role: "",
      intervalMs: 1000,
      inventory: {},
      fromMs: 0,
      toMs: 1000,
      samples: 1,
    },
    cpus,
    cpuQuota: Infinity,
    remoteMounts: [],
    memoryBytes: 8e9,
    signals: new Map(
      Object.entries(signals).map(([id, value]) => [id as SignalId, Float64Array.of(value)]),
    ),
  };
}

/** Shares of one bucket, in percent, and their sum. */
function shares(cpus: number, signals: Partial<Record<SignalId, number>>, psi = false) {
  const columns = host(cpus, signals);
  const use = { cpu: psi, memory: psi, io: psi };
  const states = hostStates(columns, measureHost(columns, use), use);
  const result = Object.fromEntries(
    STATES.map((state) => [state, Math.round(100 * states.shares[state][0]!)]),
  );
  const sum = STATES.reduce((total, state) => total + states.shares[state][0]!, 0);
  expect(sum).toBeCloseTo(states.active[0]!, 9);
  return result;
}

describe("hostStates", () => {
  it("calls one busy thread of a large host CPU, not idle", () => {
    expect(shares(16, { idle: 93.75 })).toMatchObject({ cpu: 100, disk: 0 });
  });

  it("calls the time for which a quota stopped the work CPU", () => {
    expect(shares(1, { idle: 73, quotaStop: 45 })).toMatchObject({ cpu: 72 });
    // It did nothing else meanwhile: more than what was not used cannot be.
    expect(shares(1, { idle: 30, quotaStop: 45 })).toMatchObject({ cpu: 100 });
  });

  it("waits for the network while what it sent is not acknowledged and nothing else goes on", () => {
    expect(shares(1, { idle: 80, sending: 1 })).toMatchObject({ cpu: 20, network: 80 });
    expect(shares(1, { idle: 80, sending: 0.3 })).toMatchObject({ cpu: 20, network: 30 });
    expect(shares(1, { idle: 30, ioWait: 70, sending: 1 })).toMatchObject({
      disk: 70,
      network: 30,
    });
  });

  it("sees a throttled volume in iowait alone", () => {
    // One task: 4 % of a CPU, 90 % waiting.
    expect(shares(2, { idle: 53, ioWait: 45, diskTime: 1 })).toMatchObject({ cpu: 4, disk: 90 });
  });

  it("calls swapping on a slow disk memory, though it moves little", () => {
    // As seen: 20 ms a request, one task that waits for its pages, one page a request.
    const swapping = { idle: 2, ioWait: 98, swappedIn: 50, swappedOut: 0, pagedIn: 204_800 };
    const result = shares(1, { ...swapping, pagedOut: 0, diskBytes: 204_800, diskTime: 100 });
    expect(result["memory"]).toBeGreaterThan(90);
    expect(result["disk"]).toBe(0);
    // The same disk busy with files, and hardly a page of swap among them.
    const files = shares(1, { ...swapping, swappedIn: 4, diskBytes: 204_800 });
    expect(files["disk"]).toBeGreaterThan(90);
  });

  it("gives contested time to what is waited for more", () => {
    // Somebody else's thread on one of two CPUs, nobody waits for a CPU.
    expect(shares(2, { idle: 50, ioWait: 0, ioSome: 95, cpuSome: 0 }, true)).toMatchObject({
      cpu: 5,
      disk: 95,
    });
    // 0.8 contested; waited for 0.4 and 0.8 of the time.
    expect(shares(2, { idle: 0, ioWait: 0, ioSome: 80, cpuSome: 40 }, true)).toMatchObject({
      cpu: 47,
      disk: 53,
    });
    expect(shares(2, { idle: 0, ioWait: 0, ioSome: 10, cpuSome: 90 }, true)).toMatchObject({
      cpu: 99,
      disk: 1,
    });
  });

  it("calls a disk full of paging memory", () => {
    const paging = shares(1, {
      idle: 5,
      ioWait: 80,
      swappedIn: 2000,
      swappedOut: 1500,
      pagedIn: 9e6,
      pagedOut: 6.5e6,
      available: 1e8,
    });
    expect(paging["memory"]).toBeGreaterThan(60);
    expect(paging["disk"]).toBeLessThan(15);
  });

  it("sees thrashing on a disk so fast that the CPU hardly waits for it", () => {
    // 1,600 faults of half a millisecond: 0.8 s, of which 0.1 s shows as I/O wait and 0.7 s as CPU.
    expect(
      shares(1, { idle: 0, ioWait: 10, swappedIn: 1600, majorFaults: 1600, pagedIn: 6.6e6 }),
    ).toMatchObject({ memory: 80, cpu: 20 });
    // What kswapd takes of the CPU is memory's as well.
    const reclaimed = { idle: 0, swappedIn: 300, majorFaults: 300, reclaimer: 25 };
    expect(shares(1, reclaimed)).toMatchObject({ memory: 40, cpu: 60 });
    expect(shares(1, { ...reclaimed, swappedIn: 5 })).toMatchObject({ memory: 0, cpu: 100 });
    // The same faults at the start of a program, without swap.
    expect(shares(1, { idle: 0, ioWait: 10, swappedIn: 0, majorFaults: 1600 })).toMatchObject({
      memory: 0,
    });
  });

  it("does not take housekeeping swaps for a shortage", () => {
    const some = shares(1, { idle: 10, ioWait: 80, swappedIn: 0, swappedOut: 20, pagedOut: 50e6 });
    expect(some["memory"]).toBe(0);
  });

  it("gives stolen time to virtualization in proportion", () => {
    expect(shares(16, { idle: 0, steal: 10 })).toMatchObject({ cpu: 90, virtualization: 10 });
    expect(shares(1, { idle: 0, accounted: 25 })).toMatchObject({ cpu: 25, virtualization: 75 });
    // Some missing jiffies are the clock's.
    expect(shares(1, { idle: 0, accounted: 90 })).toMatchObject({ cpu: 100, virtualization: 0 });
  });

  it("gives the idle time of a full link to the network", () => {
    const full = shares(2, { idle: 85, linkUse: 96, ioWait: 0 });
    expect(full["network"]).toBeGreaterThan(80);
    expect(shares(2, { idle: 85, linkUse: 60, ioWait: 0 })).toMatchObject({ network: 0, cpu: 30 });
  });

  it("does not blame lost segments for time spent computing", () => {
    const lossy = { ioWait: 0, segmentsSent: 1000, retransmitted: 30 };
    expect(shares(2, { ...lossy, idle: 50 })).toMatchObject({ network: 0, cpu: 100 });
    expect(shares(2, { ...lossy, idle: 90 })).toMatchObject({ network: 80, cpu: 20 });
  });

  it("leaves an idle host idle", () => {
    expect(shares(2, { idle: 99.5, ioWait: 0.1 })).toMatchObject({ cpu: 1, disk: 0 });
  });
});
