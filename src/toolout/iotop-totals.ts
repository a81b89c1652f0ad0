/** The lines of iotop that sum up the host, and amounts as iotop prints them. */
import { parseNumber, parseScaled } from "./text/number.ts";
import { parseClock, dayNumber } from "./text/time.ts";
import type { PrintedTime } from "./tool-report.ts";

/** `29.92 M/s`, `4.00 K`. */
export interface Amount {
  readonly number: string;
  /** `B`, `K`, `M`, `G`, `T`. */
  readonly unit: string;
  readonly perSecond: boolean;
}

export const AMOUNT = "([\\d.,]{1,20}) ([BKMGTP])(\\/s)?";

/** Bytes, or bytes per second. */
export function amountOf({ number, unit }: Amount): number | null {
  return (unit === "B" ? parseNumber(number) : parseScaled(number + unit, 1)) ?? null;
}

export interface Totals {
  /** Whether a report begins with this line. */
  readonly begins: boolean;
  readonly time?: PrintedTime;
  readonly columns: readonly string[];
  readonly cells: readonly (number | null)[];
}

/** `Total DISK READ: x | Total DISK WRITE: y`, then the same of `Current` (before 0.6: `Actual`) DISK READ. */
const LINE = new RegExp(
  `^\\s*(?:(\\S{5,12})\\s+)?(Total|Current|Actual) DISK READ\\s*:\\s*${AMOUNT}\\s*\\|` +
    `\\s*\\2 DISK WRITE\\s*:\\s*${AMOUNT}\\s*(?:\\|\\s*(.{1,40}))?$`,
);

const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  Total: ["Total DISK READ", "Total DISK WRITE"],
  Current: ["Current DISK READ", "Current DISK WRITE"],
  // -a sums up the total since iotop began, never the current rate.
  Accumulated: ["Total READ", "Total WRITE"],
};

export function parseTotals(line: string): Totals | undefined {
  const match = line.length > 300 ? null : LINE.exec(line);
  if (!match) return undefined;
  const begins = match[2] === "Total";
  const read: Amount = { number: match[3]!, unit: match[4]!, perSecond: match[5] !== undefined };
  const write: Amount = { number: match[6]!, unit: match[7]!, perSecond: match[8] !== undefined };
  const time = printedTime(match[1], match[9]);
  return {
    begins,
    ...(time ? { time } : {}),
    columns: COLUMNS[begins ? (read.perSecond ? "Total" : "Accumulated") : "Current"]!,
    cells: [amountOf(read), amountOf(write)],
  };
}

/** `12:30:38` in front (iotop-py), `Tue Nov 24 12:30:54 2026` behind (iotop-c). */
function printedTime(clock: string | undefined, date: string | undefined): PrintedTime | undefined {
  const before = clock === undefined ? undefined : parseClock(clock);
  if (before !== undefined) return { secondOfDay: before };
  const words = date?.trim().split(/\s+/) ?? [];
  const month = MONTHS.indexOf(words[1] ?? "");
  const secondOfDay = parseClock(words[3] ?? "");
  if (month < 0 || secondOfDay === undefined) return undefined;
  const day = dayNumber(Number(words[4]), month + 1, Number(words[2]));
  return day === undefined ? { secondOfDay } : { day, secondOfDay };
}

/** As ctime writes them, in no language but this. */
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
