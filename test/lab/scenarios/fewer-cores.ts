import { clusterScenario } from "../cluster-scenario.ts";
import { short } from "../scenario.ts";
import { MIXED } from "../sort-profile.ts";

export const scenario = clusterScenario({
  plants: "the job's control group has 35 % of a CPU (cpu.max)",
  expected: short("cpu"),
  profile: MIXED,
  fault: { cpuQuota: 0.35 },
});
