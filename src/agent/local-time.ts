/** The time as the people of this host read it. */
import type { RunTool } from "../inventory/host-files.ts";

export interface LocalTime {
  /** `20261123-025200` */
  readonly stamp: string;
  /** `UTC+02:00` */
  readonly utcOffset: string;
}

/**
 * Now. Asked of `date`, because to know the offset V8 would load the time zones of ICU, 0.8 MB that the
 * agent keeps; where there is no `date`, V8 is asked.
 */
export function localTime(runTool: RunTool): LocalTime {
  const printed = runTool("date", ["+%Y%m%d-%H%M%S%z"]) ?? "";
  const found = /^(\d{8}-\d{6})([+-]\d\d)(\d\d)\n$/.exec(printed);
  return found
    ? { stamp: found[1]!, utcOffset: `UTC${found[2]!}:${found[3]!}` }
    : byClock(Date.now());
}

function byClock(ms: number): LocalTime {
  const minutes = -new Date(ms).getTimezoneOffset();
  const local = new Date(ms + minutes * 60_000).toISOString();
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const sign = minutes < 0 ? "-" : "+";
  return {
    stamp: local.slice(0, 19).replace(/[-:]/g, "").replace("T", "-"),
    utcOffset: `UTC${sign}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`,
  };
}
