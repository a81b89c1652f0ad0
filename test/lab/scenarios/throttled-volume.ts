import { clusterScenario } from "../cluster-scenario.ts";
import { short } from "../scenario.ts";
import { MIXED } from "../sort-profile.ts";

export const scenario = clusterScenario({
  plants: "the job's control group may move 5 MB/s each way (io.max); the disk itself is quick",
  expected: short("disk"),
  profile: MIXED,
  fault: { diskBytesPerSecond: 5_000_000 },
});
