/** The declarations of `Process` and of `Kernel Thread`. */
import {
  type CounterObject,
  type Field,
  type FieldGroup,
  counterFields,
  gaugeFields,
} from "../counter/declaration.ts";
import { PID_IO_COLUMNS } from "../procfs/pid-io.ts";
import { PID_STAT_COLUMNS } from "../procfs/pid-stat.ts";
import { PID_STATUS_COLUMNS } from "../procfs/pid-status.ts";
import { SCHEDULING, timeCounters } from "./process-cpu-counters.ts";
import type { ProcessUnits } from "./process-declare.ts";
import { IO } from "./process-io-counters.ts";
import { ENDED, HANDLES, RUN_DELAY } from "./process-other-counters.ts";
import { FAULTS, PSS, memoryCounters } from "./process-memory-counters.ts";

const COUNTERS_OF_STAT = new Set(
  "minflt majflt utime stime delayacct_blkio_ticks guest_time".split(" "),
);
/** Made here: ticks of children that ended before they were seen doing it. */
export const ENDED_CHILDREN = "ended_children_ticks";

function fields(columns: readonly string[], isCounter: (id: string) => boolean): Field[] {
  return columns.map((id) => ({ id, kind: isCounter(id) ? "counter" : "gauge" }));
}

const STAT_FIELDS: readonly Field[] = [
  ...fields(PID_STAT_COLUMNS, (id) => COUNTERS_OF_STAT.has(id)),
  { id: ENDED_CHILDREN, kind: "counter" },
];

/** By file, read together; `ended` is of `_Total` only. Positions are those of `GROUP`. */
const GROUPS: readonly FieldGroup[] = [
  { id: "stat", fields: STAT_FIELDS },
  { id: "status", fields: fields(PID_STATUS_COLUMNS, (id) => id.endsWith("_switches")) },
  { id: "io", fields: fields(PID_IO_COLUMNS, () => true) },
  { id: "schedstat", fields: counterFields(["run_delay_usec"]) },
  { id: "fd", fields: gaugeFields(["handles"]) },
  { id: "smaps_rollup", fields: gaugeFields(["Pss", "SwapPss"]) },
  { id: "ended", fields: counterFields(["ended", "ended_ticks"]) },
];
export const GROUP = { stat: 0, status: 1, io: 2, schedstat: 3, fd: 4, pss: 5, ended: 6 } as const;

/** The declaration for hosts with these units. */
export function processObject(units: ProcessUnits): CounterObject {
  return {
    name: "Process",
    help:
      "Processes, one instance each, named name:pid, with role, user, control group and start time as " +
      "attributes, so that processes of many hosts compare by role; kernel threads are apart, in " +
      "Kernel Thread. Numbers of /proc/PID/stat are read in every sample; those of status and io " +
      "only when the process did something, and of all, handles and run-queue delay too, every 10 " +
      "seconds, so their intervals differ. Ranking happens when reading: all processes are " +
      "recorded. Processes that live shorter than an interval have no instance: what they used " +
      "shows in % Ended Children Time of their parents. _Total has only what ended processes leave.",
    instances: { what: "one per process, named name:pid", total: false },
    cadence: "every-sample",
    groups: GROUPS,
    counters: [
      ...timeCounters(units),
      ...memoryCounters(units),
      ...PSS,
      ...FAULTS,
      ...SCHEDULING,
      ...RUN_DELAY,
      ...IO,
      ...HANDLES,
      ...ENDED(units),
    ],
  };
}

/** Fields that a kernel thread has: no memory of its own, no threads, no children. */
const KERNEL_FIELDS: ReadonlySet<string> = new Set(
  (
    "state utime stime priority nice starttime delayacct_blkio_ticks run_delay_usec read_bytes " +
    "write_bytes voluntary_ctxt_switches nonvoluntary_ctxt_switches"
  ).split(" "),
);

/** The declaration of kernel threads, cut from that of processes. */
export function kernelThreadObject(units: ProcessUnits): CounterObject {
  const { counters, ...process } = processObject(units);
  return {
    ...process,
    name: "Kernel Thread",
    help:
      "Threads of the kernel itself: they reclaim memory (kswapd), write pages back (kworker), take " +
      "interrupts (ksoftirqd), keep journals (jbd2). One that is busy says which part of the kernel " +
      "is. One that did nothing is read every 10 seconds only, one that works in every sample.",
    instances: { what: "one per kernel thread, named name:pid", total: false },
    groups: GROUPS.map(({ id, fields }) => ({
      id,
      fields: fields.filter((field) => KERNEL_FIELDS.has(field.id)),
    })),
    counters: counters.filter(({ value, base = [] }) =>
      [...value, ...base].every((id) => KERNEL_FIELDS.has(id)),
    ),
  };
}
