/**
 * Reads a PDH text log, line by line, as tolerantly as it can be done without guessing: see
 * `docs/formats.md` for what is met in such files.
 */
import { UserError } from "../../util/errors.ts";
import { textLines, type TextLine } from "../text-lines.ts";
import { parseColumn, type ColumnName } from "./columns.ts";
import { parseFirstCell, parsePdhNumber, parsePdhTime, type PdhFirstCell } from "./pdh-text.ts";

export interface PdhHead extends PdhFirstCell {
  /** One per column of values; `undefined` where the head of a column is no counter path. */
  readonly columns: readonly (ColumnName | undefined)[];
  /** The line itself. */
  readonly text: string;
}

export interface PdhRow {
  /** The time as written, in milliseconds since 1970 as if it were UTC. */
  readonly localMs: number;
  /** One per column; NaN is no value. Valid until the next row is asked for. */
  readonly values: Float64Array;
  readonly text: string;
  readonly fraction: number;
}

export class PdhReader {
  readonly path: string;
  readonly head: PdhHead;
  /** Lines that are neither a row nor empty nor what typeperf prints at its end. */
  skippedLines = 0;
  private readonly lines: Generator<TextLine>;
  private readonly delimiter: string;

  /** Reads the head. @throws UserError when the file cannot be read, or is no PDH text log */
  constructor(path: string, encoding?: string) {
    this.path = path;
    this.lines = textLines(path, encoding);
    const first = this.firstLine();
    this.delimiter = first ? delimiterOf(first) : ",";
    const [cell = "", ...paths] = first ? splitCells(first, this.delimiter) : [];
    const known = parseFirstCell(cell);
    if (!known) {
      this.close();
      throw new UserError(
        `${path} is not a text log of Performance Monitor: it does not begin with "(PDH-CSV 4.0)" or "(PDH-TSV 4.0)".`,
        "Give a file that `perfmon export`, `perfmon record --format csv`, typeperf, logman or relog wrote.",
      );
    }
    this.head = { ...known, columns: paths.map(parseColumn), text: first! };
  }

  *rows(): Generator<PdhRow> {
    const values = new Float64Array(this.head.columns.length);
    for (const { text, ended, fraction } of this.lines) {
      const cells = splitCells(text, this.delimiter);
      // A line that was cut off may end within a number, or after the quote before it.
      if (!ended && (cells.length <= values.length || !/[^,;\t]"\s*$/.test(text))) continue;
      const localMs = parsePdhTime(cells[0] ?? "");
      if (localMs === undefined) {
        if (cells.length > 1) this.skippedLines++;
        continue;
      }
      for (let i = 0; i < values.length; i++) values[i] = parsePdhNumber(cells[i + 1] ?? "");
      yield { localMs, values, text, fraction };
    }
  }

  close(): void {
    this.lines.return(undefined);
  }

  /** The first line that is not empty: typeperf begins with an empty one. */
  private firstLine(): string | undefined {
    for (;;) {
      const { value, done } = this.lines.next();
      if (done) return undefined;
      if (value.text.trim() !== "") return value.text;
    }
  }
}

/** What follows the first cell, whatever the format says of itself. */
function delimiterOf(line: string): string {
  const end = line.startsWith('"') ? line.indexOf('"', 1) + 1 : line.search(/[,;\t]/);
  const delimiter = line[end];
  return delimiter === "\t" || delimiter === ";" ? delimiter : ",";
}

/** Cells with or without quotes; a quote within quotes is doubled. */
export function splitCells(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter);
  // Every cell quoted and no quote inside: what loggers write.
  if (line.startsWith('"') && line.endsWith('"') && !line.includes('""')) {
    return line.slice(1, -1).split(`"${delimiter}"`);
  }
  const cells: string[] = [];
  let at = 0;
  while (at <= line.length) {
    if (line[at] !== '"') {
      const end = line.indexOf(delimiter, at);
      cells.push(line.slice(at, end < 0 ? line.length : end));
      at = end < 0 ? line.length + 1 : end + 1;
      continue;
    }
    let cell = "";
    let end = at + 1;
    for (;;) {
      const quote = line.indexOf('"', end);
      if (quote < 0 || line[quote + 1] !== '"') {
        cell += line.slice(end, quote < 0 ? line.length : quote);
        end = quote < 0 ? line.length : quote + 1;
        break;
      }
      cell += line.slice(end, quote + 1);
      end = quote + 2;
    }
    cells.push(cell);
    const next = line.indexOf(delimiter, end);
    at = next < 0 ? line.length + 1 : next + 1;
  }
  return cells;
}
