/** The lines above top's process table, in any language: what tells them apart are their numbers, not their words. */
import { parseNumber } from "./text/number.ts";
import { parseClock } from "./text/time.ts";
import type { PrintedTime } from "./tool-report.ts";

export interface SummaryRow {
  readonly table: string;
  readonly instance: string;
  readonly columns: readonly string[];
  readonly cells: readonly (number | null)[];
}

export interface TopBegin {
  readonly time: PrintedTime;
  readonly row: SummaryRow;
}

const LOAD = /(\d+[.,]\d+), (\d+[.,]\d+), (\d+[.,]\d+)\s*$/;
const HOST_COLUMNS = ["up", "users", "load 1 min", "load 5 min", "load 15 min"];

/** `top - 12:22:25 up  3:54,  0 user,  load average: 0.26, 0.15, 0.38`: with it a report begins. */
export function parseTopBegin(line: string): TopBegin | undefined {
  const match = /^\S.{0,40}? - (\d\d:\d\d:\d\d) (.*)$/.exec(line.slice(0, 500));
  const secondOfDay = match && parseClock(match[1]!);
  if (secondOfDay === null || secondOfDay === undefined) return undefined;
  const rest = match![2]!;
  const load = LOAD.exec(rest);
  if (!load) return undefined;
  const users = /, +(\d+) [^\d,:]+, +[^\d]+[\d.,]+, [\d.,]+, [\d.,]+\s*$/.exec(rest);
  return {
    time: { secondOfDay },
    row: {
      table: "host",
      instance: "",
      columns: HOST_COLUMNS,
      cells: [upSeconds(rest), users ? Number(users[1]) : null, ...numbers(load.slice(1))],
    },
  };
}

/** `up 10 days,  3:15,`, `up 1 day, 5 min,`, `up  3:54,`: to the minute. */
function upSeconds(text: string): number | null {
  const match = /^up +(?:(\d+) days?, +)?(?:(\d+):(\d\d)|(\d+) min),/.exec(text);
  if (!match) return null;
  const [days, hours, minutes, alone] = match.slice(1).map((part) => Number(part ?? 0));
  return ((days! * 24 + hours!) * 60 + minutes! + alone!) * 60;
}

const TASKS = ["total", "running", "sleeping", "stopped", "zombie"];
/** Since procps 4.0.5. */
const TASKS_OF_SIX = ["total", "running", "sleep", "d-sleep", "stopped", "zombie"];

/** `Tasks:  11 total,   3 running,   8 sleeping,   0 stopped,   0 zombie`; `Threads:` with -H. */
export function parseTasks(line: string): SummaryRow | undefined {
  const match =
    /^\s*([^\d:%|]{1,40}?)\s*:((?:\s*\d{1,9} [^\d,]{1,40},){4,5}\s*\d{1,9} [^\d,]{1,40})$/.exec(
      line.slice(0, 400),
    );
  if (!match) return undefined;
  const cells = numbers(match[2]!.match(/\d+/g)!);
  const columns = cells.length === 5 ? TASKS : TASKS_OF_SIX;
  const table = /^threads$/i.test(match[1]!) ? "threads" : "tasks";
  return { table, instance: "", columns, cells };
}

const CPU_COLUMNS = ["us", "sy", "ni", "id", "wa", "hi", "si", "st"];
const CPU_LABEL = "\\s*%?([^\\s:%,|\\d][^:%,|]{0,30}?)\\s*:";
/** `0.3 us,`, `0.3%us,`, `0.3% us,`, `0,3 ut,`. */
const CPU_VALUE = "\\s*\\d{1,3}[.,]\\d{1,3}\\s?%?\\s?[^\\s\\d,.:%|]{1,6},?";

/**
 * `%Cpu(s):  0.3 us,  0.1 sy, ...`, `Cpu0  :  0.3%us, ...`, two of them beside one another; `%Cpu0 : 10.1/3.2 13[||| ]`.
 *
 * The instance is `all`, `0`, or as printed (`Node0`, `Cpu0-3`) in the table `cpu-group`.
 */
export function parseCpus(line: string): SummaryRow[] | undefined {
  const text = line.trimEnd().slice(0, 4000);
  return (
    repeated(text, new RegExp(`${CPU_LABEL}((?:${CPU_VALUE}){4,8})`, "y"), ([, label, values]) => {
      const cells = numbers(values!.match(/\d+[.,]\d+/g)!);
      return { ...cpu(label!, "cpu"), columns: CPU_COLUMNS.slice(0, cells.length), cells };
    }) ??
    repeated(
      text,
      new RegExp(`${CPU_LABEL}\\s*([\\d.,]+)/([\\d.,]+)\\s+(\\d+)\\[[^\\]]*\\]`, "y"),
      ([, label, ...values]) => ({
        ...cpu(label!, "cpu-graph"),
        columns: GRAPH_COLUMNS,
        cells: numbers(values),
      }),
    )
  );
}

/** User and nice time; system and interrupts; both together. */
const GRAPH_COLUMNS = ["us+ni", "sy+hi+si", "busy"];

function cpu(label: string, table: string): { table: string; instance: string } {
  const one = /^cpu(\d+)$/i.exec(label);
  if (one) return { table, instance: one[1]! };
  return /\d|-/.test(label)
    ? { table: `${table}-group`, instance: label }
    : { table, instance: "all" };
}

/** All of a line in one shape, repeated; undefined when there is anything else in it. */
function repeated(
  text: string,
  shape: RegExp,
  make: (match: RegExpExecArray) => SummaryRow,
): SummaryRow[] | undefined {
  const rows: SummaryRow[] = [];
  while (shape.lastIndex < text.length) {
    const match = shape.exec(text);
    if (!match) return undefined;
    rows.push(make(match));
  }
  return rows.length === 0 ? undefined : rows;
}

function numbers(texts: readonly string[]): (number | null)[] {
  return texts.map((text) => parseNumber(text) ?? null);
}
