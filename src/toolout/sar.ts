/**
 * Text of `sar`, live or from a file, of sysstat 5 to 12 in any language.
 *
 * From a file sar prints one activity after the other, each over the whole day: so times begin again with every table, and what was
 * measured at one instant comes in several reports. Whoever wants them together sorts by time.
 */
import { ReportAssembly } from "./report-assembly.ts";
import { addSarRow } from "./sar-rows.ts";
import { type SarTable, sarTable } from "./sar-tables.ts";
import { parseSysstatLine } from "./sysstat-line.ts";
import { parseBanner } from "./text/banner.ts";
import type { Tool, ToolBanner, ToolParser, ToolReport } from "./tool-report.ts";
import { UnknownLines } from "./text/lines.ts";

export const sar: Tool = {
  id: "sar",
  recognizes: (head) => {
    const tables = head.filter((line) => {
      const parsed = parseSysstatLine(line.slice(0, 4000));
      const table = parsed?.time && sarTable(parsed.words);
      return table !== undefined && !table.name.startsWith("table ");
    });
    if (tables.length === 0) return 0;
    return head.some((line) => parseBanner(line)) ? 0.9 : 0.6;
  },
  parser: () => new SarParser(),
};

class SarParser implements ToolParser {
  banner: ToolBanner = {};
  readonly unknown = new UnknownLines();
  private readonly assembly = new ReportAssembly();
  private table: SarTable | undefined;

  push(line: string): readonly ToolReport[] {
    if (line.trim() === "") {
      // A line of titles follows; should it be one that is unknown, its rows must not be taken for the table's before.
      this.table = undefined;
    } else if (!this.unknown.refuses(line) && !this.takes(line)) {
      this.unknown.add(line);
    }
    return this.assembly.take();
  }

  end(): readonly ToolReport[] {
    this.assembly.close();
    return this.assembly.take();
  }

  private takes(line: string): boolean {
    const banner = parseBanner(line);
    if (banner) {
      this.banner = { ...this.banner, ...banner };
      return true;
    }
    const parsed = parseSysstatLine(line);
    if (!parsed) return false;
    const { time, summary, words } = parsed;
    const kind = time ? { time, summary } : { summary };
    if (time && this.takesEvent(words, () => this.assembly.open(kind))) return true;
    const table = sarTable(words);
    if (table) {
      this.table = table;
      return true;
    }
    if (!this.table) return false;
    const row = cellsOf(words, this.table);
    if (!row) return false;
    this.assembly.open(kind);
    return addSarRow(this.assembly, this.table, row.instance, row.cells);
  }

  /** `LINUX RESTART (2 CPU)`, and with -C `COM some words`. */
  private takesEvent(words: readonly string[], open: () => void): boolean {
    const restart = /^LINUX RESTART(?: \((\d+) CPU\))?$/.exec(words.slice(0, 4).join(" "));
    if (restart) {
      open();
      this.assembly.add("restart", RESTART_COLUMNS, {
        instance: "",
        cells: [restart[1] === undefined ? null : Number(restart[1])],
      });
      return true;
    }
    if (words[0] !== "COM" || words.length < 2) return false;
    open();
    this.assembly.add("comment", COMMENT_COLUMNS, {
      instance: "",
      cells: [words.slice(1).join(" ")],
    });
    return true;
  }
}

const RESTART_COLUMNS: readonly string[] = ["CPU"];
const COMMENT_COLUMNS: readonly string[] = ["COM"];

/** What the last column has beyond its first word belongs to it: names of devices and mount points hold blanks. */
function cellsOf(
  words: readonly string[],
  { columns, instanceAt }: SarTable,
): { instance: string; cells: string[] } | undefined {
  const width = columns.length + (instanceAt < 0 ? 0 : 1);
  if (words.length < width) return undefined;
  const cells = words.slice(0, width);
  if (words.length > width) {
    const last = instanceAt === width - 1 || columns[columns.length - 1] === "product";
    if (!last) return undefined;
    cells[width - 1] = words.slice(width - 1).join(" ");
  }
  const instance = instanceAt < 0 ? "" : cells.splice(instanceAt, 1)[0]!;
  return { instance, cells };
}
