/** Counters of `Process` about handles, the run queue, and processes that ended. */
import type { Counter } from "../counter/declaration.ts";
import { processCounter, type ProcessUnits } from "./process-declare.ts";

export const RUN_DELAY: readonly Counter[] = [
  {
    ...processCounter("schedstat", {
      name: "% Run Queue Delay Time",
      help:
        "Time that the main thread was ready to run and waited for a processor. Other threads are not in " +
        "it, so for a JVM look at Pressure(cpu) or its control group's pressure; for programs with one " +
        "thread it is how much slower they are for want of processors.",
      unit: "%",
      type: "percent-time",
      value: ["run_delay_usec"],
      scale: 1e-6,
      resource: "cpu",
      use: "saturation",
      better: "lower",
      equivalents: ["pidstat %wait"],
    }),
    source: {
      file: "/proc/<pid>/schedstat",
      field: "2nd number",
      doc: "https://docs.kernel.org/scheduler/sched-stats.html",
    },
  },
];

export const HANDLES: readonly Counter[] = [
  {
    ...processCounter("fd", {
      name: "Handle Count",
      help:
        "Open file descriptors: files, sockets, pipes. Near the process's limit (ulimit -n) opening fails " +
        "with too many open files; growth without end is a leak. Of other users' processes only root " +
        "can know. Kernels before 6.2 must be asked for each single one: there every 60 s.",
      unit: "count",
      type: "gauge",
      value: ["handles"],
      resource: "system",
      use: "utilization",
      equivalents: ["lsof -p (lines)", "pidstat -v fd-nr"],
    }),
    source: {
      file: "/proc/<pid>/fd",
      field: "number of entries",
      doc: "https://man7.org/linux/man-pages/man5/proc_pid_fd.5.html",
    },
  },
];

export function ENDED({ clockTicksPerSecond }: ProcessUnits): Counter[] {
  const scale = 1 / clockTicksPerSecond;
  return [
    {
      ...processCounter("stat", {
        name: "% Ended Children Time",
        help:
          "CPU time of children that ended, and of theirs, as far as it did not show in instances of their " +
          "own: that of processes which lived between two samples, and the last moments of others. " +
          "100 for one processor. It shows when the parent has waited for the child: large for shells, " +
          "make, and servers that start a program per request.",
        unit: "%",
        type: "percent-time",
        value: ["ended_children_ticks"],
        scale,
        resource: "cpu",
        use: "utilization",
      }),
      source: {
        file: "/proc/<pid>/stat",
        field: "cutime + cstime, less what children had used when last seen",
        doc: "https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html",
      },
    },
    ended("Processes Ended/sec", "ended", {
      help:
        "Processes per second that were seen in one sample and not in the next. Those that lived in between " +
        "are missing: System\\Process Creations/sec counts all that began, threads included.",
      unit: "count/s",
      type: "rate",
      resource: "system",
      use: "throughput",
    }),
    ended("% Ended Process Time", "ended_ticks", {
      help:
        "CPU time that no instance shows: % Ended Children Time of all processes together. With % " +
        "Processor Time of all instances it makes the CPU time of the host's processes.",
      unit: "%",
      type: "percent-time",
      scale,
      resource: "cpu",
      use: "utilization",
    }),
  ];
}

function ended(
  name: string,
  field: string,
  parts: Pick<Counter, "help" | "unit" | "type" | "resource" | "use" | "scale">,
): Counter {
  return {
    ...parts,
    name,
    value: [field],
    better: "neutral",
    group: "ended",
    source: {
      file: "/proc/<pid>/stat",
      field: "of processes that are gone",
      doc: "https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html",
    },
  };
}
