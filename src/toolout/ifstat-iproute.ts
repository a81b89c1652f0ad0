/**
 * `ifstat` of iproute2: counts since its last call (since boot, on the first), and rates where its
 * daemon (`ifstat -d`) runs; without the daemon (`#kernel`) it prints 0 for every rate, which is no
 * measurement: those cells are null.
 *
 * Table: `counts`; its columns are the titles, `RX Data` for the count and `RX Data Rate` for the
 * rate beside it.
 */
import type { ToolBanner, ToolParser, ToolReport, ToolRow } from "./tool-report.ts";
import { splitWords, UnknownLines } from "./text/lines.ts";
import { parseScaled } from "./text/number.ts";

const TITLE = /([RT]X \w+)\/(\w+)/g;
const TITLES_PER_LINE = 8;

export class IfstatIprouteParser implements ToolParser {
  readonly banner: ToolBanner = {};
  readonly unknown = new UnknownLines();
  private columns: string[] = [];
  private hasRates = false;
  private rows: ToolRow[] = [];
  private open: { instance: string; cells: number[] } | undefined;
  private reports = 0;

  push(line: string): readonly ToolReport[] {
    if (line.length > 400) {
      this.unknown.add(line);
      return [];
    }
    if (line.trim() === "") return [];
    if (line.startsWith("#")) {
      const ended = this.finish();
      this.hasRates = /^#\d+\.\d+ sampling_interval=/.test(line);
      return ended;
    }
    const titles = titlesOf(line);
    if (titles.length === TITLES_PER_LINE) return this.readTitles(line, titles);
    if (!this.readCells(line)) this.unknown.add(line);
    return [];
  }

  end(): readonly ToolReport[] {
    return this.finish();
  }

  private readTitles(line: string, titles: string[]): readonly ToolReport[] {
    const starts = line.startsWith("Interface");
    const ended = starts ? this.finish() : [];
    this.columns = starts ? titles : [...this.columns, ...titles];
    return ended;
  }

  private readCells(line: string): boolean {
    const words = splitWords(line);
    const continues = /^\s/.test(line);
    const cells = (continues ? words : words.slice(1)).map((word) => parseScaled(word, 1, 1000));
    if (cells.length !== TITLES_PER_LINE || cells.includes(undefined)) return false;
    if (continues && !this.open) return false;
    if (!continues) this.open = { instance: words[0]!, cells: [] };
    const open = this.open!;
    open.cells.push(...(cells as number[]));
    if (open.cells.length < this.columns.length) return true;
    this.rows.push({
      instance: open.instance,
      cells: open.cells.map((cell, i) =>
        this.columns[i]!.endsWith(" Rate") && !this.hasRates ? null : cell,
      ),
    });
    this.open = undefined;
    return true;
  }

  private finish(): readonly ToolReport[] {
    const { rows, columns } = this;
    this.rows = [];
    this.open = undefined;
    if (rows.length === 0) return [];
    const sinceBoot = this.reports++ === 0;
    return [{ sinceBoot, summary: false, tables: [{ name: "counts", columns, rows }] }];
  }
}

/** `RX Errs/Drop` is two columns: `RX Errs`, `RX Drop`. */
function titlesOf(line: string): string[] {
  return Array.from(line.matchAll(TITLE)).flatMap(([, title, second]) => [
    title!,
    second === "Rate" ? `${title} Rate` : `${title!.slice(0, 2)} ${second}`,
  ]);
}
