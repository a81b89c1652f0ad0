import type { Collector } from "./collector.ts";
import { kernelThreadObject } from "./process-counters.ts";
import { openProcesses } from "./process-source.ts";

/** Kernel threads: those that work in every sample, the others every 10 s. */
export const kernelThreads: Collector = {
  object: kernelThreadObject({ clockTicksPerSecond: 100, pageSizeBytes: 4096, memoryBytes: 0 }),
  open: (host) => openProcesses(host, "kernel"),
};
