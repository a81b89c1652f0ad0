/** Counters of `Control Group` about processors and tasks. */
import type { Counter } from "../counter/declaration.ts";
import { CGROUP_DOC, CGROUP_FOLDER } from "./control-group-declare.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";

const MICROSECONDS = 1e-6;

const declare = declareFor({
  file: `${CGROUP_FOLDER}/cpu.stat`,
  doc: CGROUP_DOC,
  resource: "cpu",
});

const time: CounterParts = {
  type: "percent-time",
  unit: "%",
  scale: MICROSECONDS,
  use: "utilization",
  group: "cpu",
};

export const CGROUP_CPU: readonly Counter[] = [
  declare(
    "% Processor Time",
    "usage_usec",
    "CPU time of all processes in the group and in the groups below it, those that ended included; " +
      "100 for one processor fully used. Unlike the sum over Process it misses no short-lived " +
      "process, so it is the true consumption of a service, a job or a container.",
    { ...time, equivalents: ["systemd-cgtop %CPU", "docker stats CPU %"] },
  ),
  declare(
    "% User Time",
    "user_usec",
    "The part of % Processor Time that was spent in programs themselves.",
    time,
  ),
  declare(
    "% Privileged Time",
    "system_usec",
    "The part of % Processor Time that the kernel spent on behalf of the group: system calls, page " +
      "faults, copying, reclaiming memory at the group's limit.",
    time,
  ),
  declare(
    "% Throttled Periods",
    ["nr_throttled"],
    "Share of the periods (mostly of 100 ms) with work to do in which the group had used up its " +
      "quota of CPU time and was stopped for the rest. The sign of a container that is too small: " +
      "it waits while processors are idle. Beyond some percent responses get slower; threads that " +
      "all run at once use up a quota in a fraction of the period.",
    {
      type: "fraction",
      unit: "%",
      base: ["nr_periods"],
      use: "saturation",
      better: "lower",
      group: "throttling",
      field: "nr_throttled / nr_periods",
    },
  ),
  declare(
    "% Throttled Time",
    "throttled_usec",
    "Time in which the group was stopped because its quota was used up, summed over processors: 100 " +
      "is one processor that had work of this group and was not allowed to do it. It shows in no " +
      "process's and no host's CPU time, nor in the load, only here and in the group's CPU pressure.",
    {
      ...time,
      group: "throttling",
      use: "saturation",
      better: "lower",
      field: "throttled_usec (version 1: throttled_time)",
    },
  ),
  declare(
    "Throttled Periods/sec",
    "nr_throttled",
    "Periods per second in which the group used up its quota of CPU time; 10 with periods of 100 ms " +
      "is all of them.",
    { use: "saturation", better: "lower", group: "throttling", level: "advanced" },
  ),
  declare(
    "% Processor Limit",
    ["quota_usec"],
    "Most CPU time that the group may use, 100 for one processor: its quota by its period. What % " +
      "Processor Time is to be held against. Without a value there is no limit here, but groups " +
      "above may have one.",
    {
      type: "fraction",
      unit: "%",
      base: ["period_usec"],
      use: "capacity",
      better: "higher",
      group: "cpu_limit",
      file: `${CGROUP_FOLDER}/cpu.max`,
      field: "quota / period (version 1: cpu.cfs_quota_us / cpu.cfs_period_us)",
      equivalents: ["docker run --cpus (times 100)", "Kubernetes limits.cpu (times 100)"],
    },
  ),
  declare(
    "CPU Weight",
    "weight",
    "Share of CPU time that the group gets against its siblings when processors are short: 100 is " +
      "usual, one with 200 gets twice as much. Means nothing while processors are idle. Shares of " +
      "version 1 (1024 is usual) are converted.",
    {
      type: "gauge",
      unit: "none",
      use: "capacity",
      group: "cpu_weight",
      level: "advanced",
      file: `${CGROUP_FOLDER}/cpu.weight`,
      field: "cpu.weight (version 1: cpu.shares * 100 / 1024)",
    },
  ),
  declare(
    "Task Count",
    "pids_current",
    "Processes and threads in the group and below it. Growth without end is a leak of threads.",
    {
      ...COUNT_GAUGE,
      use: "utilization",
      group: "pids",
      file: `${CGROUP_FOLDER}/pids.current`,
      field: "the number",
      equivalents: ["systemctl status: Tasks"],
    },
  ),
  declare(
    "Task Limit",
    "pids_max",
    "Most processes and threads that the group may have; beyond it new ones fail (in Java: unable " +
      "to create native thread). Without a value there is no limit here.",
    {
      ...COUNT_GAUGE,
      use: "capacity",
      better: "higher",
      group: "pids_limit",
      level: "advanced",
      file: `${CGROUP_FOLDER}/pids.max`,
      field: "the number",
    },
  ),
  declare(
    "% Task Limit",
    ["limited_pids"],
    "Task Count as a share of Task Limit: near 100 the group cannot start another thread.",
    {
      type: "fraction",
      unit: "%",
      base: ["pids_max"],
      use: "utilization",
      better: "lower",
      group: "pids_limit",
      file: `${CGROUP_FOLDER}/pids.max`,
      field: "pids.current / pids.max",
    },
  ),
];
