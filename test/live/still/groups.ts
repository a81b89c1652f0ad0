/** Counters of control groups that may stand still. */
import type { Reasons } from "./reasons.ts";

export const GROUPS: Reasons = {
  "Control Group": {
    "all tasks of a group seldom wait for a disk at once": ["% IO Full Stall Time"],
    "stays as it was set": ["CPU Weight", "Task Limit", "Memory Limit Bytes", "Memory High Bytes"],
    "needs swap, which a kernel without zram does not get here": [
      "Swap Bytes",
      "Anonymous Refaults/sec",
    ],
    "the load stays within its limit by reclaim and swap (test/lab kills one)": [
      "Low Events/sec",
      "High Events/sec",
      "OOM Events/sec",
      "OOM Kills/sec",
    ],
    "needs version 2, or block throttling in the kernel (test/lab reads in a group of version 2)": [
      "IO Read Bytes/sec",
      "IO Write Bytes/sec",
      "IO Read Operations/sec",
      "IO Write Operations/sec",
    ],
    "needs several disks, of which groups use some": [
      "Disk Read Bytes/sec",
      "Disk Write Bytes/sec",
      "Disk Reads/sec",
      "Disk Writes/sec",
    ],
    "all tasks of a group are seldom without a processor at once": ["% CPU Full Stall Time"],
    "there are not more groups than are recorded": ["Control Groups Left Out"],
  },
};
