import { clusterScenario } from "../cluster-scenario.ts";
import { short } from "../scenario.ts";
import { CHATTY } from "../sort-profile.ts";

export const scenario = clusterScenario({
  plants: "every packet takes 25 ms longer (netem)",
  expected: short("network"),
  profile: CHATTY,
  fault: { netem: "delay 25ms" },
});
