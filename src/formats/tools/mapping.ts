/**
 * How the columns of a tool's text become our counters: data, one table of it per tool in the files
 * beside this one. A column that no mapping names becomes the counter `<tool> <column>` of the
 * object `Imported`; nothing is dropped silently.
 */

export interface ColumnTarget {
  /** One of the objects that `src/collectors` declares. */
  readonly object: string;
  readonly counter: string;
  /** Printed number x scale = our unit; 1 when left out. */
  readonly scale?: number;
}

/** A counter of ours that the tool does not print, and that follows from what it prints. */
export interface DerivedTarget {
  readonly object: string;
  readonly counter: string;
  /** Column titles, all of which must have been printed. */
  readonly from: readonly string[];
  /**
   * @param cells of these columns, as printed
   * @returns in our unit; undefined where there is no value (a mean of nothing).
   */
  readonly value: (...cells: number[]) => number | undefined;
}

/**
 * Several mappings may be of one table: a row goes to each that does not skip it, so that a disk
 * and a partition, or a CPU's share and a number of the host, find their objects. A column is
 * unmapped for a row when none of these names it.
 */
export interface TableMapping {
  /** `ToolTable.name`. */
  readonly table: string;
  /** Column title as printed (all spellings of all versions are listed) -> our counter. */
  readonly columns: Readonly<Record<string, ColumnTarget>>;
  readonly derived?: readonly DerivedTarget[];
  /**
   * Instance of our object for a printed one, e.g. `all` -> `_Total`, with its parent as in a
   * counter path (`sda/sda1`); identity when left out; undefined = the row is skipped (the mapping
   * says why).
   */
  readonly instance?: (printed: string) => string | undefined;
  /** Columns that are text or identity (PID, USER, COMMAND) and no measurement. */
  readonly attributes?: readonly string[];
}

export interface ToolMapping {
  /** `Tool.id`. */
  readonly tool: string;
  readonly tables: readonly TableMapping[];
}
