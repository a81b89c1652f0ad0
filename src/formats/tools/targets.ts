/** Short ways to write down mappings of columns. */
import type { ColumnTarget, DerivedTarget } from "./mapping.ts";

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

/** A counter that is the sum of columns. */
export function sumOf(
  object: string,
  counter: string,
  from: readonly string[],
  scale = 1,
): DerivedTarget {
  const value = (...cells: number[]): number => scale * cells.reduce((sum, cell) => sum + cell, 0);
  return { object, counter, from, value };
}

/** The share that another leaves of 100 %. */
export function restOf(object: string, counter: string, title: string): DerivedTarget {
  // Rounded shares may be a little more than 100.
  return { object, counter, from: [title], value: (share) => Math.max(0, 100 - share) };
}
