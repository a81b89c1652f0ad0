import type { Bench, Scenario } from "../scenario.ts";
import { MIXED } from "../sort-profile.ts";

const RECORDINGS = 7;

/** Each of seven recordings is compared with each: 21 pairs in which nothing differs. */
export const scenario: Scenario = {
  plants: "nothing: seven recordings of one cluster, each compared with each",
  machine: "UML guests",
  expected: { outcome: "no-difference", slower: "neither", bottleneck: ["none"] },
  async record(bench: Bench) {
    const recordings: Record<string, string> = {};
    for (let i = 1; i <= RECORDINGS; i++) {
      const run = `repeat-${bench.seed}-${i}`;
      const plan = { name: "a", run, profile: MIXED, guests: [{}, {}] };
      recordings[`a${i}`] = await bench.recordCluster(plan);
    }
    return recordings;
  },
};
