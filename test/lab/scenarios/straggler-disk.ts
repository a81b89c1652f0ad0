import { clusterScenario } from "../cluster-scenario.ts";
import { MIXED } from "../sort-profile.ts";

export const scenario = clusterScenario({
  plants: "of three guests one has a disk that takes 30 ms longer (dm-delay)",
  expected: {
    outcome: "difference",
    slower: "candidate",
    bottleneck: ["disk"],
    scope: "hosts",
    hosts: ["b3"],
  },
  guests: 3,
  // Three guests on two CPUs: none may be busy for long.
  profile: { ...MIXED, mapMsPerMib: 15, reduceMsPerMib: 10, pauseMs: 80, writeKib: 256, rounds: 9 },
  fault: [{}, {}, { diskDelayMs: 30 }],
});
