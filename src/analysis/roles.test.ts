import { describe, expect, it } from "vitest";
import { hostWeights, rolesOfOneSide } from "./roles.ts";

const total = (weights: readonly number[]) => weights.reduce((sum, weight) => sum + weight, 0);

describe("hostWeights", () => {
  it("are the same for all hosts of one role", () => {
    expect(hostWeights({ baseline: ["w", "w"], candidate: ["w", "w", "w", "w"] })).toEqual({
      baseline: [0.5, 0.5],
      candidate: [0.25, 0.25, 0.25, 0.25],
    });
  });

  it("give each role the same on both sides, whatever the mix", () => {
    const baseline = ["master", "worker", "worker", "worker"];
    const candidate = ["master", ...new Array<string>(15).fill("worker")];
    const weights = hostWeights({ baseline, candidate });
    expect(weights.baseline[0]).toBeCloseTo((1 / 4 + 1 / 16) / 2, 12);
    expect(weights.candidate[0]).toBeCloseTo(weights.baseline[0]!, 12);
    expect(total(weights.baseline)).toBeCloseTo(1, 12);
    expect(total(weights.candidate)).toBeCloseTo(1, 12);
  });

  it("leave out what the other side has not, unless nothing is common", () => {
    const some = { baseline: ["worker", "edge"], candidate: ["worker"] };
    expect(hostWeights(some)).toEqual({ baseline: [1, 0], candidate: [1] });
    expect(rolesOfOneSide(some, "baseline")).toEqual(["edge"]);
    expect(hostWeights({ baseline: ["a", "a"], candidate: ["b"] })).toEqual({
      baseline: [0.5, 0.5],
      candidate: [1],
    });
  });
});
