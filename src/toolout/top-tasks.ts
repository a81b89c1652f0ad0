/** The process table of top: its line of titles, and rows in whatever columns and order were chosen. */
import { processInstance } from "./process-instance.ts";
import type { ToolRow } from "./tool-report.ts";
import { topCell } from "./top-values.ts";
import { topColumnKind, topTitle } from "./top-words.ts";

interface Column {
  /** In English; as printed when it is unknown. */
  readonly title: string;
  readonly start: number;
  /** Behind its last character. */
  readonly end: number;
  readonly text: boolean;
}

export interface TaskTable {
  /** Titles, without PID, which is part of the instance. */
  readonly columns: readonly string[];
  readonly all: readonly Column[];
  readonly pidAt: number;
  readonly commandAt: number;
}

/** So many known titles make a line of titles. */
const FEWEST_TITLES = 3;

/** @returns undefined when the line is no line of titles with a process id. */
export function taskTable(line: string): TaskTable | undefined {
  const all: Column[] = [];
  let known = 0;
  for (const match of line.matchAll(/\S+/g)) {
    const word = match[0];
    if (all.length > 200 || /^[\d.,:]+$/.test(word)) return undefined;
    const title = topTitle(word);
    if (title !== undefined) known++;
    const end = match.index + word.length;
    // What is unknown is taken for a number that stands at the right.
    const text = title !== undefined && topColumnKind(title) === "text";
    all.push({ title: title ?? word.slice(0, 40), start: match.index, end, text });
  }
  const pidAt = all.findIndex(({ title }) => title === "PID");
  if (pidAt < 0 || known < FEWEST_TITLES || known * 2 < all.length) return undefined;
  return {
    columns: all.filter((_, at) => at !== pidAt).map(({ title }) => title),
    all,
    pidAt,
    commandAt: all.findIndex(({ title }) => title === "COMMAND"),
  };
}

/** @returns undefined when the line is no row of the table. */
export function taskRow(table: TaskTable, line: string): ToolRow | undefined {
  const texts = textsOf(table.all, line);
  const pid = texts?.[table.pidAt];
  if (!texts || pid === undefined || !/^\d{1,10}$/.test(pid)) return undefined;
  const cells = texts.map((text, at) => topCell(table.all[at]!.title, text));
  // A row that was cut has words where numbers should be.
  const numbers = table.all.filter(({ text }) => !text).length;
  const wrong = cells.filter((cell, at) => cell === null && !isAbsent(texts[at]!)).length;
  if (wrong * 3 > numbers) return undefined;
  cells.splice(table.pidAt, 1);
  const command = table.commandAt < 0 ? "" : texts[table.commandAt]!;
  return { instance: command === "" ? pid : processInstance(command, pid), cells };
}

function isAbsent(text: string): boolean {
  return text === "-" || text === "?" || text === "n/a" || text === "";
}

/** The texts of the columns: by counting words where that is certain, else by where the titles stand. */
function textsOf(all: readonly Column[], line: string): string[] | undefined {
  const last = all[all.length - 1]!;
  const words = line.trim().split(/\s+/);
  if (words.length < all.length - (last.text ? 1 : 0)) return undefined;
  if (words.length === all.length) return words;
  const earlierTexts = all.slice(0, -1).some(({ title }) => MAY_HOLD_BLANKS.has(title));
  if (last.text && !earlierTexts) {
    return [...words.slice(0, all.length - 1), restFrom(line, all.length - 1)];
  }
  return byPlace(all, line);
}

/** Columns whose words may have blanks between them. */
const MAY_HOLD_BLANKS: ReadonlySet<string> = new Set(
  "COMMAND ENVIRON CGROUPS EXE LXC CGNAME".split(" "),
);

/** The line from word number `count` on; empty when there is none. */
function restFrom(line: string, count: number): string {
  const word = /\S+/g;
  for (let i = 0; i < count; i++) word.exec(line);
  return line.slice(word.lastIndex).trim();
}

/** Numbers end where their title ends; words begin where theirs begins. */
function byPlace(all: readonly Column[], line: string): string[] {
  const starts = all.map(({ start, end, text }) => {
    if (text) return start;
    let from = Math.min(end, line.length);
    while (from > 0 && line[from - 1] !== " ") from--;
    return from;
  });
  return all.map((column, at) => {
    const to = column.text ? (starts[at + 1] ?? line.length) : column.end;
    return line.slice(starts[at], to).trim();
  });
}
