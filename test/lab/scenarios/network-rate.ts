import { clusterScenario } from "../cluster-scenario.ts";
import { short } from "../scenario.ts";
import { MIXED } from "../sort-profile.ts";

export const scenario = clusterScenario({
  plants: "the switch lets 10 Mbit/s pass to each guest (tbf outside of the guests)",
  expected: short("network"),
  profile: MIXED,
  fault: { linkMegabits: 10 },
});
