/** What the declarations of the counters of control groups have in common. */
import type { FieldGroup } from "../counter/declaration.ts";
import { counterFields, gaugeFields } from "../counter/declaration.ts";
import type { CounterParts } from "./declare.ts";

export const CGROUP_FOLDER = "/sys/fs/cgroup/<group>";
export const CGROUP_DOC = "https://docs.kernel.org/admin-guide/cgroup-v2.html";

/** Numbers of memory.stat, by their names in version 2. */
export const MEMORY_GAUGES = "anon file slab shmem file_dirty file_writeback".split(" ");
export const MEMORY_COUNTERS =
  "workingset_refault_anon workingset_refault_file pgfault pgmajfault".split(" ");
export const MEMORY_EVENTS = "low high max oom oom_kill".split(" ");

/**
 * Numbers that are there or absent together in a group; limits are absent where there is none.
 * Times are in microseconds, sizes in bytes.
 */
export const CGROUP_GROUPS: readonly FieldGroup[] = [
  { id: "cpu", fields: counterFields(["usage_usec", "user_usec", "system_usec"]) },
  { id: "throttling", fields: counterFields(["nr_periods", "nr_throttled", "throttled_usec"]) },
  { id: "cpu_limit", fields: gaugeFields(["quota_usec", "period_usec"]) },
  { id: "cpu_weight", fields: gaugeFields(["weight"]) },
  { id: "memory", fields: gaugeFields(["memory_current", "inactive_file"]) },
  { id: "memory_limit", fields: gaugeFields(["memory_max", "limited_current"]) },
  { id: "memory_high", fields: gaugeFields(["memory_high"]) },
  { id: "swap", fields: gaugeFields(["swap_current"]) },
  {
    id: "memory_stat",
    fields: [...gaugeFields(MEMORY_GAUGES), ...counterFields(MEMORY_COUNTERS)],
  },
  { id: "memory_events", fields: counterFields(MEMORY_EVENTS) },
  { id: "io", fields: counterFields(["rbytes", "wbytes", "rios", "wios"]) },
  // Of a disk in a group: an instance below the group's.
  {
    id: "io_disk",
    fields: counterFields(["disk_rbytes", "disk_wbytes", "disk_rios", "disk_wios"]),
  },
  { id: "pids", fields: gaugeFields(["pids_current"]) },
  { id: "pids_limit", fields: gaugeFields(["pids_max", "limited_pids"]) },
  ...["cpu", "memory", "io"].flatMap((resource) =>
    ["some", "full"].map((kind) => ({
      id: `${resource}_${kind}`,
      fields: counterFields([`${resource}_${kind}_usec`]),
    })),
  ),
  { id: "groups", fields: gaugeFields(["groups", "left_out"]) },
];

/** Position of a field group. */
export function cgroupGroup(id: string): number {
  const position = CGROUP_GROUPS.findIndex((group) => group.id === id);
  if (position < 0) throw new Error(`there is no field group ${id}`);
  return position;
}

export const BYTES_GAUGE: CounterParts = {
  type: "gauge",
  unit: "bytes",
  use: "utilization",
  defaultScale: -6,
};
