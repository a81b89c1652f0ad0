/** Counters of hardware and kernel tables that may stand still. */
import type { Reasons } from "./reasons.ts";

export const HARDWARE: Reasons = {
  "Energy Meter": {
    "needs sensors, which virtual machines have not": ["Power", "Energy"],
  },
  "Hardware Sensor": {
    "needs sensors, which virtual machines have not": [
      "Temperature",
      "Fan Speed",
      "Power",
      "Voltage",
      "Current",
    ],
  },
  "Kernel Tables": {
    "limits stay as they were set": [
      "File Handle Limit",
      "Pseudoterminal Limit",
      "Async IO Request Limit",
      "Process Number Limit",
      "Thread Limit",
    ],
    "needs a program that uses asynchronous I/O": ["Async IO Requests Reserved"],
    "always full on newer kernels": ["Entropy Available"],
    "needs a task that hangs for minutes": ["Hung Tasks"],
  },
  "Memory Errors": {
    "needs memory with error correction, and errors in it": [
      "Corrected Errors",
      "Uncorrected Errors",
      "Corrected Errors of Unknown Place",
      "Uncorrected Errors of Unknown Place",
      "Module Corrected Errors",
      "Module Uncorrected Errors",
    ],
  },
  "PCI Express Device": {
    "needs links that report errors, and errors on them": [
      "Correctable Errors",
      "Nonfatal Errors",
      "Fatal Errors",
      "Port Correctable Errors",
      "Port Nonfatal Errors",
      "Port Fatal Errors",
    ],
  },
};
