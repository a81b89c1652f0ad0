import { clusterScenario } from "../cluster-scenario.ts";
import { short } from "../scenario.ts";
import { MIXED } from "../sort-profile.ts";

export const scenario = clusterScenario({
  plants:
    "both: every read and write takes 20 ms longer (dm-delay), and the switch lets 12 Mbit/s pass",
  expected: short("disk", "network"),
  profile: { ...MIXED, rounds: 14 },
  fault: { diskDelayMs: 20, linkMegabits: 12 },
});
