import { clusterScenario } from "../cluster-scenario.ts";
import { short } from "../scenario.ts";
import { MIXED } from "../sort-profile.ts";

export const scenario = clusterScenario({
  plants:
    "6 s into the job its control group may move only 3 MB/s each way (io.max), as when burst credit is used up",
  expected: short("disk"),
  profile: MIXED,
  fault: { diskBytesPerSecond: 3_000_000, diskAfterSeconds: 6 },
});
