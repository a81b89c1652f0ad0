import { clusterScenario } from "../cluster-scenario.ts";
import { short } from "../scenario.ts";
import { MIXED } from "../sort-profile.ts";

export const scenario = clusterScenario({
  plants: "the guests have 230 MiB of memory instead of 512, and swap",
  expected: short("memory"),
  profile: { ...MIXED, heapMib: 110, touchesPerChunk: 100 },
  swap: true,
  fault: { memoryMib: 230 },
});
