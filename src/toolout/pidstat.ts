/**
 * Text of `pidstat`: a table per option (-u -r -d -w ...) or, with -h, one with everything; times of 12 and 24 hours, in seconds
 * since 1970 with -H; --human sizes; threads with -t.
 *
 * All tables of processes are called `process`, those of threads `thread`, since no two have a column in common.
 */
import { LineParser } from "./line-parser.ts";
import { processInstance } from "./process-instance.ts";
import { parseSysstatLine, sysstatNumber } from "./sysstat-line.ts";
import { parseBanner } from "./text/banner.ts";
import type { PrintedTime, Tool } from "./tool-report.ts";

export const pidstat: Tool = {
  id: "pidstat",
  recognizes: (head) => {
    if (!head.some((line) => titlesOf(line.slice(0, 4000)))) return 0;
    return head.some((line) => parseBanner(line)) ? 0.95 : 0.8;
  },
  parser: () => new PidstatParser(),
};

/** Columns that hold words. */
const TEXT_COLUMNS: ReadonlySet<string> = new Set(["UID", "USER", "policy", "Command"]);

interface Titles {
  /** Of all columns; the last is `Command`. */
  readonly titles: readonly string[];
  /** When the interval began, with -h nothing. */
  readonly from?: PrintedTime;
  readonly threads: boolean;
}

/** `12:22:45  UID  PID  %usr ... Command`, `# Time  UID ...`, `#  Time UID ...`. */
function titlesOf(line: string): Titles | undefined {
  if (!/\sCommand\s*$/.test(line)) return undefined;
  const flat = /^#\s*Time\s+(.*)$/.exec(line);
  const parsed = flat ? undefined : parseSysstatLine(line);
  const titles = flat ? flat[1]!.trim().split(/\s+/) : (parsed?.words ?? []);
  const threads = titles.includes("TID");
  if (!threads && !titles.includes("PID")) return undefined;
  return { titles, threads, ...(parsed?.time ? { from: parsed.time } : {}) };
}

class PidstatParser extends LineParser {
  private open: Titles | undefined;
  /** Titles as they were first seen, so that rows of one kind share them. */
  private readonly seen = new Map<string, Columns>();

  protected takes(line: string): boolean {
    const banner = parseBanner(line);
    if (banner) {
      this.banner = { ...this.banner, ...banner };
      return true;
    }
    const titles = titlesOf(line);
    if (titles) {
      this.open = titles;
      return true;
    }
    return this.open !== undefined && this.takesRow(this.open, line);
  }

  private takesRow(open: Titles, line: string): boolean {
    const columns = this.columnsOf(open.titles);
    const parsed = parseSysstatLine(line) ?? secondsSinceEpoch(line);
    if (!parsed) return false;
    const { words, time, summary } = parsed;
    const width = open.titles.length;
    if (words.length < width) return false;
    // The last one, and the blanks in it as they are.
    const command = restAfter(line, leadingWords(line, words) + width - 1);
    const tid = words[columns.tidAt];
    const isThread = tid !== undefined && tid !== "-";
    const id = isThread ? tid : (words[columns.pidAt] ?? words[columns.tgidAt]);
    if (id === undefined || !/^\d+$/.test(id)) return false;
    const cells: (number | string | null)[] = [];
    for (const at of columns.kept) {
      const title = open.titles[at]!;
      const word = at === width - 1 ? command : words[at]!;
      const value = TEXT_COLUMNS.has(title) ? word : numberOf(word, title);
      if (value === undefined) return false;
      cells.push(value);
    }
    // Without an interval there is one report, of averages since the process (or the host) began, whose time is that above it.
    const sinceBoot =
      time !== undefined && open.from !== undefined && time.secondOfDay === open.from.secondOfDay;
    this.assembly.open(time ? { time, summary, sinceBoot } : { summary });
    this.assembly.add(isThread ? "thread" : "process", columns.titles, {
      instance: processInstance(command, id),
      cells,
    });
    return true;
  }

  private columnsOf(titles: readonly string[]): Columns {
    const key = titles.join(" ");
    let columns = this.seen.get(key);
    if (!columns) {
      if (this.seen.size > MOST_TITLES) this.seen.clear();
      columns = columnsOf(titles);
      this.seen.set(key, columns);
    }
    return columns;
  }
}

/** -1 where the kernel does not let this user read it: no value, rather than a wrong one. */
function numberOf(text: string, title: string): number | null | undefined {
  const number = sysstatNumber(text, title);
  return number === -1 && /^(kB_|fd-nr)/.test(title) ? null : number;
}

/** So many kinds of tables are remembered. */
const MOST_TITLES = 100;

interface Columns {
  readonly titles: readonly string[];
  /** Places of the columns that become cells: all but the ids. */
  readonly kept: readonly number[];
  readonly pidAt: number;
  readonly tgidAt: number;
  readonly tidAt: number;
}

function columnsOf(all: readonly string[]): Columns {
  const places = {
    pidAt: all.indexOf("PID"),
    tgidAt: all.indexOf("TGID"),
    tidAt: all.indexOf("TID"),
  };
  const ids = new Set(Object.values(places));
  const kept = all.map((_, at) => at).filter((at) => !ids.has(at));
  return { titles: kept.map((at) => all[at]!), kept, ...places };
}

/** `1795522986  0  7 ...`: -H prints seconds since 1970. */
function secondsSinceEpoch(
  line: string,
): { time: PrintedTime; summary: boolean; words: readonly string[] } | undefined {
  const words = line.split(/[ \t]+/).filter((word) => word !== "");
  if (!/^\d{9,11}$/.test(words[0] ?? "")) return undefined;
  const seconds = Number(words[0]);
  const day = Math.floor(seconds / 86_400);
  const time = { day, secondOfDay: seconds - day * 86_400, offsetMinutes: 0 };
  return { time, summary: false, words: words.slice(1) };
}

/** How many words of the line stand before `words`, its last ones. */
function leadingWords(line: string, words: readonly string[]): number {
  return line.trim().split(/[ \t]+/).length - words.length;
}

/** The line from its word number `count` on. */
function restAfter(line: string, count: number): string {
  const word = /[^ \t]+/g;
  for (let i = 0; i < count; i++) word.exec(line);
  return line.slice(word.lastIndex).trim();
}
