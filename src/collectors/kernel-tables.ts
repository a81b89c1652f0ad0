import { join } from "node:path";
import { type CounterObject, counterFields, gaugeFields } from "../counter/declaration.ts";
import { attributeCollector } from "./attribute-collector.ts";
import type { Collector } from "./collector.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";
import { countNumbers } from "./sysfs.ts";

const declare = declareFor({
  file: "/proc/sys/fs",
  doc: "https://docs.kernel.org/admin-guide/sysctl/fs.html",
  resource: "system",
});

const count: CounterParts = { ...COUNT_GAUGE, use: "information" };
const capacity: CounterParts = { ...COUNT_GAUGE, use: "capacity", level: "advanced" };

const object: CounterObject = {
  name: "Kernel Tables",
  help:
    "Tables of the kernel that can run full, and their limits: open files, inodes, directory entries, " +
    "pseudoterminals, asynchronous I/O, process numbers, random numbers; and tasks that hang.",
  instances: "none",
  cadence: 10_000,
  groups: [
    {
      id: "tables",
      fields: [
        ...gaugeFields(
          (
            "file_nr file_max nr_inodes nr_free_inodes nr_dentry nr_unused_dentry nr_negative_dentry " +
            "pty_nr pty_max aio_nr aio_max_nr pid_max threads_max entropy_avail"
          ).split(" "),
        ),
        ...counterFields(["hung_task_detect_count"]),
      ],
    },
  ],
  counters: [
    declare(
      "File Handles",
      "file_nr",
      "Open files, pipes and sockets of all processes together. Growth without end is a leak: find " +
        "the process that holds them.",
      {
        ...count,
        better: "lower",
        field: "file-nr, first number",
        equivalents: ["sar -v file-nr"],
      },
    ),
    declare(
      "File Handle Limit",
      "file_max",
      "How many there may be on the whole host (fs.file-max); the limit of each process comes first.",
      { ...capacity, field: "file-nr, third number" },
    ),
    declare(
      "% File Handles Used",
      "file_nr",
      "Open files against the limit of the whole host. At 100 % every open fails with ENFILE.",
      {
        type: "fraction",
        unit: "%",
        base: ["file_max"],
        use: "utilization",
        better: "lower",
        field: "file-nr",
      },
    ),
    declare(
      "Inodes",
      ["nr_inodes", "-nr_free_inodes"],
      "Inodes of files in memory: in use, or cached since they were used.",
      { ...count, field: "inode-state", equivalents: ["sar -v inode-nr"] },
    ),
    declare(
      "Directory Entries",
      "nr_dentry",
      "Names of files in memory (dentries), in use and cached.",
      { ...count, level: "advanced", field: "dentry-state, first number" },
    ),
    declare(
      "Directory Entries Unused",
      "nr_unused_dentry",
      "Names of files that are only cached. Tens of millions, from programs that touch ever new " +
        "files, slow down reclaim.",
      { ...count, field: "dentry-state, second number", equivalents: ["sar -v dentunusd"] },
    ),
    declare(
      "Directory Entries Negative",
      "nr_negative_dentry",
      "Cached names of files that do not exist, left behind by programs that look for them.",
      { ...count, level: "advanced", field: "dentry-state, fifth number" },
    ),
    declare("Pseudoterminals", "pty_nr", "Terminals of sessions (ssh, tmux) that are open.", {
      ...count,
      level: "advanced",
      file: "/proc/sys/kernel/pty",
      field: "nr",
      equivalents: ["sar -v pty-nr"],
    }),
    declare("Pseudoterminal Limit", "pty_max", "How many of them there may be.", {
      ...capacity,
      file: "/proc/sys/kernel/pty",
      field: "max",
    }),
    declare(
      "Async IO Requests Reserved",
      "aio_nr",
      "Room for requests of asynchronous I/O (io_setup) that programs have reserved, databases most " +
        "of all.",
      { ...count, level: "advanced", field: "aio-nr" },
    ),
    declare(
      "Async IO Request Limit",
      "aio_max_nr",
      "How much of it there may be (fs.aio-max-nr): io_setup fails beyond.",
      { ...capacity, field: "aio-max-nr" },
    ),
    declare(
      "Process Number Limit",
      "pid_max",
      "Process and thread numbers go up to this (kernel.pid_max): so many can exist at most.",
      { ...capacity, file: "/proc/sys/kernel", field: "pid_max" },
    ),
    declare(
      "Thread Limit",
      "threads_max",
      "How many threads may exist (kernel.threads-max). Compare with Threads of the object System.",
      { ...capacity, file: "/proc/sys/kernel", field: "threads-max" },
    ),
    declare(
      "Entropy Available",
      "entropy_avail",
      "Bits of randomness at hand. Always 256 on newer kernels; on older ones programs that read " +
        "/dev/random wait when it is low (some 200).",
      {
        ...count,
        level: "advanced",
        better: "higher",
        file: "/proc/sys/kernel/random",
        field: "entropy_avail",
      },
    ),
    declare(
      "Hung Tasks",
      "hung_task_detect_count",
      "Tasks that the kernel found in the interval to have waited for two minutes without a break, for " +
        "a disk or a file server that does not answer. The kernel log names them. Newer kernels only.",
      {
        type: "delta",
        unit: "count",
        use: "errors",
        better: "lower",
        file: "/proc/sys/kernel",
        field: "hung_task_detect_count",
      },
    ),
  ],
};

/** Below /proc/sys; per number its field. */
const FILES: readonly (readonly [file: string, fields: readonly (string | undefined)[]])[] = [
  ["fs/file-nr", ["file_nr", undefined, "file_max"]],
  ["fs/inode-state", ["nr_inodes", "nr_free_inodes"]],
  [
    "fs/dentry-state",
    ["nr_dentry", "nr_unused_dentry", undefined, undefined, "nr_negative_dentry"],
  ],
  ["fs/aio-nr", ["aio_nr"]],
  ["fs/aio-max-nr", ["aio_max_nr"]],
  ["kernel/pty/nr", ["pty_nr"]],
  ["kernel/pty/max", ["pty_max"]],
  ["kernel/pid_max", ["pid_max"]],
  ["kernel/threads-max", ["threads_max"]],
  ["kernel/random/entropy_avail", ["entropy_avail"]],
  ["kernel/hung_task_detect_count", ["hung_task_detect_count"]],
];

/** Tables that can run full: /proc/sys/fs, /proc/sys/kernel. */
export const kernelTables: Collector = attributeCollector(object, ({ procRoot }) => {
  const files = FILES.map(([file, fields]) => ({ path: join(procRoot, "sys", file), fields }));
  const present = files.filter(({ path, fields }) => countNumbers(path) >= fields.length);
  return present.length > 0 ? [{ identity: { name: "" }, group: 0, files: present }] : [];
});
