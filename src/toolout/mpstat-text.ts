/** mpstat's text: every line begins with its time, or with `Average:` in the language it ran in. */
import type {
  PrintedTime,
  ToolBanner,
  ToolParser,
  ToolReport,
  ToolRow,
  ToolTable,
} from "./tool-report.ts";
import { parseBanner } from "./text/banner.ts";
import { splitWords, UnknownLines } from "./text/lines.ts";
import { isNotANumber, parseNumber } from "./text/number.ts";
import { leadingTime } from "./text/time.ts";

/** Columns of `-T` that place a CPU; empty in the row of all CPUs. */
const TOPOLOGY = ["CORE", "SOCK", "NODE"];

interface Heading {
  readonly name: string;
  readonly columns: readonly string[];
  readonly time: PrintedTime | undefined;
}

export class MpstatTextParser implements ToolParser {
  banner: ToolBanner = {};
  readonly unknown = new UnknownLines();
  private heading: Heading | undefined;
  private tables: { name: string; columns: readonly string[]; rows: ToolRow[] }[] = [];
  private time: PrintedTime | undefined;
  private sinceBoot = false;
  private rows = 0;
  private rowsBefore = 0;

  push(line: string): readonly ToolReport[] {
    const words = splitWords(line);
    if (words.length === 0 && line.length < 1000) return [];
    const banner = words[0] === "Linux" ? parseBanner(line) : undefined;
    if (banner) {
      const ended = this.finish();
      this.banner = banner;
      this.heading = undefined;
      this.rowsBefore = 0;
      return ended;
    }
    const heading = headingOf(words);
    if (heading) {
      this.heading = heading;
      return [];
    }
    return this.readRow(words) ?? (this.unknown.add(line), []);
  }

  end(): readonly ToolReport[] {
    return this.rows < this.rowsBefore ? [] : this.finish();
  }

  /** @returns undefined when the line is no row. */
  private readRow(words: string[]): readonly ToolReport[] | undefined {
    const heading = this.heading;
    if (!heading) return undefined;
    const leading = leadingTime(words);
    // The average's title may be of several words: count from the end.
    const prefix = leading?.words ?? summaryWords(words);
    if (prefix === 0) return undefined;
    const [instance, ...printed] = words.slice(prefix);
    const row = instance === undefined ? undefined : rowOf(heading, instance, printed);
    if (!row) return undefined;
    const ended = this.startsReport(heading, leading?.time, row.instance) ? this.finish() : [];
    this.time = leading?.time;
    if (this.rows++ === 0) this.sinceBoot = isSameTime(heading.time, leading?.time);
    let table = this.tables.find(({ name }) => name === heading.name);
    if (!table) this.tables.push((table = { ...heading, rows: [] }));
    table.rows.push(row);
    return ended;
  }

  private startsReport(heading: Heading, time: PrintedTime | undefined, instance: string): boolean {
    if (this.rows === 0) return false;
    if (this.time?.secondOfDay !== time?.secondOfDay || this.time?.day !== time?.day) return true;
    const table = this.tables.find(({ name }) => name === heading.name);
    return table?.rows.some((row) => row.instance === instance) ?? false;
  }

  private finish(): readonly ToolReport[] {
    const { time, sinceBoot } = this;
    const tables = this.tables.flatMap(({ name, columns, rows }) =>
      name === "interrupts" ? splitSums({ name, columns, rows }) : [{ name, columns, rows }],
    );
    this.rowsBefore = this.rows;
    this.rows = 0;
    this.tables = [];
    this.time = undefined;
    if (tables.length === 0) return [];
    const summary = time === undefined;
    return [{ ...(time ? { time } : {}), sinceBoot: sinceBoot && !summary, summary, tables }];
  }
}

/**
 * The sum of all CPUs is more than the sum of the rows (some interrupts are of no CPU), and is a
 * number of the host.
 */
export function splitSums(table: ToolTable): ToolTable[] {
  const all = table.rows.filter(({ instance }) => instance === "all");
  const single = table.rows.filter(({ instance }) => instance !== "all");
  return [
    ...(all.length > 0 ? [{ ...table, rows: all }] : []),
    ...(single.length > 0 ? [{ ...table, name: "interrupts per cpu", rows: single }] : []),
  ];
}

function headingOf(words: readonly string[]): Heading | undefined {
  const at = words.findIndex((word) => word === "CPU" || word === "NODE");
  if (at < 1 || at > 4) return undefined;
  const columns = words.slice(at + 1);
  const measures = columns.filter((title) => !TOPOLOGY.includes(title));
  if (measures.length === 0 || !measures.every((title) => /^%.|.\/s$/.test(title)))
    return undefined;
  const time = leadingTime(words);
  if (time && time.words !== at) return undefined;
  return { name: tableName(words[at]!, measures), columns, time: time?.time };
}

function tableName(identity: string, titles: readonly string[]): string {
  if (titles.some((title) => title.startsWith("%"))) return identity === "NODE" ? "node" : "cpu";
  if (titles[0] === "intr/s") return "interrupts";
  return titles.includes("NET_RX/s") ? "softirqs" : "interrupts by kind";
}

function rowOf(
  heading: Heading,
  instance: string,
  printed: readonly string[],
): ToolRow | undefined {
  const placed = heading.columns.filter((title) => TOPOLOGY.includes(title)).length;
  const missing = heading.columns.length - printed.length;
  if (missing !== 0 && missing !== placed) return undefined;
  if (!/^(all|\d{1,5})$/.test(instance)) return undefined;
  const cells = printed.map((word) => (isNotANumber(word) ? null : parseNumber(word)));
  if (cells.includes(undefined)) return undefined;
  return { instance, cells: [...Array<null>(missing).fill(null), ...(cells as number[])] };
}

/** Words before `all` or a CPU's number; 0 when there is none that ends like a title. */
function summaryWords(words: readonly string[]): number {
  const at = words.findIndex((word) => /[:\uff1a]$/.test(word));
  return at < 0 || at > 2 ? 0 : at + 1;
}

/** Without an interval, mpstat prints the averages since boot, under a heading of the same time. */
function isSameTime(heading: PrintedTime | undefined, row: PrintedTime | undefined): boolean {
  return heading?.secondOfDay !== undefined && heading.secondOfDay === row?.secondOfDay;
}
