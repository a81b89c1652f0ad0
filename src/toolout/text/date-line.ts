/**
 * Lines of `date` between the outputs of a tool that prints no time: `while sleep 1; do date; free;
 * done`.
 */
import type { PrintedTime } from "../tool-report.ts";
import { splitWords } from "./lines.ts";
import { dayNumber, leadingTime, parseClock } from "./time.ts";

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

/**
 * `Tue Nov 24 12:32:38 UTC 2026`, `Tue 24 Nov 2026 12:32:38 PM CET`, `2026-11-24T12:32:38+01:00`,
 * `2026-11-24 12:32:38`, `12:32:38`, seconds since 1970 (`1795523558`, `date +%s`).
 *
 * @returns undefined when the line is anything else.
 */
export function parseDateLine(line: string): PrintedTime | undefined {
  const words = line.length > 80 ? [] : splitWords(line);
  const leading = leadingTime(words);
  if (leading?.words === words.length) return leading.time;
  const epoch = words.length === 1 ? /^(1\d{9})(\.\d+)?$/.exec(words[0]!) : null;
  if (epoch) return ofEpoch(Number(epoch[0]));
  return ofDate(words);
}

function ofEpoch(seconds: number): PrintedTime {
  const day = Math.floor(seconds / 86_400);
  return { day, secondOfDay: seconds - day * 86_400, offsetMinutes: 0 };
}

/** English words only; a month, a day, a year and a time of day, in any order. */
function ofDate(words: readonly string[]): PrintedTime | undefined {
  if (words.length < 4 || words.length > 8) return undefined;
  const month = MONTHS.indexOf(words.find(isMonth)?.slice(0, 3).toLowerCase() ?? "") + 1;
  const dayOfMonth = words.find((word) => /^\d{1,2}\.?$/.test(word));
  const year = words.find((word) => /^20\d\d$/.test(word));
  const at = words.findIndex((word) => parseClock(word) !== undefined);
  if (month === 0 || !dayOfMonth || !year || at < 0) return undefined;
  const day = dayNumber(Number(year), month, parseInt(dayOfMonth, 10));
  const secondOfDay = parseClock(words[at]!, words[at + 1]) ?? parseClock(words[at]!);
  if (day === undefined || secondOfDay === undefined) return undefined;
  return words.some((word) => /^(UTC|GMT)$/.test(word))
    ? { day, secondOfDay, offsetMinutes: 0 }
    : { day, secondOfDay };
}

function isMonth(word: string): boolean {
  return /^[a-z]{3,9}$/i.test(word) && MONTHS.includes(word.slice(0, 3).toLowerCase());
}
