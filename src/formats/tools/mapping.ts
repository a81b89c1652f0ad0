/**
 * How the columns of a tool's text become our counters: data, one table of it per tool in the files beside this one. A column
 * that no mapping names becomes the counter `<tool> <column>` of the object `Imported`; nothing is dropped silently.
 */

export interface ColumnTarget {
  /** One of the objects that `src/collectors` declares. */
  readonly object: string;
  readonly counter: string;
  /** Printed number x scale = our unit; 1 when left out. */
  readonly scale?: number;
}

export interface TableMapping {
  /** `ToolTable.name`. */
  readonly table: string;
  /** Column title as printed (all spellings of all versions are listed) -> our counter. */
  readonly columns: Readonly<Record<string, ColumnTarget>>;
  /**
   * Instance of our object for a printed one, e.g. `all` -> `_Total`; identity when left out; undefined = the row is skipped (the
   * mapping says why).
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
