/**
 * `sadf -j`. Tables are named by where they stand: `cpu-load`, `network.net-dev`, `io.io-reads`; their columns have the names they have
 * there. The first member of an object in an array is its instance.
 */
import { type JsonElement, JsonElements } from "./json-elements.ts";
import { ReportAssembly } from "./report-assembly.ts";
import type { UnknownLines } from "./text/lines.ts";
import { addSarRow } from "./sar-rows.ts";
import { parseClock, parseDate } from "./text/time.ts";
import type { PrintedTime, ToolBanner, ToolReport } from "./tool-report.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

const DISK_WITH_DISCARDS = "disk with discards";

/** Deeper than sadf nests its tables. */
const DEEPEST = 6;

export class SadfJson {
  banner: ToolBanner = {};
  private readonly elements = new JsonElements(["statistics", "restarts", "comments"]);
  private readonly assembly = new ReportAssembly();
  private readonly unknown: UnknownLines;
  private tooLong = 0;
  private outside = 0;

  constructor(unknown: UnknownLines) {
    this.unknown = unknown;
  }

  push(line: string): readonly ToolReport[] {
    const elements = this.elements.push(line);
    for (; this.tooLong < this.elements.tooLong; this.tooLong++)
      this.unknown.add("a statistic of more than 128 MiB");
    for (const element of elements) this.take(element);
    if (this.outside !== this.elements.outside.length && this.banner.cpus === undefined) {
      this.outside = this.elements.outside.length;
      this.banner = bannerOf(this.elements.outside);
    }
    return this.assembly.take();
  }

  end(): readonly ToolReport[] {
    this.assembly.close();
    return this.assembly.take();
  }

  private take({ array, text }: JsonElement): void {
    const element = parsed(text);
    const inner = array === "restarts" ? "boot" : array === "comments" ? "comment" : "timestamp";
    const stamp = isObject(element) ? element[inner] : undefined;
    const time = isObject(stamp) ? timeOf(stamp) : undefined;
    if (!isObject(element) || !isObject(stamp) || !time) {
      this.unknown.add(text);
      return;
    }
    this.assembly.open({ time });
    if (array === "restarts") this.row("restart", "", { CPU: stamp["cpu_count"] ?? null });
    else if (array === "comments") this.row("comment", "", { COM: stamp["com"] ?? null });
    else this.tables("", element, 0);
    this.assembly.close();
  }

  private tables(path: string, object: JsonObject, depth: number): void {
    if (depth > DEEPEST) return;
    const own: Record<string, Json> = {};
    for (const [key, value] of Object.entries(object)) {
      const name = path === "" ? key : `${path}.${key}`;
      if (path === "" && key === "timestamp") {
        if (isObject(value)) this.row("timestamp", "", { interval: value["interval"] ?? null });
      } else if (Array.isArray(value)) {
        for (const row of value as readonly Json[]) if (isObject(row)) this.rowOf(name, row);
      } else if (isObject(value)) {
        this.tables(name, value, depth + 1);
      } else {
        own[key] = value;
      }
    }
    if (Object.keys(own).length > 0) this.row(path === "" ? "statistics" : path, "", own);
  }

  /** A row of an array: its first member says what it is about. */
  private rowOf(name: string, row: JsonObject): void {
    const [first, ...rest] = Object.entries(row);
    if (!first || rest.length === 0) return;
    const instance = typeof first[1] === "object" ? "" : String(first[1]);
    if (first[0] === "intr") {
      const table = { name: "interrupts", instanceAt: 0, columns: rest.map(([key]) => key) };
      const cells = rest.map(([, value]) => String(cellOf(value) ?? "-"));
      if (!addSarRow(this.assembly, table, instance, cells)) this.unknown.add(JSON.stringify(row));
    } else {
      const values = Object.fromEntries(rest);
      // As in the text, a table of its own: its requests are counted with discards.
      this.row(name === "disk" && "dkB" in values ? DISK_WITH_DISCARDS : name, instance, values);
    }
  }

  private row(name: string, instance: string, values: JsonObject): void {
    const columns = Object.keys(values);
    const cells = columns.map((key) => cellOf(values[key]!));
    this.assembly.add(name, columns, { instance, cells });
  }
}

function cellOf(value: Json): number | string | null {
  return typeof value === "number" || typeof value === "string" ? value : null;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** `{"date": "2026-11-24", "time": "12:25:48", "utc": 1, "interval": 1}`; before sysstat 10 it had no `utc`. */
function timeOf(stamp: JsonObject): PrintedTime | undefined {
  const day = typeof stamp["date"] === "string" ? parseDate(stamp["date"]) : undefined;
  const secondOfDay = typeof stamp["time"] === "string" ? parseClock(stamp["time"]) : undefined;
  if (day === undefined || secondOfDay === undefined) return undefined;
  const utc = stamp["utc"] === 1 || stamp["tz"] === "UTC";
  return utc ? { day, secondOfDay, offsetMinutes: 0 } : { day, secondOfDay };
}

function bannerOf(outside: string): ToolBanner {
  const text = (key: string) =>
    new RegExp(`"${key}"\\s*:\\s*"([^"\\\\]{1,255})"`).exec(outside)?.[1];
  const host = text("nodename");
  const kernel = text("release");
  const cpus = /"number-of-cpus"\s*:\s*(\d{1,6})/.exec(outside)?.[1];
  const date = text("file-date");
  const day = date === undefined ? undefined : parseDate(date);
  return {
    ...(host === undefined ? {} : { host }),
    ...(kernel === undefined ? {} : { kernel }),
    ...(day === undefined ? {} : { day }),
    ...(cpus === undefined ? {} : { cpus: Number(cpus) }),
  };
}
