import { clusterScenario } from "../cluster-scenario.ts";
import { short } from "../scenario.ts";
import { MIXED } from "../sort-profile.ts";

export const scenario = clusterScenario({
  plants:
    "the guests have 180 MiB of memory instead of 512: what the job reads does not fit into the page cache any more; no swap",
  expected: short("memory"),
  profile: {
    ...MIXED,
    inputChunks: 640,
    randomReads: true,
    syncEachWrite: false,
    writeKib: 4096,
    mapMsPerMib: 60,
  },
  warm: true,
  sound: { diskDelayMs: 20 },
  fault: { memoryMib: 180 },
});
