import { describe, expect, it } from "vitest";
import { compareRuns } from "../../src/analysis/compare.ts";
import { MemorySource } from "./memory-source.ts";
import { traps, type Trap } from "./traps.ts";

function compareTrap({ baseline, candidate }: Trap) {
  const side = (run: Trap["baseline"]) => ({
    source: new MemorySource([run]),
    run: { cluster: run.cluster, run: run.run },
  });
  return compareRuns(side(baseline), side(candidate));
}

describe.each(traps("first").map((trap) => [trap.name, trap] as const))("%s", (_, trap) => {
  it("is told for what it is", async () => {
    const { verdict, timeAttribution } = await compareTrap(trap);
    expect(verdict, verdict.summary).toMatchObject(trap.verdict);
    for (const words of trap.says ?? []) expect(verdict.summary).toMatch(words);
    const extra = Object.values(timeAttribution.extraSeconds).reduce((a, b) => a + b, 0);
    const { baseline, candidate } = timeAttribution.seconds;
    expect(extra).toBeCloseTo(candidate - baseline, 9);
  });
});
