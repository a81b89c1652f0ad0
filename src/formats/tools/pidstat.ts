/** Where pidstat's numbers go. Those of threads (table `thread`) have no counters of ours: Process has one instance per process. */
import type { ToolMapping } from "./mapping.ts";
import { KIB, sumOf, targets } from "./targets.ts";

export const pidstatMapping: ToolMapping = {
  tool: "pidstat",
  tables: [
    {
      table: "process",
      columns: targets("Process", {
        "%usr": "% User Time",
        // Before sysstat 9.
        "%user": "% User Time",
        "%system": "% Privileged Time",
        "%guest": "% Guest Time",
        "%CPU": "% Processor Time",
        "minflt/s": "Minor Page Faults/sec",
        "majflt/s": "Major Page Faults/sec",
        VSZ: ["Virtual Bytes", KIB],
        RSS: ["Working Set", KIB],
        "%MEM": "% Memory",
        "kB_rd/s": ["IO Read Bytes/sec", KIB],
        "kB_wr/s": ["IO Write Bytes/sec", KIB],
        "kB_ccwr/s": ["IO Cancelled Write Bytes/sec", KIB],
        "cswch/s": "Voluntary Context Switches/sec",
        "nvcswch/s": "Involuntary Context Switches/sec",
        threads: "Thread Count",
      }),
      derived: [sumOf("Process", "Page Faults/sec", ["minflt/s", "majflt/s"])],
      attributes: ["UID", "USER", "CPU", "policy", "Command"],
    },
    {
      table: "thread",
      columns: {},
      attributes: ["UID", "USER", "CPU", "policy", "Command"],
    },
  ],
};
