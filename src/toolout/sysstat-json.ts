/**
 * The JSON of sysstat's tools (`-o JSON`), read as it comes: `{"sysstat": {"hosts": [{...,
 * "statistics": [{...}, ...]}]}}`. Each element of `statistics` is one report; they come out one by
 * one, however the text is broken into lines, so that a file whose end is missing yields all that
 * was whole.
 */
import type { PrintedTime, ToolBanner, ToolParser, ToolReport, ToolTable } from "./tool-report.ts";
import { UnknownLines } from "./text/lines.ts";
import { leadingTime, parseDate, parseIso } from "./text/time.ts";

/** Far above a report of a host with 1,024 CPUs and all their interrupts. */
const MAX_ELEMENT_CHARS = 16 * 1024 * 1024;
const LINE_OF_JSON = /^\s*(["[\]{},]|$)/;

export type JsonObject = Readonly<Record<string, unknown>>;

/** Turns one element of `statistics` into its tables. */
export type TablesOf = (element: JsonObject) => ToolTable[];

export class SysstatJsonParser implements ToolParser {
  banner: ToolBanner = {};
  readonly unknown = new UnknownLines();
  private readonly tablesOf: TablesOf;
  private readonly firstIsSinceBoot: boolean;
  private reports = 0;
  /** Text before `statistics`, in which the host is described. */
  private preamble = "";
  private element = "";
  private inStatistics = false;
  private depth = 0;
  private inString = false;
  private escaped = false;

  constructor(tablesOf: TablesOf, firstIsSinceBoot: boolean) {
    this.tablesOf = tablesOf;
    this.firstIsSinceBoot = firstIsSinceBoot;
  }

  push(line: string): readonly ToolReport[] {
    if (this.depth === 0 && !LINE_OF_JSON.test(line)) {
      this.unknown.add(line);
      return [];
    }
    const reports: ToolReport[] = [];
    let from = 0;
    if (!this.inStatistics) from = this.readPreamble(line);
    if (this.inStatistics) this.readStatistics(line, from, reports);
    return reports;
  }

  end(): readonly ToolReport[] {
    return [];
  }

  /** @returns where in the line the statistics begin; its length when they do not. */
  private readPreamble(line: string): number {
    const before = this.preamble.length;
    this.preamble += `${line}\n`;
    const start = /"statistics"\s*:\s*\[/.exec(this.preamble);
    if (start) {
      this.banner = bannerOf(this.preamble);
      this.preamble = "";
      this.inStatistics = true;
      this.reports = 0;
      return Math.max(0, start.index + start[0].length - before);
    }
    if (this.preamble.length > 65_536) {
      this.unknown.add(line);
      this.preamble = "";
    }
    return line.length;
  }

  private readStatistics(line: string, from: number, reports: ToolReport[]): void {
    let start = from;
    for (let i = from; i < line.length; i++) {
      const char = line[i]!;
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (char === "\\") this.escaped = true;
        else if (char === '"') this.inString = false;
      } else if (char === '"') {
        this.inString = true;
      } else if (char === "{" || char === "[") {
        if (this.depth++ === 0) start = i;
      } else if ((char === "}" || char === "]") && this.depth === 0) {
        // The end of the array: another host, or another text, may follow.
        this.inStatistics = false;
        return;
      } else if ((char === "}" || char === "]") && --this.depth === 0) {
        this.take(this.element + line.slice(start, i + 1), line, reports);
        this.element = "";
      }
    }
    if (this.depth > 0) this.element += `${line.slice(start)}\n`;
    if (this.element.length > MAX_ELEMENT_CHARS) this.abandon(line);
  }

  private take(text: string, line: string, reports: ToolReport[]): void {
    const element = parseObject(text);
    if (!element) return this.unknown.add(line);
    const time = timeOf(element.timestamp);
    reports.push({
      ...(time ? { time } : {}),
      sinceBoot: this.firstIsSinceBoot && this.reports === 0,
      summary: false,
      tables: this.tablesOf(element),
    });
    this.reports++;
  }

  private abandon(line: string): void {
    this.unknown.add(line);
    this.element = "";
    this.depth = 0;
    this.inString = false;
  }
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of an array, whatever else is in it. */
export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/**
 * A table of objects that all have an identity and numbers.
 *
 * @param identity key of the instance; every other key is a column
 * @returns undefined where there is nothing.
 */
export function tableOf(
  name: string,
  objects: readonly JsonObject[],
  identity?: string,
): ToolTable | undefined {
  const columns =
    objects.length === 0 ? [] : Object.keys(objects[0]!).filter((key) => key !== identity);
  if (columns.length === 0) return undefined;
  const rows = objects.map((object) => ({
    instance: identity === undefined ? "" : textOf(object[identity]),
    cells: columns.map((column) => cellOf(object[column])),
  }));
  return { name, columns, rows };
}

function cellOf(value: unknown): number | string | null {
  return typeof value === "number" || typeof value === "string" ? value : null;
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function timeOf(timestamp: unknown): PrintedTime | undefined {
  if (typeof timestamp !== "string") return undefined;
  return leadingTime(timestamp.split(" "))?.time;
}

function bannerOf(preamble: string): ToolBanner {
  const text = (key: string) => new RegExp(`"${key}"\\s*:\\s*"([^"]{0,255})"`).exec(preamble)?.[1];
  const host = text("nodename");
  const kernel = text("release");
  const date = text("date");
  const day = date === undefined ? undefined : (parseDate(date) ?? parseIso(date)?.day);
  const cpus = /"number-of-cpus"\s*:\s*(\d{1,6})\b/.exec(preamble)?.[1];
  return {
    ...(host === undefined ? {} : { host }),
    ...(kernel === undefined ? {} : { kernel }),
    ...(day === undefined ? {} : { day }),
    ...(cpus === undefined ? {} : { cpus: Number(cpus) }),
  };
}
