/** The declaration of `Process`: counters of /proc/PID/stat, status and io. */
import type { CounterObject, Field, FieldGroup } from "../counter/declaration.ts";
import { PID_IO_COLUMNS } from "../procfs/pid-io.ts";
import { PID_STAT_COLUMNS } from "../procfs/pid-stat.ts";
import { PID_STATUS_COLUMNS } from "../procfs/pid-status.ts";
import { SCHEDULING, timeCounters } from "./process-cpu-counters.ts";
import type { ProcessUnits } from "./process-declare.ts";
import { IO } from "./process-io-counters.ts";
import { FAULTS, memoryCounters } from "./process-memory-counters.ts";

const COUNTERS_OF_STAT = new Set(
  "minflt majflt utime stime delayacct_blkio_ticks guest_time".split(" "),
);

function fields(columns: readonly string[], isCounter: (id: string) => boolean): Field[] {
  return columns.map((id) => ({ id, kind: isCounter(id) ? "counter" : "gauge" }));
}

const GROUPS: readonly FieldGroup[] = [
  { id: "stat", fields: fields(PID_STAT_COLUMNS, (id) => COUNTERS_OF_STAT.has(id)) },
  { id: "status", fields: fields(PID_STATUS_COLUMNS, (id) => id.endsWith("_switches")) },
  { id: "io", fields: fields(PID_IO_COLUMNS, () => true) },
];

/** The declaration for hosts with these units. */
export function processObject(units: ProcessUnits): CounterObject {
  return {
    name: "Process",
    help:
      "Processes and kernel threads, one instance each, named name:pid, with role, user, control " +
      "group and start time as attributes, so that processes of many hosts compare by role. " +
      "Numbers of /proc/PID/stat are read in every sample; those of status and io only when the " +
      "process did something (and of all every 10 seconds), so their intervals differ. Ranking " +
      "happens when reading: all processes are recorded. Processes that live shorter than an " +
      "interval leave no trace here, but System\\Process Creations/sec counts them.",
    instances: { what: "one per process, named name:pid", total: false },
    cadence: "every-sample",
    groups: GROUPS,
    counters: [...timeCounters(units), ...memoryCounters(units), ...FAULTS, ...SCHEDULING, ...IO],
  };
}
