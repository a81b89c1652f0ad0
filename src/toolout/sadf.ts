/** Output of `sadf -j` (JSON) and `sadf -d` (semicolons), of sysstat 9 to 12. */
import { UnknownLines } from "./text/lines.ts";
import { CSV_TITLES, SadfCsv } from "./sadf-csv.ts";
import { SadfJson } from "./sadf-json.ts";
import type { Tool, ToolBanner, ToolParser, ToolReport } from "./tool-report.ts";

export const sadf: Tool = {
  id: "sadf",
  recognizes: (head) => {
    if (head.some((line) => CSV_TITLES.test(line))) return 0.95;
    const begin = head.join("\n").slice(0, 4000);
    // iostat's and mpstat's JSON begins so, too, and has no file.
    return JSON_BEGIN.test(begin) && begin.includes('"file-date"') ? 0.95 : 0;
  },
  parser: () => new SadfParser(),
};

const JSON_BEGIN = /^\s*\{\s*"sysstat"\s*:/;
const NO_REPORTS: readonly ToolReport[] = [];

class SadfParser implements ToolParser {
  readonly unknown = new UnknownLines();
  private readonly csv = new SadfCsv();
  private json: SadfJson | undefined;
  private begun = false;

  get banner(): ToolBanner {
    return (this.json ?? this.csv).banner;
  }

  push(line: string): readonly ToolReport[] {
    if (line.trim() === "") return NO_REPORTS;
    // JSON may be one line; its elements are limited instead.
    if (!this.begun && /^\s*\{/.test(line)) this.json = new SadfJson(this.unknown);
    this.begun = true;
    if (this.json) return this.json.push(line);
    if (this.unknown.refuses(line)) return NO_REPORTS;
    const reports = this.csv.push(line);
    if (!reports) this.unknown.add(line);
    return reports ?? NO_REPORTS;
  }

  end(): readonly ToolReport[] {
    return (this.json ?? this.csv).end();
  }
}
