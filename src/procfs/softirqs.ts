/**
 * `/proc/softirqs`: deferred interrupt work per kind and CPU; a line of CPUs, then a line per kind.
 * https://docs.kernel.org/filesystems/proc.html (softirqs)
 */
import { NumberTable } from "../util/number-table.ts";

/** Names: `net_rx.1`, kind as in `SOFTIRQS` of `stat.ts` and CPU number. */
export function softirqsTable(): NumberTable {
  let cpus: string[] = [];
  return new NumberTable((words) => {
    if (words[0]?.startsWith("CPU")) cpus = words.map((word) => word.slice(3));
    const kind = words[0]?.replace(/:$/, "").toLowerCase();
    return words.map((_, i) =>
      i > 0 && cpus[i - 1] !== undefined ? `${kind}.${cpus[i - 1]}` : undefined,
    );
  });
}
