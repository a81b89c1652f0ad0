import { clusterScenario } from "../cluster-scenario.ts";
import { short } from "../scenario.ts";
import { CHATTY } from "../sort-profile.ts";

export const scenario = clusterScenario({
  plants: "6 % of the packets are lost (netem)",
  expected: short("network"),
  profile: CHATTY,
  fault: { netem: "loss 6%" },
});
