import { clusterScenario } from "../cluster-scenario.ts";
import { short } from "../scenario.ts";
import { MIXED } from "../sort-profile.ts";

export const scenario = clusterScenario({
  plants: "the guests have 270 MiB of memory instead of 512, and swap",
  expected: short("memory"),
  profile: { ...MIXED, heapMib: 110, touchesPerChunk: 60 },
  swap: true,
  fault: { memoryMib: 270 },
});
