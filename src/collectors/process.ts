import type { Collector } from "./collector.ts";
import { processObject } from "./process-counters.ts";
import { openProcesses } from "./process-source.ts";

/** All processes but kernel threads, every sample. */
export const processes: Collector = {
  object: processObject({ clockTicksPerSecond: 100, pageSizeBytes: 4096, memoryBytes: 0 }),
  open: (host) => openProcesses(host, "user"),
};
