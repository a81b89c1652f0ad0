/**
 * `ifstat` 1.1 of the package of that name: a line of interfaces, a line of units (`KB/s in  KB/s out` for each, `Kbps` with `-b`),
 * and a line of numbers per sample; the first two again and again unless `-n`. Options `-t` (time of day), `-T` (Total), `-a`, `-W`
 * (wrapped lines, which begin with `A`, `B`, ...), `-S` (samples overwrite each other with carriage returns).
 *
 * Table: `interface`. 1 KB is 1024 bytes and 1 Kbit 1024 bits.
 */
import type { PrintedTime, ToolBanner, ToolParser, ToolReport } from "./tool-report.ts";
import { parseDateLine } from "./text/date-line.ts";
import { splitWords, UnknownLines } from "./text/lines.ts";
import { parseNumber } from "./text/number.ts";
import { leadingTime } from "./text/time.ts";

const UNITS =
  /^(?:[A-Z] )?\s*(?:HH:MM:SS\s+)?((?:[KM]B\/s|[KM]bps) in)\s+((?:[KM]B\/s|[KM]bps) out)/;
const CONTINUED = /^[A-Z]\s{2,}/;

export function isUnitLine(line: string): boolean {
  return UNITS.test(line.slice(0, 400));
}

export class IfstatColumnsParser implements ToolParser {
  readonly banner: ToolBanner = {};
  readonly unknown = new UnknownLines();
  /** A line that would be one of names if the next is one of units. */
  private candidate: string | undefined;
  private interfaces: string[] = [];
  private columns: string[] = [];
  /** What is there of a sample whose line is wrapped. */
  private cells: (number | null)[] = [];
  private partial = "";
  private time: PrintedTime | undefined;

  push(line: string): readonly ToolReport[] {
    if (line.length > 65_536) {
      this.unknown.add(line);
      return [];
    }
    return line.split("\r").reduce<ToolReport[]>((all, part) => {
      if (part.trim() !== "") all.push(...this.readLine(part));
      return all;
    }, []);
  }

  end(): readonly ToolReport[] {
    if (this.candidate !== undefined) this.unknown.add(this.candidate);
    this.dropPartial();
    this.candidate = undefined;
    return [];
  }

  private readLine(line: string): readonly ToolReport[] {
    const names = this.candidate;
    this.candidate = undefined;
    const units = UNITS.exec(line);
    if (units && names !== undefined) return this.readHeader(names, units[1]!, units[2]!);
    if (names !== undefined) this.unknown.add(names);
    const time = this.cells.length === 0 ? parseDateLine(line) : undefined;
    if (time) {
      this.time = time;
      return [];
    }
    const reports = this.readSample(line);
    if (!reports) this.candidate = line;
    return reports ?? [];
  }

  private readHeader(names: string, unitIn: string, unitOut: string): readonly ToolReport[] {
    this.dropPartial();
    const isContinued = CONTINUED.test(names);
    const words = splitWords(isContinued ? names.slice(1) : names);
    if (words[0] === "Time") words.shift();
    this.interfaces = isContinued ? [...this.interfaces, ...words] : words;
    this.columns = [unitIn, unitOut];
    return [];
  }

  /** @returns undefined when the line is no sample, or no part of one. */
  private readSample(line: string): readonly ToolReport[] | undefined {
    const isContinued = CONTINUED.test(line);
    const words = splitWords(isContinued ? line.slice(1) : line);
    const leading = isContinued ? undefined : leadingTime(words);
    const printed = words.slice(leading?.words ?? 0);
    const wanted = 2 * this.interfaces.length;
    const cells = printed.map(cellOf);
    if (wanted === 0 || cells.length === 0 || cells.includes(undefined)) return undefined;
    if (isContinued ? this.cells.length === 0 : cells.length > wanted) return undefined;
    if (!isContinued) {
      this.dropPartial();
      this.time = leading?.time ?? this.time;
      this.partial = line;
    }
    this.cells.push(...(cells as (number | null)[]));
    return this.cells.length < wanted ? [] : this.finish(line);
  }

  private finish(line: string): readonly ToolReport[] | undefined {
    const { cells, time, interfaces, columns } = this;
    this.cells = [];
    this.time = undefined;
    if (cells.length !== 2 * interfaces.length) {
      this.unknown.add(line);
      return [];
    }
    const rows = interfaces.map((instance, i) => ({
      instance,
      cells: cells.slice(2 * i, 2 * i + 2),
    }));
    const tables = [{ name: "interface", columns, rows }];
    return [{ ...(time ? { time } : {}), sinceBoot: false, summary: false, tables }];
  }

  private dropPartial(): void {
    if (this.cells.length > 0) this.unknown.add(this.partial);
    this.cells = [];
  }
}

/** `n/a`: the interface is not there (any more). */
function cellOf(word: string): number | null | undefined {
  return word === "n/a" ? null : parseNumber(word);
}
