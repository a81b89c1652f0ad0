/** A line of iotop about one thread or process. */
import { AMOUNT, type Amount } from "./iotop-totals.ts";
import { parseNumber } from "./text/number.ts";
import { parseClock } from "./text/time.ts";
import type { PrintedTime } from "./tool-report.ts";

export interface IotopRow {
  readonly time?: PrintedTime;
  readonly id: string;
  /** `be/4`, `rt/3`, `id/7`, `idle`. */
  readonly priority: string;
  readonly user: string;
  readonly read: Amount;
  readonly write: Amount;
  /** Percent; null where the kernel keeps no delay accounts. */
  readonly swapIn: number | null;
  readonly io: number | null;
  readonly command: string;
}

const ROW = new RegExp(
  `^\\s*(?:(\\S{5,12})\\s+)?(\\d{1,10})\\s+(\\S{1,10})\\s+(\\S{1,64})\\s+${AMOUNT}\\s+${AMOUNT}\\s+` +
    "(?:\\?unavailable\\?|([\\d.,]{1,12}) %\\s+([\\d.,]{1,12}) %)\\s*(.*)$",
);

export function parseIotopRow(line: string): IotopRow | undefined {
  const match = ROW.exec(line);
  if (!match) return undefined;
  const [, clock, id, priority, user] = match;
  const secondOfDay = clock === undefined ? undefined : parseClock(clock);
  return {
    ...(secondOfDay === undefined ? {} : { time: { secondOfDay } }),
    id: id!,
    priority: priority!,
    user: user!,
    read: { number: match[5]!, unit: match[6]!, perSecond: match[7] !== undefined },
    write: { number: match[8]!, unit: match[9]!, perSecond: match[10] !== undefined },
    swapIn: percent(match[11]),
    io: percent(match[12]),
    command: match[13]!.trim(),
  };
}

function percent(text: string | undefined): number | null {
  return text === undefined ? null : (parseNumber(text) ?? null);
}
