/** How a line of sysstat's tools begins: with the time, or with the word for `Average:` in any language. */
import { isNotANumber, parseNumber, parseScaled } from "./text/number.ts";
import { leadingTime } from "./text/time.ts";
import type { PrintedTime } from "./tool-report.ts";

export interface SysstatLine {
  readonly time?: PrintedTime;
  /** An `Average:` or `Summary:` line. */
  readonly summary: boolean;
  /** What follows. */
  readonly words: readonly string[];
}

/** At most so many words of a line are the time, or the word for average (`Trung b\u00ecnh:`). */
const LONGEST_PREFIX = 3;

/** @returns undefined when the line begins with neither. */
export function parseSysstatLine(line: string): SysstatLine | undefined {
  // Not \s: a no-break space stands inside French words.
  const words = line.split(/[ \t]+/).filter((word) => word !== "");
  const leading = leadingTime(words);
  if (leading) return { time: leading.time, summary: false, words: words.slice(leading.words) };
  // "Average:", and with the full-width colon of Chinese.
  const colon = words.slice(0, LONGEST_PREFIX).findIndex((word) => /[:\uff1a]$/.test(word));
  if (colon < 0 || words.slice(0, colon + 1).some((word) => /\d/.test(word))) return undefined;
  return { summary: true, words: words.slice(colon + 1) };
}

/**
 * A cell in its column's unit: `12.5`, `12,5`, and with --human `12.5%`, `13.5M`.
 *
 * @param column its title, which names the unit: megabytes for `MBfsfree`, kilobytes for whatever else has a size
 * @returns null for what stands in for a number (`-`, `nan`); undefined for what is none, so that the line is damaged.
 */
export function sysstatNumber(text: string, column: string): number | null | undefined {
  const number = parseNumber(text);
  if (number !== undefined) return number;
  if (isNotANumber(text)) return null;
  if (text.endsWith("%")) return parseNumber(text.slice(0, -1));
  if (!/^[\d.,]+[BkKMGTPE]$/.test(text)) return undefined;
  const bytes = parseScaled(text, 1);
  if (bytes === undefined) return undefined;
  return bytes / (column.startsWith("MB") ? 1024 ** 2 : 1024);
}
