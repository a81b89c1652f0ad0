/** Lines of a screen: pieces of text with a style each, cut to a width before they are painted. */
import stringWidth from "string-width";
import { cutToWidth, oneLine } from "../output/text-table.ts";

export type Style = "plain" | "bold" | "dim" | "good" | "warn" | "bad" | "accent" | "inverse";

export interface Span {
  readonly text: string;
  readonly style: Style;
}

export type Line = readonly Span[];

export function span(text: string, style: Style = "plain"): Span {
  return { text: oneLine(text), style };
}

const CODES: Readonly<Record<Style, readonly [on: number, off: number] | undefined>> = {
  plain: undefined,
  bold: [1, 22],
  dim: [2, 22],
  good: [32, 39],
  warn: [33, 39],
  bad: [31, 39],
  accent: [36, 39],
  inverse: [7, 27],
};

/** @returns at most `width` terminal cells, without trailing blanks where there is no color */
export function renderLine(line: Line, width: number, color: boolean): string {
  let text = "";
  let left = width;
  for (const piece of line) {
    if (left <= 0) break;
    const shown = cutToWidth(piece.text, left);
    left -= stringWidth(shown);
    const code = color ? CODES[piece.style] : undefined;
    text += code ? `\u001b[${code[0]}m${shown}\u001b[${code[1]}m` : shown;
  }
  return color ? text : text.trimEnd();
}

/** To the right or left in a column; longer text is cut. */
export function cell(text: string, width: number, align: "left" | "right" = "right"): string {
  const cut = cutToWidth(oneLine(text), width);
  const blanks = " ".repeat(Math.max(0, width - stringWidth(cut)));
  return align === "right" ? blanks + cut : cut + blanks;
}
