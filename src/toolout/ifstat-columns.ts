/**
 * `ifstat` 1.1 of the package of that name: a line of interfaces, a line of units (`KB/s in  KB/s
 * out` for each, `Kbps` with `-b`), and a line of numbers per sample; the first two again and again
 * unless `-n`. Options `-t` (time of day), `-T` (Total), `-a`, `-W` (wrapped lines, which begin
 * with `A`, `B`, ...), `-S` (samples overwrite each other with carriage returns).
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

/** Lines of other programs between the names and the units. */
const MOST_CANDIDATES = 3;

export function isUnitLine(line: string): boolean {
  return UNITS.test(line.slice(0, 400));
}

export class IfstatColumnsParser implements ToolParser {
  readonly banner: ToolBanner = {};
  readonly unknown = new UnknownLines();
  /** Lines that may be one of names, should one of units follow. */
  private candidates: string[] = [];
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
    this.dropCandidates();
    this.dropPartial();
    return [];
  }

  private readLine(line: string): readonly ToolReport[] {
    const units = UNITS.exec(line);
    if (units) return this.readUnits(line, units[1]!, units[2]!);
    const time = this.cells.length === 0 ? parseDateLine(line) : undefined;
    if (time) {
      this.time = time;
      return [];
    }
    const reports = this.readSample(line);
    if (!reports) this.candidates.push(line);
    if (this.candidates.length > (reports ? 0 : MOST_CANDIDATES)) this.dropCandidates();
    return reports ?? [];
  }

  /** The names are the last line before that has one for each pair of units. */
  private readUnits(line: string, unitIn: string, unitOut: string): readonly ToolReport[] {
    this.dropPartial();
    const pairs = line.split(unitIn).length - 1;
    const fits = this.candidates.map(
      (candidate) =>
        namesOf(candidate).length === pairs && CONTINUED.test(candidate) === CONTINUED.test(line),
    );
    const at = fits.lastIndexOf(true);
    const [names] = at < 0 ? [line] : this.candidates.splice(at, 1);
    this.dropCandidates();
    if (at < 0) {
      this.unknown.add(line);
      return [];
    }
    const continues = CONTINUED.test(names!);
    this.interfaces = [...(continues ? this.interfaces : []), ...namesOf(names!)];
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

  private dropCandidates(): void {
    for (const line of this.candidates) this.unknown.add(line);
    this.candidates = [];
  }

  private dropPartial(): void {
    if (this.cells.length > 0) this.unknown.add(this.partial);
    this.cells = [];
  }
}

/** The names of interfaces on a line; none when it is a line of anything else. */
function namesOf(line: string): string[] {
  const words = splitWords(CONTINUED.test(line) ? line.slice(1) : line);
  if (words[0] === "Time") words.shift();
  return words.every((word) => /^[\w.:@+-]{1,64}$/.test(word)) ? words : [];
}

/** `n/a`: the interface is not there (any more). */
function cellOf(word: string): number | null | undefined {
  return word === "n/a" ? null : parseNumber(word);
}
