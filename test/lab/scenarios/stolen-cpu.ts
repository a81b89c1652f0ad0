import { clusterScenario } from "../cluster-scenario.ts";
import { short } from "../scenario.ts";
import { MIXED } from "../sort-profile.ts";

export const scenario = clusterScenario({
  plants: "the host gives each guest 40 % of a CPU (quota from outside, no steal counter)",
  expected: short("virtualization"),
  profile: MIXED,
  fault: { cpuFromOutside: 0.4 },
});
