/** Cells of top's process table as numbers. */
import { parseNumber, parseScaled } from "./text/number.ts";
import { topColumnKind } from "./top-words.ts";

/**
 * A cell as a number: memory in KiB, I/O in bytes, times in seconds, states as their number, counts and the rest as they
 * are. Suffixes are powers of 1024,
 * those of counts (`155k` page faults) as well.
 *
 * @returns the text of columns that hold words; null for what is no number
 */
export function topCell(title: string, text: string): number | string | null {
  switch (topColumnKind(title)) {
    case "text":
      return text;
    case "memory": {
      const bytes = parseScaled(text, 1024);
      return bytes === undefined ? null : bytes / 1024;
    }
    case "bytes":
    case "count":
      return parseScaled(text, 1) ?? null;
    case "clock":
      return topSeconds(text) ?? null;
    case "state":
      return stateNumber(text);
    case "priority":
      // What does not fit: only -100, the highest of the real-time priorities.
      return /^rt$/i.test(text) ? -100 : (parseNumber(text) ?? null);
    case "number":
      return parseNumber(text) ?? null;
  }
}

/** Letters of states in the order in which our `State` counter numbers them. */
const STATES = "RSDZTtIXPW";

/** The place of the state's letter; null for a letter no kernel has. */
export function stateNumber(text: string): number | null {
  const place = text === "" ? -1 : STATES.indexOf(text[0]!);
  return place < 0 ? null : place;
}

const SECONDS: Readonly<Record<string, number>> = { h: 3600, d: 86_400, w: 604_800 };

/**
 * `1:23.45`, `123:45` (minutes and seconds), `12,34` (hours and minutes), `15h`, `3d`, `2w`, and `1:02:03`, `4+01:02:03`: whatever
 * fits the column.
 */
export function topSeconds(text: string): number | undefined {
  const minutes = /^(\d{1,9}):(\d\d(?:[.,]\d{1,3})?)$/.exec(text);
  if (minutes) return 60 * Number(minutes[1]) + Number(minutes[2]!.replace(",", "."));
  const hours = /^(\d{1,9}),(\d\d)$/.exec(text);
  if (hours) return 3600 * Number(hours[1]) + 60 * Number(hours[2]);
  const rounded = /^(\d{1,9})([hdw])$/.exec(text);
  if (rounded) return Number(rounded[1]) * SECONDS[rounded[2]!]!;
  const long = /^(?:(\d{1,9})[+-])?(\d{1,9}):(\d\d):(\d\d)$/.exec(text);
  if (!long) return undefined;
  const [days, hour, minute, second] = long.slice(1).map((part) => Number(part ?? 0));
  return ((days! * 24 + hour!) * 60 + minute!) * 60 + second!;
}
