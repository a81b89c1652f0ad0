/** Short ways to write down mappings of columns. */
import type { ColumnTarget } from "./mapping.ts";

export const KIB = 1024;
/** Of the disk statistics, whatever the disk's own are. */
export const SECTOR_BYTES = 512;

/**
 * Columns of one table whose counters are of one object.
 *
 * @param columns title to counter, or to counter and what one printed unit is in the counter's unit
 */
export function targets(
  object: string,
  columns: Readonly<Record<string, string | readonly [counter: string, scale: number]>>,
): Record<string, ColumnTarget> {
  return Object.fromEntries(
    Object.entries(columns).map(([title, to]) => [
      title,
      typeof to === "string" ? { object, counter: to } : { object, counter: to[0], scale: to[1] },
    ]),
  );
}
