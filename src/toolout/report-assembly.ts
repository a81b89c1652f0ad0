/** What parsers of tool text have in common: putting rows together to reports. */
import type { PrintedTime, ToolReport, ToolRow, ToolTable } from "./tool-report.ts";

/** Rows of one report; more are those of no real host, and would be held in memory. */
const MOST_ROWS = 200_000;

export interface ReportKind {
  readonly time?: PrintedTime;
  readonly sinceBoot?: boolean;
  readonly summary?: boolean;
}

interface OpenTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: ToolRow[];
}

/**
 * Collects rows into the tables of one report. Rows of another time, or of another kind, complete it.
 */
export class ReportAssembly {
  private kind: ReportKind = {};
  private tables: OpenTable[] = [];
  private rows = 0;
  private finished: ToolReport[] = [];

  /**
   * Begins the report of this time, unless it is already open.
   *
   * @returns whether it is new.
   */
  open(kind: ReportKind): boolean {
    if (this.tables.length > 0 && !sameKind(this.kind, kind)) this.close();
    this.kind = kind;
    return this.tables.length === 0;
  }

  /** Adds a row to the table of this name and these columns; to a new one when there is none. */
  add(name: string, columns: readonly string[], row: ToolRow): void {
    if (this.rows >= MOST_ROWS) this.close();
    let table = this.tables.find((open) => open.name === name && same(open.columns, columns));
    if (!table) {
      table = { name, columns, rows: [] };
      this.tables.push(table);
    }
    table.rows.push(row);
    this.rows++;
  }

  /** Completes the open report; nothing happens when it has no table. */
  close(): void {
    if (this.tables.length > 0) {
      const { time, sinceBoot = false, summary = false } = this.kind;
      const tables: readonly ToolTable[] = this.tables;
      this.finished.push({ ...(time ? { time } : {}), sinceBoot, summary, tables });
    }
    this.tables = [];
    this.rows = 0;
  }

  /** The reports completed since the last call. */
  take(): readonly ToolReport[] {
    if (this.finished.length === 0) return NO_REPORTS;
    const finished = this.finished;
    this.finished = [];
    return finished;
  }
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((title, i) => title === b[i]));
}

const NO_REPORTS: readonly ToolReport[] = [];

function sameKind(a: ReportKind, b: ReportKind): boolean {
  return (
    (a.sinceBoot ?? false) === (b.sinceBoot ?? false) &&
    (a.summary ?? false) === (b.summary ?? false) &&
    a.time?.day === b.time?.day &&
    a.time?.secondOfDay === b.time?.secondOfDay &&
    a.time?.offsetMinutes === b.time?.offsetMinutes
  );
}
