import {
  type Counter,
  type FieldGroup,
  counterFields,
  gaugeFields,
} from "../counter/declaration.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";

export const SPACE_GROUP: FieldGroup = {
  id: "space",
  fields: gaugeFields(["size_bytes", "free_bytes", "available_bytes", "inodes", "free_inodes"]),
};

export const MOUNT_GROUP: FieldGroup = {
  id: "mount",
  fields: [...gaugeFields(["read_only"]), ...counterFields(["read_only_remounts", "unanswered"])],
};

const space = declareFor({
  file: "/proc/self/mountinfo, statfs",
  doc: "https://man7.org/linux/man-pages/man2/statfs.2.html",
  resource: "disk",
});
const mount = declareFor({
  file: "/proc/self/mountinfo",
  doc: "https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html",
  resource: "disk",
});

const bytes: CounterParts = { type: "gauge", unit: "bytes", use: "information", defaultScale: -9 };
const share: CounterParts = { type: "fraction", unit: "%", use: "utilization" };
const FREE = "f_bavail";

export const LOGICAL_DISK_COUNTERS: readonly Counter[] = [
  space(
    "% Free Space",
    "available_bytes",
    "Share of the space for programs that is still free, as 100 - Use% of df. What is kept for root " +
      "(5 % on ext4) is left out of both sides. Below some 10 % file systems slow down, because free " +
      "space lies in pieces; at 0 writes fail.",
    {
      ...share,
      base: ["size_bytes", "-free_bytes", "available_bytes"],
      better: "higher",
      field: "f_bavail / (f_blocks - f_bfree + f_bavail)",
      equivalents: ["df Use% (100 - this)", "sar -F %ufsused (100 - this)"],
    },
  ),
  space(
    "Free Megabytes",
    "available_bytes",
    "Space that programs can still fill, in megabytes of 1,048,576 bytes, as Windows counts them.",
    {
      type: "gauge",
      unit: "none",
      scale: 2 ** -20,
      use: "capacity",
      better: "higher",
      defaultScale: -3,
      field: FREE,
    },
  ),
  space("Size Bytes", "size_bytes", "Size of the file system, without its own book-keeping.", {
    ...bytes,
    use: "capacity",
    field: "f_blocks",
    equivalents: ["df -B1 1B-blocks", "sar -F MBfsfree + MBfsused"],
  }),
  space(
    "Used Bytes",
    ["size_bytes", "-free_bytes"],
    "Space in use. More than all files together: deleted files count while a program has them open.",
    { ...bytes, field: "f_blocks - f_bfree", equivalents: ["df -B1 Used", "sar -F MBfsused"] },
  ),
  space("Available Bytes", "available_bytes", "Space that programs other than root's can fill.", {
    ...bytes,
    better: "higher",
    field: FREE,
    equivalents: ["df -B1 Available"],
  }),
  space("Free Bytes", "free_bytes", "Space not in use, that kept for root included.", {
    ...bytes,
    better: "higher",
    level: "advanced",
    field: "f_bfree",
    equivalents: ["sar -F MBfsfree"],
  }),
  space(
    "% Inodes Used",
    ["inodes", "-free_inodes"],
    "Share of the inodes in use, one per file or folder. At 100 % no file can be made though there is " +
      "space: millions of small files. No value where inodes are made as needed (btrfs).",
    {
      ...share,
      base: ["inodes"],
      better: "lower",
      field: "(f_files - f_ffree) / f_files",
      equivalents: ["df -i IUse%", "sar -F %Iused"],
    },
  ),
  space("Inodes Used", ["inodes", "-free_inodes"], "Files, folders and links that exist.", {
    ...COUNT_GAUGE,
    use: "information",
    level: "advanced",
    field: "f_files - f_ffree",
    equivalents: ["df -i IUsed", "sar -F Iused"],
  }),
  space("Inodes Free", "free_inodes", "Files and folders that can still be made.", {
    ...COUNT_GAUGE,
    use: "information",
    better: "higher",
    level: "advanced",
    field: "f_ffree",
    equivalents: ["df -i IFree", "sar -F Ifree"],
  }),
  mount(
    "Read Only",
    "read_only",
    "1 where nothing can be written, else 0. Wanted of some mounts; of a data disk it means that the " +
      "kernel found the file system or the disk broken, see the kernel's log.",
    {
      ...COUNT_GAUGE,
      group: "mount",
      use: "errors",
      better: "lower",
      field: "ro of the mount or of the file system",
    },
  ),
  mount(
    "Read Only Remounts",
    "read_only_remounts",
    "Times the file system became read-only while it was recorded: with errors=remount-ro the answer " +
      "to a broken disk. A DataNode loses the volume.",
    {
      type: "delta",
      unit: "count",
      group: "mount",
      use: "errors",
      better: "lower",
      field: "ro, where rw was before",
    },
  ),
  mount(
    "Unanswered Requests",
    "unanswered",
    "Times a file system on a server did not say within 8 s how full it is: the server or the way to " +
      "it is down, and programs that use it hang. It is asked once a minute.",
    {
      type: "delta",
      unit: "count",
      group: "mount",
      use: "errors",
      better: "lower",
      file: "/proc/self/mountinfo, statfs",
      field: "statfs without an answer",
    },
  ),
];
