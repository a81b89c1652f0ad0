/**
 * `vmstat` of procps 3 and 4: plain, `-a`, `-n`, `-t`, `-w`, `-S`, in every language (titles are
 * known by their place): table `system`, a report per line. `-d` gives `disk` and `-m` gives
 * `slab`, both totals since boot. `-s`, `-D` and `-p` are not tables of samples: their lines are
 * counted as unknown.
 */
import type {
  PrintedTime,
  Tool,
  ToolBanner,
  ToolParser,
  ToolReport,
  ToolRow,
} from "./tool-report.ts";
import { lineStarts, splitWords, UnknownLines } from "./text/lines.ts";
import { parseNumber } from "./text/number.ts";
import { leadingTime } from "./text/time.ts";
import { vmstatUnit } from "./memory-unit.ts";

/**
 * In the order in which every version prints them; the last ones came with time (st: 3.2, gu: 4.0).
 */
const SYSTEM = "r b swpd free buff cache si so bi bo in cs us sy id wa st gu".split(" ");
const SYSTEM_LEAST = 16;
const DISK = ["reads", "writes"]
  .flatMap((what) => ["total", "merged", "sectors", "ms"].map((title) => `${what} ${title}`))
  .concat("IO cur", "IO sec");
const SLAB = ["Num", "Total", "Size", "Pages"];

/** Columns that `-S` prints in another unit than KiB. */
const SCALED = ["swpd", "free", "buff", "cache", "inact", "active", "si", "so"];
/** `inact` in the languages of procps: the sign of `-a`. */
const INACTIVE = /^(inac|inak|nieak|\ube44\ud65c|\u4e0d\u6d3b)/;
/** The line above the titles: `procs -----memory----`, `disk- ----reads----`. */
const GROUPS = /-{3,}\S*-{3,}.*-{2,}/;

type Layout = "system" | "disk" | "slab";

export const vmstat: Tool = {
  id: "vmstat",
  recognizes(firstLines) {
    const head = lineStarts(firstLines);
    return head.some((line, i) => layoutOf(line, head[i - 1] ?? "") !== undefined) ? 1 : 0;
  },
  parser: () => new VmstatParser(),
};

function layoutOf(line: string, above: string): Layout | undefined {
  const words = splitWords(line);
  if (words[0] === "Cache" && words[1] === "Num") return "slab";
  const isTitles = !words.some((word) => /^[\d-]/.test(word)) && GROUPS.test(above);
  if (isTitles && (words.length === DISK.length || words.length === DISK.length + 1)) return "disk";
  return isTitles && words.length >= SYSTEM_LEAST && words.length <= SYSTEM.length + 1
    ? "system"
    : undefined;
}

class VmstatParser implements ToolParser {
  readonly banner: ToolBanner = {};
  readonly unknown = new UnknownLines();
  private above = "";
  private layout: Layout | undefined;
  private columns: string[] = [];
  private unit: number | undefined;
  private rows: ToolRow[] = [];
  private time: PrintedTime | undefined;
  private systemRows = 0;

  push(line: string): readonly ToolReport[] {
    const words = splitWords(line);
    if (words.length === 0 && line.length < 1000) return [];
    const start = line.slice(0, 400);
    const layout = layoutOf(start, this.above);
    if (layout) return this.readTitles(layout, words);
    if (GROUPS.test(start)) {
      this.above = start;
      return this.finish();
    }
    const reports = this.layout === "system" ? this.readSystem(words) : undefined;
    if (reports) return reports;
    if (this.layout === "system" || !this.readInstance(words)) this.unknown.add(line);
    return [];
  }

  end(): readonly ToolReport[] {
    return this.finish();
  }

  private readTitles(layout: Layout, words: string[]): readonly ToolReport[] {
    const ended = this.finish();
    this.above = "";
    this.layout = layout;
    this.columns = layout === "disk" ? DISK : SLAB;
    if (layout === "system") {
      this.columns = [...SYSTEM];
      if (INACTIVE.test(words[4]!)) this.columns.splice(4, 2, "inact", "active");
    }
    return ended;
  }

  /** @returns undefined when the line is no sample. */
  private readSystem(words: string[]): readonly ToolReport[] | undefined {
    let count = 0;
    while (count < SYSTEM.length && /^\d+$/.test(words[count] ?? "")) count++;
    if (count < SYSTEM_LEAST) return undefined;
    const time = leadingTime(words.slice(count));
    if (count + (time?.words ?? 0) !== words.length) return undefined;
    const columns = this.columns.slice(0, count);
    const printed = words.slice(0, count).map((word) => parseNumber(word) ?? null);
    this.unit ??= vmstatUnit(printed.slice(2, 6) as number[]);
    const unit = this.unit;
    const cells = printed.map((cell, i) =>
      cell !== null && SCALED.includes(columns[i]!) ? cell * unit : cell,
    );
    const sinceBoot = this.systemRows++ === 0;
    const table = { name: "system", columns, rows: [{ instance: "", cells }] };
    return [{ ...(time ? { time: time.time } : {}), sinceBoot, summary: false, tables: [table] }];
  }

  /** A row of a table with instances. */
  private readInstance(words: string[]): boolean {
    const end = 1 + this.columns.length;
    if (this.layout === undefined || words.length < end) return false;
    const cells = words.slice(1, end).map((word) => parseNumber(word) ?? null);
    const time = leadingTime(words.slice(end));
    if (cells.includes(null) || end + (time?.words ?? 0) !== words.length) return false;
    this.time ??= time?.time;
    this.rows.push({ instance: words[0]!, cells });
    return true;
  }

  private finish(): readonly ToolReport[] {
    const { rows, time } = this;
    this.rows = [];
    this.time = undefined;
    if (rows.length === 0 || this.layout === undefined) return [];
    const table = { name: this.layout, columns: this.columns, rows };
    return [{ ...(time ? { time } : {}), sinceBoot: false, summary: false, tables: [table] }];
  }
}
