/**
 * What every parser of a tool's text yields, and the contract all of them share. Parsers are fed line by line, so that they read
 * a file of any size as well as the pipe of a running tool.
 */

/** The time a tool printed, as far as it did: many print a time of day without a date. */
export interface PrintedTime {
  /** Days since 1970-01-01 of the printed date; undefined when none was printed. */
  readonly day?: number;
  /** Seconds since midnight, as printed; undefined when only a date was. */
  readonly secondOfDay?: number;
  /** Minutes east of UTC, when printed (ISO times); undefined otherwise: the tool's local time. */
  readonly offsetMinutes?: number;
}

/** One row of a table: an instance (device, interface, CPU, process) and its cells. */
export interface ToolRow {
  /** As printed: `sda`, `eth0`, `all`, `4242`; empty where the table has no instances. */
  readonly instance: string;
  /** In the order of the table's columns; numbers in the column's unit as printed; `null` where nothing was printed. */
  readonly cells: readonly (number | string | null)[];
}

export interface ToolTable {
  /** What it shows, in the tool's words or its flag: `cpu`, `device`, `memory`, `process`. */
  readonly name: string;
  /** Column titles as printed, cleaned of decoration only: `%util`, `rkB/s`, `RES`. */
  readonly columns: readonly string[];
  readonly rows: readonly ToolRow[];
}

/** All that a tool printed for one instant. */
export interface ToolReport {
  readonly time?: PrintedTime;
  /** Averages since boot, which several tools print first: not a measurement of the run. */
  readonly sinceBoot: boolean;
  /** Printed averages over the whole run (`Average:` lines): not a sample either. */
  readonly summary: boolean;
  readonly tables: readonly ToolTable[];
}

/** What a tool says of itself and its host, where it does (`Linux 6.1.0 (host) 11/24/2026 _x86_64_ (2 CPU)`). */
export interface ToolBanner {
  readonly host?: string;
  readonly kernel?: string;
  readonly day?: number;
  readonly cpus?: number;
}

export interface ToolParser {
  /** Filled as soon as the text has told it. */
  readonly banner: ToolBanner;
  /** Lines that belong to nothing it knows: counted, never silently dropped. `first` is the first such line, cut at 200 characters. */
  readonly unknown: { readonly lines: number; readonly first?: string };
  /**
   * Takes the next line, without its line end.
   *
   * @returns the reports that this line completed; mostly none.
   */
  push(line: string): readonly ToolReport[];
  /** Ends the text: what is still open comes out, if it is whole. */
  end(): readonly ToolReport[];
}

export interface Tool {
  /** `iostat`, `top`. */
  readonly id: string;
  /** Whether text that begins so (up to its first 64 lines) is this tool's output; how sure, 0 to 1. */
  recognizes(head: readonly string[]): number;
  parser(): ToolParser;
}
