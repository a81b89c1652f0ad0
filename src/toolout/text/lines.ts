/**
 * What every parser of lines needs: words, lines it does not know, and which of several parsers is
 * the right one.
 */
import type { ToolParser, ToolReport } from "../tool-report.ts";

/** No tool prints longer lines; a longer one is not looked into. */
const MAX_LINE_CHARS = 65_536;

/** Words between blanks and tabs; no-break spaces stay, since they group digits in some locales. */
export function splitWords(line: string): string[] {
  if (line.length > MAX_LINE_CHARS) return [];
  return line.split(/[ \t\r]+/).filter((word) => word !== "");
}

/**
 * The beginnings of the first lines, enough to recognize a tool by and short enough for any
 * pattern.
 */
export function lineStarts(head: readonly string[]): string[] {
  return head.map((line) => line.slice(0, 400));
}

/** Counts the lines that belong to nothing a parser knows. */
export class UnknownLines {
  lines = 0;
  first?: string;

  add(line: string): void {
    this.lines++;
    this.first ??= line.slice(0, 200);
  }

  /** Whether the line is one that no tool prints: then it is counted. */
  refuses(line: string): boolean {
    if (line.length <= MAX_LINE_CHARS) return false;
    this.add(line);
    return true;
  }
}

/**
 * A parser that is chosen by the first line that is not empty: tools print text or JSON, and two
 * programs are called `ifstat`.
 */
export function parserByFirstLine(choose: (line: string) => ToolParser): ToolParser {
  return new ChosenParser(choose);
}

const NO_LINES = { lines: 0 };

class ChosenParser implements ToolParser {
  private readonly choose: (line: string) => ToolParser;
  private chosen: ToolParser | undefined;

  constructor(choose: (line: string) => ToolParser) {
    this.choose = choose;
  }

  get banner(): ToolParser["banner"] {
    return this.chosen?.banner ?? {};
  }

  get unknown(): ToolParser["unknown"] {
    return this.chosen?.unknown ?? NO_LINES;
  }

  push(line: string): readonly ToolReport[] {
    if (!this.chosen && line.trim() === "") return [];
    this.chosen ??= this.choose(line);
    return this.chosen.push(line);
  }

  end(): readonly ToolReport[] {
    return this.chosen?.end() ?? [];
  }
}
