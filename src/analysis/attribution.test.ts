import { describe, expect, it } from "vitest";
import { extraSeconds, hostShares, wallShares } from "./attribution.ts";
import { byState, STATES, type StateName } from "./resources.ts";
import type { HostStates } from "./states.ts";

/** Per bucket one state and how active the host was with it. */
function host(name: string, buckets: readonly (readonly [StateName, number])[]): HostStates {
  const shares = Object.fromEntries(
    STATES.map((state) => [
      state,
      Float64Array.from(buckets, ([own, level]) => (own === state ? level : 0)),
    ]),
  ) as Record<StateName, Float64Array>;
  return { name, role: "", active: Float64Array.from(buckets, ([, level]) => level), shares };
}

const all = { from: 0, to: 4 };

describe("wallShares", () => {
  it("keeps the weight of a straggler: hosts that wait for it do not vote", () => {
    const quick = () =>
      host("quick", [
        ["cpu", 1],
        ["cpu", 1],
        ["cpu", 0.02],
        ["cpu", 0.02],
      ]);
    const slow = host("slow", [
      ["disk", 1],
      ["disk", 1],
      ["disk", 1],
      ["disk", 1],
    ]);
    const shares = wallShares([quick(), quick(), quick(), slow], all, "idle");
    // Three of four voters in the first half, none of them in the second.
    expect(shares.cpu).toBeCloseTo(0.5 * 0.75, 9);
    expect(shares.disk).toBeCloseTo(0.5 * 0.25 + 0.5, 9);
    expect(shares.idle).toBeCloseTo(0, 9);
  });

  it("gives what no host was active in to the rest", () => {
    const one = host("one", [
      ["cpu", 0.4],
      ["cpu", 0],
      ["memory", 0.2],
      ["cpu", 0.4],
    ]);
    const shares = wallShares([one], all, "waiting");
    expect(shares.cpu).toBeCloseTo(0.2, 9);
    expect(shares.memory).toBeCloseTo(0.05, 9);
    expect(shares.waiting).toBeCloseTo(0.75, 9);
    expect(shares.idle).toBe(0);
  });

  it("leaves out buckets of which nothing is known, and outside the range", () => {
    const one = host("one", [
      ["cpu", 1],
      ["cpu", NaN],
      ["disk", 1],
      ["network", 1],
    ]);
    expect(wallShares([one], { from: 0, to: 3 }, "idle")).toMatchObject({
      cpu: 0.5,
      disk: 0.5,
      network: 0,
    });
    expect(wallShares([], all, "idle").idle).toBe(1);
    expect(hostShares(one, { from: 3, to: 4 }).network).toBe(1);
  });
});

describe("extraSeconds", () => {
  it("sums to the difference of the durations", () => {
    const before = byState((state) => (state === "cpu" ? 0.9 : state === "idle" ? 0.1 : 0));
    const after = byState((state) => (state === "cpu" ? 0.3 : state === "disk" ? 0.7 : 0));
    const extra = extraSeconds(before, 100, after, 250);
    expect(extra.disk).toBeCloseTo(175, 9);
    expect(extra.cpu).toBeCloseTo(-15, 9);
    expect(Object.values(extra).reduce((sum, value) => sum + value, 0)).toBeCloseTo(150, 9);
  });
});
