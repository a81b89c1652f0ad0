import { describe, expect, it } from "vitest";
import { adjustedForDiscovery } from "./multiplicity.ts";

describe("adjustedForDiscovery", () => {
  // The example of the 1995 paper, section 3: four hypotheses are rejected at 0.05.
  const paper = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719,
    0.6528, 0.759, 1,
  ];

  it("rejects what the paper rejects", () => {
    expect(adjustedForDiscovery(paper).map((p) => p <= 0.05)).toEqual(paper.map((_, i) => i < 4));
  });

  it("keeps the order given and never falls below the raw value", () => {
    const shuffled = [0.9, 0.001, 0.04];
    const adjusted = adjustedForDiscovery(shuffled);
    expect(adjusted.map((p) => Number(p.toFixed(4)))).toEqual([0.9, 0.003, 0.06]);
    expect(adjustedForDiscovery([])).toEqual([]);
  });
});
