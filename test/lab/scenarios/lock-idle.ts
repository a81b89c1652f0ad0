import { clusterScenario } from "../cluster-scenario.ts";
import { short } from "../scenario.ts";
import { MIXED } from "../sort-profile.ts";

export const scenario = clusterScenario({
  plants: "every chunk holds the one lock of the job for 50 ms, in which nothing is done",
  expected: short("none"),
  profile: MIXED,
  candidateProfile: { ...MIXED, lockMs: 50 },
});
