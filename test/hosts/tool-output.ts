/** What established tools printed about a fixture host (see scripts/capture-tool-output.sh). */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fixtureHosts } from "./fixture-host.ts";

/** Hosts of which tools' output was captured. */
export function hostsWithTools(): string[] {
  return fixtureHosts().filter((host) => existsSync(join(import.meta.dirname, host, "tools")));
}

/** One printed cell: tool's digits as text, and where it stood. */
export interface Cell {
  /** First column where it is a name (CPU, IFACE, DEV), else empty. */
  readonly instance: string;
  readonly column: string;
  readonly printed: string;
}

const NAME_COLUMNS: ReadonlySet<string> = new Set(["CPU", "IFACE", "DEV"]);

/** The averages of every table of a sar or mpstat report: with one interval, that interval. */
export function sarCells(host: string, report: string): Cell[] {
  const text = toolOutput(host, report);
  if (text === undefined) return [];
  const cells: Cell[] = [];
  let columns: string[] = [];
  for (const line of text.split("\n")) {
    const words = line.trim().split(/\s+/);
    if (/^\d\d:\d\d:\d\d$/.test(words[0]!) && /^[A-Za-z%]/.test(words[1]!) && !/^[\d.]+$/.test(words[2] ?? "x")) {
      columns = words.slice(1);
    } else if (words[0] === "Average:" && columns.length === words.length - 1 && words[1] !== columns[0]) {
      const named = NAME_COLUMNS.has(columns[0]!);
      for (let i = named ? 1 : 0; i < columns.length; i++) {
        cells.push({ instance: named ? words[1]! : "", column: columns[i]!, printed: words[i + 1]! });
      }
    }
  }
  return cells;
}

/** @returns `undefined` where the tool had nothing to say about this host */
export function toolOutput(host: string, report: string): string | undefined {
  const file = join(import.meta.dirname, host, "tools", `${report}.txt`);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** A value in as many digits as were printed. */
export function inDigitsOf(printed: string, value: number): string {
  return value.toFixed(printed.split(".")[1]?.length ?? 0);
}
