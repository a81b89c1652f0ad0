/**
 * `ifstat -j` of iproute2: `{"kernel":{"eth0":{"rx_packets":1, ...}, ...}}`, one object per call,
 * with or without line breaks. Unlike its text these are totals since boot. Table: `totals`.
 */
import type { ToolBanner, ToolParser, ToolReport } from "./tool-report.ts";
import { isObject, tableOf } from "./sysstat-json.ts";
import { UnknownLines } from "./text/lines.ts";

const MAX_CHARS = 4 * 1024 * 1024;

export class IfstatJsonParser implements ToolParser {
  readonly banner: ToolBanner = {};
  readonly unknown = new UnknownLines();
  private text = "";
  private depth = 0;

  push(line: string): readonly ToolReport[] {
    if (this.depth === 0 && !line.trimStart().startsWith("{")) {
      if (line.trim() !== "") this.unknown.add(line);
      return [];
    }
    this.text += `${line}\n`;
    // Names of interfaces hold no braces.
    this.depth += line.split("{").length - line.split("}").length;
    if (this.depth > 0 && this.text.length < MAX_CHARS) return [];
    const report = reportOf(this.text);
    this.text = "";
    this.depth = 0;
    if (!report) this.unknown.add(line);
    return report ? [report] : [];
  }

  end(): readonly ToolReport[] {
    return [];
  }
}

function reportOf(text: string): ToolReport | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const interfaces = isObject(value) ? Object.values(value)[0] : undefined;
  if (!isObject(interfaces)) return undefined;
  const objects = Object.entries(interfaces).flatMap(([instance, counts]) =>
    isObject(counts) ? [{ instance, ...counts }] : [],
  );
  const table = tableOf("totals", objects, "instance");
  return table && { sinceBoot: false, summary: false, tables: [table] };
}
