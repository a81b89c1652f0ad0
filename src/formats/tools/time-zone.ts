/** Local times of another machine, in UTC. */
import { UsageError } from "../../util/errors.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export interface TimeZone {
  /** IANA name or `UTC+02:00`. */
  readonly name: string;
  /** Minutes east of UTC that are in force at an instant. */
  offsetMinutes(utcMs: number): number;
}

/**
 * @param text `Europe/Berlin`, `UTC`, `+02:00`, `UTC-5`; left out: the zone of this machine
 * @throws UsageError
 */
export function timeZone(text?: string): TimeZone {
  const fixed = /^(?:UTC|GMT)?(?:([+-])(\d{1,2})(?::?(\d{2}))?)?$|^Z$/i.exec(text ?? "-");
  if (fixed && text) {
    const minutes = Number(fixed[2] ?? 0) * 60 + Number(fixed[3] ?? 0);
    const east = fixed[1] === "-" ? -minutes : minutes;
    return { name: minutes === 0 ? "UTC" : fixedName(east), offsetMinutes: () => east };
  }
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      ...(text === undefined ? undefined : { timeZone: text }),
      timeZoneName: "longOffset",
    });
    return {
      name: format.resolvedOptions().timeZone,
      offsetMinutes: cachedByQuarter((ms) => offsetIn(format.format(ms))),
    };
  } catch {
    throw new UsageError(
      `"${text}" is not a time zone.`,
      "Write a name such as Europe/Berlin, or the distance from UTC: +02:00.",
    );
  }
}

/**
 * The instant of a local time. Of the two that a clock set back shows it is the first that is later
 * than `afterMs`.
 *
 * @param localMs as if the local time were UTC
 */
export function utcOfLocal(zone: TimeZone, localMs: number, afterMs = -Infinity): number {
  const offsets = [localMs - DAY_MS, localMs + DAY_MS].map((ms) => zone.offsetMinutes(ms));
  const instants = offsets
    .map((minutes) => localMs - minutes * MINUTE_MS)
    .filter((ms, i) => zone.offsetMinutes(ms) === offsets[i])
    .sort((a, b) => a - b);
  // None where the clock was set forward over this time.
  return instants.find((ms) => ms > afterMs) ?? instants[0] ?? localMs - offsets[0]! * MINUTE_MS;
}

/** As if local time were UTC. */
export function localOfUtc(zone: TimeZone, utcMs: number): number {
  return utcMs + zone.offsetMinutes(utcMs) * MINUTE_MS;
}

function fixedName(east: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.abs(east);
  return `UTC${east < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** `11/24/2026, GMT-03:30`, `GMT` for none. */
function offsetIn(text: string): number {
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(text);
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === "-" ? -minutes : minutes;
}

/** Offsets change on quarters of an hour; asking for them takes microseconds. */
function cachedByQuarter(offset: (ms: number) => number): (ms: number) => number {
  const known = new Map<number, number>();
  return (ms) => {
    const quarter = Math.floor(ms / (15 * MINUTE_MS));
    let minutes = known.get(quarter);
    if (minutes === undefined) {
      if (known.size > 10_000) known.clear();
      known.set(quarter, (minutes = offset(quarter * 15 * MINUTE_MS)));
    }
    return minutes;
  };
}
