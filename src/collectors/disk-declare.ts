/** What the declarations of the counters of disks have in common. */
import type { Counter } from "../counter/declaration.ts";

export const SECTOR_BYTES = 512;
export const MILLISECOND = 0.001;
const DOC = "https://docs.kernel.org/admin-guide/iostats.html";

/** A counter without what all counters of disks share. */
export type DiskCounter = Omit<Counter, "source" | "resource" | "better"> &
  Partial<Pick<Counter, "better">> & { readonly field: string };

/** Kernels that made the lines of /proc/diskstats longer, by the beginning of the new fields' names. */
const LONGER_SINCE = [
  ["discard_", "4.18"],
  ["flush_", "5.5"],
] as const;

/** Declares a counter of /proc/diskstats. */
export function disk({ field, ...rest }: DiskCounter): Counter {
  const since = LONGER_SINCE.find(([start]) => rest.value.some((id) => id.startsWith(start)))?.[1];
  return {
    resource: "disk",
    better: "neutral",
    ...rest,
    source: { file: "/proc/diskstats", field, doc: DOC, ...(since ? { since } : {}) },
  };
}
