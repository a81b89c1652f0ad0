/** Counters of processes that may stand still. */
import type { Reasons } from "./reasons.ts";

export const PROCESSES: Reasons = {
  "Java Virtual Machine": {
    "its limit is given at the start": ["Heap Maximum Bytes"],
    "only collectors other than the default one of this Java do it": [
      "Concurrent Collection Pauses/sec",
      "% Time in Concurrent Collection Pauses",
    ],
    "this load keeps its classes": ["Class Unloads/sec"],
  },
  "Kernel Thread": {
    "kernel threads have no user code; some kernels charge them time of it all the same": [
      "% User Time",
    ],
    "what kernel threads write is charged to whoever dirtied it, on most file systems": [
      "% Block IO Delay Time",
      "IO Read Bytes/sec",
      "IO Write Bytes/sec",
    ],
    "stays as the kernel has set it": ["Priority", "Nice"],
  },
  "Perfmon Agent": {
    "its own account: the test reads without an agent (src/collectors/perfmon-agent.test.ts)": [
      "Collect Time per Sample",
      "Collect Errors/sec",
      "Late Samples",
      "Late Time",
      "Dropped Samples",
      "Write Stall Time",
      "Bytes Written/sec",
    ],
  },
  Process: {
    "read seldom, since it is costly": ["Proportional Swap Bytes"],
    "needs delay accounting, which is off unless asked for": ["% Block IO Delay Time"],
  },
};
