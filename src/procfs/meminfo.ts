/**
 * `/proc/meminfo`: what memory is used for, in KiB but for counts of huge pages.
 * https://docs.kernel.org/filesystems/proc.html#meminfo
 */
import { NumberTable } from "../util/number-table.ts";
import { keyedLines } from "./naming.ts";

/** Names as in the file: `MemTotal`, `Active(anon)`. */
export function meminfoTable(): NumberTable {
  return new NumberTable(keyedLines);
}
