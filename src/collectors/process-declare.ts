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

/** Declares a counter of one of the files of a process. */
export function processCounter(group: "stat" | "status" | "io", counter: ProcessCounter): Counter {
  return {
    better: "neutral",
    ...counter,
    group,
    source: {
      file: `/proc/<pid>/${group}`,
      field: [...counter.value, ...(counter.base ?? [])].join(", "),
      doc: `https://man7.org/linux/man-pages/man5/proc_pid_${group}.5.html`,
    },
  };
}
