/**
 * `/proc/buddyinfo`: free blocks of memory per zone and order (2^order pages each).
 * `Node 0, zone   Normal   6255  18261 ...`
 * https://docs.kernel.org/filesystems/proc.html (buddyinfo)
 */
import { NumberTable } from "../util/number-table.ts";

/** Names: `buddy.0.Normal.3`, node, zone and order. */
export function buddyinfoTable(): NumberTable {
  return new NumberTable((words) => {
    const [node, nodeNumber, zone, zoneName] = words;
    const isZone = node === "Node" && zone === "zone";
    const prefix = `buddy.${nodeNumber?.replace(/,$/, "")}.${zoneName}`;
    return words.map((_, i) => (isZone && i > 3 ? `${prefix}.${i - 4}` : undefined));
  });
}
