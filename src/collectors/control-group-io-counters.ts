/** Counters of `Control Group` about I/O and pressure, and about the groups themselves. */
import type { Counter } from "../counter/declaration.ts";
import { CGROUP_DOC, CGROUP_FOLDER } from "./control-group-declare.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";

const declare = declareFor({ file: `${CGROUP_FOLDER}/io.stat`, doc: CGROUP_DOC, resource: "disk" });

const V1_BYTES = "version 1: blkio.throttle.io_service_bytes";
const V1_OPERATIONS = "version 1: blkio.throttle.io_serviced";
const bytes: CounterParts = { group: "io", unit: "bytes/s", defaultScale: -6 };

const IO: readonly Counter[] = [
  declare(
    "IO Read Bytes/sec",
    "rbytes",
    "Bytes per second that the group read from disks; what the page cache had is not in it. Volumes " +
      "and loop devices are left out, because their bytes show at the disks.",
    { ...bytes, field: `rbytes (${V1_BYTES}, Read)` },
  ),
  declare(
    "IO Write Bytes/sec",
    "wbytes",
    "Bytes per second that were written to disks for the group. With version 1 only direct and " +
      "synchronous writes are known to be the group's; what the kernel writes back later counts for " +
      "the root.",
    { ...bytes, field: `wbytes (${V1_BYTES}, Write)` },
  ),
  declare("IO Read Operations/sec", "rios", "Reads per second of the group that went to disks.", {
    group: "io",
    field: `rios (${V1_OPERATIONS}, Read)`,
  }),
  declare(
    "IO Write Operations/sec",
    "wios",
    "Writes per second of the group that went to disks, write-back as in IO Write Bytes/sec.",
    { group: "io", field: `wios (${V1_OPERATIONS}, Write)` },
  ),
];

const ofDisk: CounterParts = { group: "io_disk", level: "advanced" };
const bytesOfDisk: CounterParts = { ...ofDisk, unit: "bytes/s", defaultScale: -6 };

/** Named as those of PhysicalDisk, whose instance is the last part of the name. */
const DISK_IO: readonly Counter[] = [
  declare(
    "Disk Read Bytes/sec",
    "disk_rbytes",
    "Bytes per second that the group read from this one disk, on hosts with several: whose work it is " +
      "that keeps a disk busy.",
    { ...bytesOfDisk, field: `rbytes of a device (${V1_BYTES}, Read)` },
  ),
  declare(
    "Disk Write Bytes/sec",
    "disk_wbytes",
    "Bytes per second that were written to this one disk for the group; see IO Write Bytes/sec.",
    { ...bytesOfDisk, field: `wbytes of a device (${V1_BYTES}, Write)` },
  ),
  declare("Disk Reads/sec", "disk_rios", "Reads per second of the group from this one disk.", {
    ...ofDisk,
    field: `rios of a device (${V1_OPERATIONS}, Read)`,
  }),
  declare("Disk Writes/sec", "disk_wios", "Writes per second of the group to this one disk.", {
    ...ofDisk,
    field: `wios of a device (${V1_OPERATIONS}, Write)`,
  }),
];

const STALLS = {
  cpu: "had work and no processor, or no quota left",
  memory: "waited for memory: reclaim at the group's limit, swap or refaults",
  io: "waited for block I/O, throttled volumes and io.max included",
} as const;

function stalls(resource: "cpu" | "memory" | "io", name: string): Counter[] {
  return (["Some", "Full"] as const).map((kind) => {
    const group = `${resource}_${kind.toLowerCase()}`;
    const who = kind === "Some" ? "at least one task" : "every task that was not idle";
    return declare(
      `% ${name} ${kind} Stall Time`,
      `${group}_usec`,
      `Share of time in which ${who} of the group ${STALLS[resource]}.`,
      {
        since: resource === "cpu" && kind === "Full" ? "5.13" : "4.20",
        type: "percent-time",
        unit: "%",
        scale: 1e-6,
        resource: resource === "io" ? "disk" : resource,
        use: "saturation",
        better: "lower",
        group,
        file: `${CGROUP_FOLDER}/${resource}.pressure`,
        field: `${kind.toLowerCase()} total`,
        ...(resource === "cpu" && kind === "Full" ? { level: "advanced" as const } : {}),
      },
    );
  });
}

const GROUPS: CounterParts = {
  ...COUNT_GAUGE,
  resource: "system",
  group: "groups",
  level: "advanced",
  file: CGROUP_FOLDER,
};

export const CGROUP_IO: readonly Counter[] = [
  ...IO,
  ...DISK_IO,
  ...stalls("cpu", "CPU"),
  ...stalls("memory", "Memory"),
  ...stalls("io", "IO"),
  declare(
    "Control Groups",
    "groups",
    "Slices, services, scopes and containers that there are; of the root only.",
    { ...GROUPS, use: "information", field: "number of folders" },
  ),
  declare(
    "Control Groups Left Out",
    "left_out",
    "Groups that are not recorded because there are more than the limit (record --control-groups); " +
      "of the root only. Those are left out that lie deepest or came last.",
    { ...GROUPS, use: "errors", better: "lower", field: "number of folders beyond the limit" },
  ),
];
