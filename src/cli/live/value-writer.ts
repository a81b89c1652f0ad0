/** Ways to print live values: Perfmon's delimited text, JSON lines, a table. */
import {
  localZone,
  PDH_DELIMITER,
  pdhHeader,
  pdhTime,
  type PdhFormat,
} from "../../formats/pdh/pdh-text.ts";
import { quotedRow } from "../output/delimited.ts";
import { formatValue } from "../output/numbers.ts";
import { cutToWidth, textTable } from "../output/text-table.ts";
import type { TextOutput } from "../context.ts";
import type { LiveValue } from "./live-counters.ts";

export const WATCH_FORMATS = ["csv", "tsv", "json", "table"] as const;
export type WatchFormat = (typeof WATCH_FORMATS)[number];

export interface ValueWriter {
  /** Called once with what there is before the first interval. */
  start(values: readonly LiveValue[]): void;
  write(time: Date, values: readonly LiveValue[]): void;
  end(): void;
}

export function valueWriter(format: WatchFormat, out: TextOutput, host: string): ValueWriter {
  switch (format) {
    case "csv":
      return pdhWriter("csv", out, host);
    case "tsv":
      return pdhWriter("tsv", out, host);
    case "json":
      return jsonWriter(out, host);
    case "table":
      return tableWriter(out, host);
  }
}

/** PDH-CSV 4.0 or PDH-TSV 4.0, as typeperf prints it: numbers with 6 decimals. */
function pdhWriter(format: PdhFormat, out: TextOutput, host: string): ValueWriter {
  const zone = localZone(Date.now());
  let paths: string[] = [];
  return {
    start(values) {
      paths = values.map(({ path }) => path);
      const columns = paths.map((path) => `\\\\${host}${path}`);
      out.write(`${pdhHeader(format, zone, columns)}\n`);
    },
    write(time, values) {
      const byPath = new Map(values.map(({ path, value }) => [path, value]));
      const cells = paths.map((path) => byPath.get(path)?.toFixed(6) ?? " ");
      const row = quotedRow([pdhTime(time.getTime(), zone), ...cells], PDH_DELIMITER[format]);
      out.write(`${row}\n`);
    },
    end: () => undefined,
  };
}

/** One object per interval and line: `{"time", "host", "values": {path: number}}`. */
function jsonWriter(out: TextOutput, host: string): ValueWriter {
  return {
    start: () => undefined,
    write(time, values) {
      const known = values.filter(({ value }) => value !== undefined);
      const entries = Object.fromEntries(known.map(({ path, value }) => [path, value]));
      out.write(`${JSON.stringify({ time: time.toISOString(), host, values: entries })}\n`);
    },
    end: () => undefined,
  };
}

interface Statistics {
  weight: number;
  sum: number;
  min: number;
  max: number;
}

/** Last, average, minimum and maximum so far, as in Perfmon's value bar; refreshed in place. */
function tableWriter(out: TextOutput, host: string): ValueWriter {
  const statistics = new Map<string, Statistics>();
  let lines = 0;
  return {
    start: () => undefined,
    write(time, values) {
      const rows = values.map(({ path, counter, value, weight }) => {
        const known = statistics.get(path) ?? { weight: 0, sum: 0, min: Infinity, max: -Infinity };
        statistics.set(path, known);
        if (value !== undefined) {
          known.weight += weight;
          known.sum += value * weight;
          known.min = Math.min(known.min, value);
          known.max = Math.max(known.max, value);
        }
        const { sum, min, max } = known;
        const numbers = [value, ...(known.weight > 0 ? [sum / known.weight, min, max] : [])];
        return [path, counter.unit, ...numbers.map((n) => (n === undefined ? "" : formatValue(n)))];
      });
      const columns = ["last", "average", "minimum", "maximum"].map((title) => ({
        title,
        align: "right" as const,
      }));
      const table = textTable([{ title: `\\\\${host}` }, { title: "unit" }, ...columns], rows);
      const heading = time.toISOString().slice(0, 19).replace("T", " ");
      const text = [`${heading} UTC`, ...table];
      if (!out.isTerminal) {
        out.write(`${text.join("\n")}\n\n`);
        return;
      }
      const shown = text.slice(0, Math.max(3, out.rows - 2));
      if (shown.length < text.length) shown.push(`... and ${text.length - shown.length} more`);
      // Up to where the last table began, then every line anew, cleared to its end.
      const up = lines > 0 ? `\u001b[${lines}A` : "";
      const body = shown.map((line) => `${cutToWidth(line, out.columns)}\u001b[K\n`).join("");
      out.write(`${up}${body}\u001b[J`);
      lines = shown.length;
    },
    end: () => undefined,
  };
}
