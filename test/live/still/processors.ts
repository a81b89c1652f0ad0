/** Counters of the processors that may stand still. */
import type { Reasons } from "./reasons.ts";

export const PROCESSORS: Reasons = {
  Process: {
    "needs virtual machines on this host": ["% Guest Time"],
  },
  "Processor Idle State": {
    "the choice of a state may always be right, or there is one state only": ["Too Deep/sec"],
  },
  "Processor Information": {
    "a guest has its clock from its host; on metal a governor may hold it": [
      "Processor Frequency",
      "% of Maximum Frequency",
    ],
    "needs heat, broken hardware, or a watchdog that found something": [
      "Core Throttle Events",
      "% Core Throttled Time",
      "Package Throttle Events",
      "% Package Throttled Time",
      "Non-Maskable Interrupts/sec",
      "Machine Check Exceptions",
      "Thermal Interrupts",
      "Error Threshold Interrupts",
    ],
  },
  Processor: {
    "others may keep every CPU of this host busy": ["% Idle Time"],
    "nobody may wait for a disk while others compute on every CPU": ["% IO Wait Time"],
    "not every kernel accounts for interrupts apart, and not every host is a guest": [
      "% Interrupt Time",
      "% Steal Time",
    ],
    "needs virtual machines on this host": ["% Guest Time", "% Guest Nice Time"],
    "kinds of soft interrupts that drivers here may not use": [
      "Block Softirqs/sec",
      "Network Transmit Softirqs/sec",
      "High Resolution Timer Softirqs/sec",
      "Tasklet Softirqs/sec",
      "High Priority Softirqs/sec",
      "Interrupt Poll Softirqs/sec",
    ],
  },
  System: {
    "kinds of soft interrupts that drivers here may not use": [
      "Block Softirqs/sec",
      "Network Transmit Softirqs/sec",
      "High Resolution Timer Softirqs/sec",
      "Tasklet Softirqs/sec",
      "High Priority Softirqs/sec",
      "Interrupt Poll Softirqs/sec",
    ],
    "capacity: it changes when the machine does": ["Processors Online"],
  },
};
