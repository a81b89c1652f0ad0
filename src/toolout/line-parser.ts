/** A parser whose reports are put together from lines, each of which it takes or does not know. */
import { ReportAssembly } from "./report-assembly.ts";
import { UnknownLines } from "./text/lines.ts";
import type { ToolBanner, ToolParser, ToolReport } from "./tool-report.ts";

export abstract class LineParser implements ToolParser {
  banner: ToolBanner = {};
  readonly unknown = new UnknownLines();
  protected readonly assembly = new ReportAssembly();

  push(line: string): readonly ToolReport[] {
    if (line.trim() !== "" && !this.unknown.refuses(line) && !this.takes(line))
      this.unknown.add(line);
    return this.assembly.take();
  }

  end(): readonly ToolReport[] {
    this.assembly.close();
    return this.assembly.take();
  }

  /** @returns whether the line, which is not blank, is one that the tool prints */
  protected abstract takes(line: string): boolean;
}
