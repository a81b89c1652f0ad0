/** Dates and times of day as tools print them, in the format of whatever locale they ran under. */
import type { PrintedTime } from "../tool-report.ts";

const DAY_MS = 86_400_000;

/**
 * `AM`, `p.m.`, and the words of locales whose clock has 12 hours (Greek, Chinese, Japanese,
 * Korean).
 */
const MORNING = /^(a\.?m\.?|\u03c0\u03bc|\u4e0a\u5348|\u5348\u524d|\uc624\uc804)$/i;
const AFTERNOON = /^(p\.?m\.?|\u03bc\u03bc|\u4e0b\u5348|\u5348\u5f8c|\uc624\ud6c4)$/i;

/**
 * `12:18:38`, `12.18.38`, `12h18m38s`, `12\u6642 18\u5206 38\u79d2`; a fraction of a second is
 * kept.
 */
const CLOCK =
  /^(\d{1,2})[:.h\u6642\u65f6\uc2dc](\d{2})[:.m\u5206\ubd84](\d{2}(?:[.,]\d{1,9})?)[s\u79d2\ucd08]?$/;
const ISO =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)\s*(Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?$/;
/** `2026-11-24`, `2026/11/24`, and with the East Asian words for year, month and day. */
const YEAR_FIRST = /^(\d{4})[-/.\u5e74\ub144](\d{1,2})[-/.\u6708\uc6d4](\d{1,2})[.\u65e5\uc77c]?$/;
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})\.?$/;

export type DateOrder = "month-first" | "day-first";

/**
 * `2026-11-24`, `11/24/2026`, `24.11.26`. Where both orders would do, a date with slashes has the
 * month first (C and US locales) and any other the day, unless `order` says otherwise.
 *
 * @returns days since 1970-01-01; undefined for what is no date.
 */
export function parseDate(text: string, order?: DateOrder): number | undefined {
  if (text.length > 20) return undefined;
  const sorted = YEAR_FIRST.exec(text);
  if (sorted) return dayNumber(Number(sorted[1]), Number(sorted[2]), Number(sorted[3]));
  const match = YEAR_LAST.exec(text);
  if (!match) return undefined;
  const [first, second, printedYear] = [Number(match[1]), Number(match[3]), Number(match[4])];
  // Two digits as strptime reads them.
  const year = printedYear >= 100 ? printedYear : printedYear + (printedYear < 69 ? 2000 : 1900);
  const monthFirst = (order ?? (match[2] === "/" ? "month-first" : "day-first")) === "month-first";
  const asMonthFirst = dayNumber(year, first, second);
  const asDayFirst = dayNumber(year, second, first);
  return monthFirst ? (asMonthFirst ?? asDayFirst) : (asDayFirst ?? asMonthFirst);
}

/** Days since 1970-01-01; undefined where the calendar has no such day. */
export function dayNumber(year: number, month: number, day: number): number | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return date.getTime() / DAY_MS;
}

/**
 * `12:18:38`, `12:18:38 PM`, `00.18.38`.
 *
 * @returns seconds since midnight; undefined for what is no time of day.
 */
export function parseClock(text: string, halfOfDay?: string): number | undefined {
  const match = text.length > 24 ? null : CLOCK.exec(text);
  if (!match) return undefined;
  const minute = Number(match[2]);
  const second = Number(match[3]!.replace(",", "."));
  let hour = Number(match[1]);
  if (halfOfDay !== undefined) {
    const afternoon = AFTERNOON.test(halfOfDay);
    if (hour < 1 || hour > 12 || (!afternoon && !MORNING.test(halfOfDay))) return undefined;
    hour = (hour % 12) + (afternoon ? 12 : 0);
  }
  // 60: a leap second.
  return hour > 23 || minute > 59 || second >= 61 ? undefined : hour * 3600 + minute * 60 + second;
}

/** The time at the beginning of a line, and how many of its words it takes. */
export interface LeadingTime {
  readonly time: PrintedTime;
  readonly words: number;
}

/**
 * Reads the time off the front of a line's words: an ISO time, a time of day, `12:18:38 PM`, a
 * date, or a date and a time.
 *
 * @param order of the numbers of an ambiguous date; when left out, it is guessed: 24 hours beside a
 *   slashed date with a year of four digits are a locale that has the day first (only the US one
 *   writes that year with the month first, and has AM and PM).
 */
export function leadingTime(words: readonly string[], order?: DateOrder): LeadingTime | undefined {
  const first = words[0];
  if (first === undefined) return undefined;
  const iso = parseIso(first);
  if (iso) return { time: iso, words: 1 };
  const alone = clockAt(words, 0);
  if (alone) return { time: { secondOfDay: alone.secondOfDay }, words: alone.words };
  const clock = clockAt(words, 1);
  const guessed = clock?.words === 1 && /^\d+\/\d+\/\d{4}$/.test(first) ? "day-first" : undefined;
  const day = parseDate(first, order ?? guessed);
  if (day === undefined) return undefined;
  if (!clock) return { time: { day }, words: 1 };
  const offsetMinutes = parseOffset(words[1 + clock.words]);
  return offsetMinutes === undefined
    ? { time: { day, secondOfDay: clock.secondOfDay }, words: 1 + clock.words }
    : { time: { day, secondOfDay: clock.secondOfDay, offsetMinutes }, words: 2 + clock.words };
}

function clockAt(
  words: readonly string[],
  at: number,
): { secondOfDay: number; words: number } | undefined {
  const text = words[at];
  if (text === undefined) return undefined;
  const half = words[at + 1];
  const twelveHours = half === undefined ? undefined : parseClock(text, half);
  if (twelveHours !== undefined) return { secondOfDay: twelveHours, words: 2 };
  const secondOfDay = parseClock(text);
  return secondOfDay === undefined ? undefined : { secondOfDay, words: 1 };
}

/** `2026-11-24T12:18:38+0100`, `2026-11-24 12:18:38 UTC`. */
export function parseIso(text: string): PrintedTime | undefined {
  const match = text.length > 48 ? null : ISO.exec(text);
  if (!match) return undefined;
  const day = parseDate(match[1]!);
  const secondOfDay = parseClock(match[2]!);
  if (day === undefined || secondOfDay === undefined) return undefined;
  const offsetMinutes = parseOffset(match[3]);
  return offsetMinutes === undefined ? { day, secondOfDay } : { day, secondOfDay, offsetMinutes };
}

/** `Z`, `UTC`, `+0100`, `+01:00`, `-05`: minutes east of UTC. */
function parseOffset(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^(Z|UTC|GMT)$/.test(text)) return 0;
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(text);
  if (!match) return undefined;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0));
}
