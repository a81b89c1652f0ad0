/** What the declarations of the counters of processes have in common. */
import type { Counter } from "../counter/declaration.ts";

/** What the host adds to the declaration: its units of time and memory. */
export interface ProcessUnits {
  readonly clockTicksPerSecond: number;
  readonly pageSizeBytes: number;
  /** For the share of memory; 0 where it is not known. */
  readonly memoryBytes: number;
}

/** A counter without what follows from its group. */
export type ProcessCounter = Omit<Counter, "source" | "better"> & Partial<Pick<Counter, "better">>;

/** A file of a process, which is a field group as well, and where it is documented. */
const DOCS = {
  stat: "https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html",
  status: "https://man7.org/linux/man-pages/man5/proc_pid_status.5.html",
  io: "https://man7.org/linux/man-pages/man5/proc_pid_io.5.html",
  schedstat: "https://docs.kernel.org/scheduler/sched-stats.html",
  fd: "https://man7.org/linux/man-pages/man5/proc_pid_fd.5.html",
  smaps_rollup: "https://docs.kernel.org/filesystems/proc.html",
} as const;

/** Declares a counter of one of the files of a process. */
export function processCounter(group: keyof typeof DOCS, counter: ProcessCounter): Counter {
  return {
    better: "neutral",
    ...counter,
    group,
    source: {
      file: `/proc/<pid>/${group}`,
      field: [...counter.value, ...(counter.base ?? [])].join(", "),
      doc: DOCS[group],
    },
  };
}
