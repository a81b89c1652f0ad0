/**
 * iostat's text, line by line: a report is an optional time, the CPU's averages and one or more
 * tables of devices.
 */
import type { PrintedTime, ToolBanner, ToolParser, ToolReport, ToolTable } from "./tool-report.ts";
import { parseBanner } from "./text/banner.ts";
import { splitWords, UnknownLines } from "./text/lines.ts";
import { isNotANumber, parseNumber, parseScaled } from "./text/number.ts";
import { leadingTime } from "./text/time.ts";

const GROUP = "group";

interface OpenTable {
  name: string;
  columns: string[];
  /**
   * By instance; in the order they came. `--pretty` prints the columns of a device in several
   * tables: they are joined here.
   */
  rows: Map<string, (number | null)[]>;
}

export class IostatTextParser implements ToolParser {
  banner: ToolBanner = {};
  readonly unknown = new UnknownLines();
  private time: PrintedTime | undefined;
  private cpu: OpenTable | undefined;
  private devices: OpenTable | undefined;
  private groups: OpenTable | undefined;
  /**
   * What the next line of cells belongs to, its columns, and where these begin in the joined table.
   */
  private reading: "cpu" | "device" | undefined;
  private columns: string[] = [];
  private offset = 0;
  private nameIsLast = false;
  /**
   * A name that was too long for its line (sysstat 10 and 11 with `-h`): its cells are on the next.
   */
  private wrappedName: string | undefined;
  private reports = 0;
  private blankLines = 0;
  /** The first report is not since boot: `-y`, which leaves an empty line where it would be. */
  private omitsFirst = false;
  private firstIsKnown = false;
  private closed = false;
  private rowsBefore = 0;
  private hadDevices = false;

  push(line: string): readonly ToolReport[] {
    const words = splitWords(line);
    if (words.length === 0 && line.length < 1000) return this.readBlank();
    const banner = words[0] === "Linux" ? parseBanner(line) : undefined;
    if (banner) {
      const ended = this.finish();
      this.banner = banner;
      this.reports = 0;
      this.blankLines = 0;
      this.firstIsKnown = false;
      return ended;
    }
    return this.readHeader(words) ?? this.readCells(line, words);
  }

  end(): readonly ToolReport[] {
    const rows = this.devices?.rows.size ?? this.cpu?.rows.size ?? 0;
    // Without the empty line that ends a report, only the rows before tell that none is missing.
    if (!this.closed && this.reports > 0 && rows < this.rowsBefore) this.clear();
    if (this.hadDevices && !this.devices) this.clear();
    return this.finish();
  }

  private readBlank(): readonly ToolReport[] {
    this.blankLines++;
    this.reading = undefined;
    this.dropWrappedName();
    this.closed = !this.isEmpty();
    return [];
  }

  /** @returns undefined when the line is no header. */
  private readHeader(words: string[]): readonly ToolReport[] | undefined {
    const [first] = words;
    if (first === "avg-cpu:") {
      const ended = this.cpu || this.devices ? this.finish() : [];
      this.cpu = { name: "cpu", columns: words.slice(1), rows: new Map() };
      this.begin("cpu", this.cpu.columns);
      return ended;
    }
    const nameIsFirst = first === "Device" || first === "Device:";
    if (words.length > 1 && (nameIsFirst || words[words.length - 1] === "Device")) {
      const columns = nameIsFirst ? words.slice(1) : words.slice(0, -1);
      const ended = this.devices?.columns.includes(columns[0]!) ? this.finish() : [];
      this.joinDeviceColumns(columns);
      this.nameIsLast = !nameIsFirst;
      return ended;
    }
    const time = leadingTime(words);
    if (time?.words !== words.length) return undefined;
    const ended = this.finish();
    this.noteFirst();
    this.time = time.time;
    return ended;
  }

  private joinDeviceColumns(columns: string[]): void {
    this.devices ??= { name: "", columns: [], rows: new Map() };
    this.begin("device", columns);
    this.offset = this.devices.columns.length;
    this.devices.columns.push(...columns);
  }

  private begin(reading: "cpu" | "device", columns: string[]): void {
    this.noteFirst();
    this.reading = reading;
    this.columns = columns;
    this.offset = 0;
    this.closed = false;
  }

  private noteFirst(): void {
    if (!this.firstIsKnown)
      this.omitsFirst = this.banner.kernel !== undefined && this.blankLines > 1;
    this.firstIsKnown = true;
  }

  private readCells(line: string, words: string[]): readonly ToolReport[] {
    if (this.reading === "cpu" && this.addRow(this.cpu!, "", words)) return [];
    if (this.reading === "device" && this.readDevice(line, words)) return [];
    this.unknown.add(line);
    return [];
  }

  private readDevice(line: string, words: string[]): boolean {
    const count = this.columns.length;
    if (words.length === count && this.wrappedName !== undefined) {
      const name = this.wrappedName;
      this.wrappedName = undefined;
      return this.addRow(this.devices!, name, words);
    }
    if (words.length === 1 && !this.nameIsLast) {
      this.dropWrappedName();
      this.wrappedName = words[0];
      return true;
    }
    if (words.length !== count + 1) return false;
    const name = this.nameIsLast ? words[count]! : words[0]!;
    const cells = this.nameIsLast ? words.slice(0, count) : words.slice(1);
    // The names of groups are indented.
    const isGroup = this.nameIsLast ? line.endsWith(`  ${name}`) : line.startsWith(" ");
    if (!isGroup) return this.addRow(this.devices!, name, cells);
    this.groups ??= { name: GROUP, columns: this.devices!.columns, rows: new Map() };
    return this.addRow(this.groups, name, cells);
  }

  private addRow(table: OpenTable, instance: string, words: string[]): boolean {
    if (words.length !== this.columns.length) return false;
    const cells = words.map((word, i) => iostatCell(word, this.columns[i]!));
    if (!cells.every(isCell)) return false;
    const row = table.rows.get(instance) ?? [];
    while (row.length < this.offset) row.push(null);
    row.splice(this.offset, cells.length, ...cells);
    table.rows.set(instance, row);
    return true;
  }

  private finish(): readonly ToolReport[] {
    const tables = [this.cpu, this.devices && named(this.devices), this.groups].flatMap((table) =>
      table && table.rows.size > 0 ? [closedTable(table)] : [],
    );
    // A table without rows is a report as well (`-z` when all is idle), one without its row of
    // averages is not whole.
    const whole = this.cpu ? this.cpu.rows.size > 0 : this.devices !== undefined;
    const time = this.time;
    if (this.devices ?? this.cpu) this.rowsBefore = (this.devices ?? this.cpu)!.rows.size;
    this.hadDevices = this.devices !== undefined;
    this.clear();
    if (!whole) return [];
    const sinceBoot = this.reports++ === 0 && !this.omitsFirst;
    return [{ ...(time ? { time } : {}), sinceBoot, summary: false, tables }];
  }

  private isEmpty(): boolean {
    return this.cpu === undefined && this.devices === undefined && this.time === undefined;
  }

  private clear(): void {
    this.time = undefined;
    this.cpu = undefined;
    this.devices = undefined;
    this.groups = undefined;
    this.reading = undefined;
    this.dropWrappedName();
  }

  /** Its cells did not come. */
  private dropWrappedName(): void {
    if (this.wrappedName !== undefined) this.unknown.add(this.wrappedName);
    this.wrappedName = undefined;
  }
}

/** Which table a set of columns is: the same title means different things in different ones. */
export function iostatTableName(columns: readonly string[]): string {
  const has = (pattern: RegExp) => columns.some((column) => pattern.test(column));
  if (has(/^(%?util|[rwdf]\/s)$/)) return has(/^tps$/) ? "short" : "extended";
  return has(/_dscd/) ? "device with discards" : "device";
}

function named(table: OpenTable): OpenTable {
  return { ...table, name: iostatTableName(table.columns) };
}

function closedTable({ name, columns, rows }: OpenTable): ToolTable {
  return {
    name,
    columns,
    rows: [...rows].map(([instance, cells]) => ({
      instance,
      cells: columns.map((_, i) => cells[i] ?? null),
    })),
  };
}

function isCell(cell: number | null | undefined): cell is number | null {
  return cell !== undefined;
}

/**
 * A number, a share (`12.3%`), or with `-h` a size with its own unit (`1.2M`), which is brought to
 * that of the column; undefined for anything else.
 */
function iostatCell(word: string, column: string): number | null | undefined {
  const number = parseNumber(word);
  if (number !== undefined) return number;
  if (isNotANumber(word)) return null;
  if (word.endsWith("%")) return parseNumber(word.slice(0, -1));
  const bytes = parseScaled(word, 1);
  return bytes === undefined ? undefined : bytes / (column.includes("MB") ? 1024 ** 2 : 1024);
}
