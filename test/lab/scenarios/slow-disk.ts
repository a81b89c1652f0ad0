import { clusterScenario } from "../cluster-scenario.ts";
import { short } from "../scenario.ts";
import { MIXED } from "../sort-profile.ts";

export const scenario = clusterScenario({
  plants: "every read and write of the data disk takes 20 ms longer (dm-delay)",
  expected: short("disk"),
  profile: MIXED,
  fault: { diskDelayMs: 20 },
});
