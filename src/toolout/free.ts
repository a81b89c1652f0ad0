/**
 * `free` of procps 3.2 to 4 and busybox, with every option, in every language. It prints no unit
 * but with `-h`: cells are KiB, its default, whatever the option was (`memory-unit.ts` tells how
 * that is known).
 *
 * Tables: `memory` (used = total - available, procps 4), `memory 3.3` (used = total - free -
 * buff/cache), `memory 3.2` (used includes buffers and cache), `without caches` (the `-/+
 * buffers/cache` line of 3.2), `swap`, `low`, `high`, `total`, `committed`.
 */
import type {
  PrintedTime,
  Tool,
  ToolBanner,
  ToolParser,
  ToolReport,
  ToolTable,
} from "./tool-report.ts";
import { FREE_ROWS } from "./free-words.ts";
import { freeUnit } from "./memory-unit.ts";
import { parseDateLine } from "./text/date-line.ts";
import { splitWords, UnknownLines } from "./text/lines.ts";
import { parseNumber, parseScaled } from "./text/number.ts";

const SHORT = ["total", "used", "free"];
const OLD = [...SHORT, "shared", "buffers", "cached"];
const NEW = [...SHORT, "shared", "buff/cache", "available"];
const WIDE = [...SHORT, "shared", "buffers", "cache", "available"];

/**
 * `Mem:`, `-/+ buffers/cache:`, `Tr\u00e1o \u0111\u1ed5i:`, `\u5185\u5b58\uff1a`, and then the
 * cells.
 */
const ROW = /^([^:\uff1a]{1,40})[:\uff1a](.*)$/;

export const free: Tool = {
  id: "free",
  recognizes(head) {
    return head.some((line, i) => {
      const columns = columnsOf(head[i - 1] ?? "");
      const row = ROW.exec(line);
      return columns && row && splitWords(row[2]!).filter(isAmount).length === columns.length;
    })
      ? 1
      : 0;
  },
  parser: () => new FreeParser(),
};

class FreeParser implements ToolParser {
  readonly banner: ToolBanner = {};
  readonly unknown = new UnknownLines();
  private columns: readonly string[] | undefined;
  private tables: ToolTable[] = [];
  private time: PrintedTime | undefined;
  /** KiB per printed unit, once known. */
  private unit: number | undefined;
  private rows = 0;
  private rowsBefore = 0;

  push(line: string): readonly ToolReport[] {
    if (line.trim() === "" && line.length < 1000) return this.finish();
    const columns = columnsOf(line);
    if (columns) {
      const ended = this.finish();
      this.columns = columns;
      return ended;
    }
    const time = parseDateLine(line);
    if (time) {
      const ended = this.finish();
      this.time = time;
      return ended;
    }
    if (!this.readRow(line)) this.unknown.add(line);
    return [];
  }

  end(): readonly ToolReport[] {
    return this.rows < this.rowsBefore ? [] : this.finish();
  }

  private readRow(line: string): boolean {
    const row = line.length > 400 ? null : ROW.exec(line);
    const words = splitWords(row?.[2] ?? "");
    if (!row || !this.columns || words.length === 0 || !words.every(isAmount)) return false;
    const label = row[1]!;
    const isFirst = this.tables.length === 0;
    if (isFirst && words.length !== this.columns.length) return false;
    const columns = isFirst ? this.columns : words.length === 2 ? ["used", "free"] : SHORT;
    const name = isFirst ? "memory" : rowName(label, words.length);
    if (name === undefined || words.length !== columns.length) return false;
    if (isFirst && words.every((word) => parseNumber(word) !== undefined))
      this.unit ??= freeUnit(words.map((word) => parseNumber(word)!));
    const cells = words.map((word) => amountKiB(word, this.unit ?? 1));
    this.rows++;
    const table = isFirst ? memoryName(columns, cells) : name;
    this.tables.push({ name: table, columns, rows: [{ instance: "", cells }] });
    return true;
  }

  private finish(): readonly ToolReport[] {
    const { tables, time } = this;
    this.columns = undefined;
    if (tables.length === 0) return [];
    this.tables = [];
    this.time = undefined;
    this.rowsBefore = this.rows;
    this.rows = 0;
    return [{ ...(time ? { time } : {}), sinceBoot: false, summary: false, tables }];
  }
}

/** The titles by their places, whatever the language; undefined when the line is no such line. */
function columnsOf(line: string): readonly string[] | undefined {
  if (line.length > 400 || /[\d:\uff1a]/.test(line) || !line.startsWith(" ")) return undefined;
  const titles = splitWords(line);
  if (titles.length === 7) return WIDE;
  if (titles.length === 6) return titles[4]!.includes("/") ? NEW : OLD;
  return titles.length === 5 && titles[0] === "total" ? OLD.slice(0, 5) : undefined;
}

function rowName(label: string, cells: number): string | undefined {
  if (cells === 2) return label.trim().startsWith("-/+") ? "without caches" : undefined;
  const word = label.replace(/\s/g, "").toLowerCase();
  return Object.keys(FREE_ROWS).find((name) => FREE_ROWS[name]!.includes(word));
}

/** What `used` means depends on the version, and only the numbers tell which it is. */
function memoryName(columns: readonly string[], cells: readonly number[]): string {
  if (!columns.includes("available")) return "memory 3.2";
  const cell = (title: string) => cells[columns.indexOf(title)] ?? 0;
  const caches = cell("buff/cache") + cell("buffers") + cell("cache");
  const offBy4 = Math.abs(cell("total") - cell("available") - cell("used"));
  const offBy3 = Math.abs(cell("total") - cell("free") - caches - cell("used"));
  return offBy4 <= offBy3 ? "memory" : "memory 3.3";
}

function isAmount(word: string): boolean {
  return parseScaled(word, 1) !== undefined;
}

function amountKiB(word: string, unit: number): number {
  const number = parseNumber(word);
  return number === undefined ? parseScaled(word, 1)! / 1024 : number * unit;
}
