/**
 * When the reports of a file were: from what is printed, and where that is not enough from what is
 * given (`--start`, `--interval`), from the other files of the capture, or from the time at which the
 * file was last written.
 */
import { UserError } from "../../util/errors.ts";
import { formatDuration } from "../../util/quantity.ts";
import { spreadWithinSeconds, usualIntervalMs, type Scan } from "./scan.ts";
import { localOfUtc, utcOfLocal, type TimeZone } from "./time-zone.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A file is written a little after what it says. */
const WRITE_DELAY_MS = 120_000;
/** Tools that print at once when they start, and then at intervals. */
const PRINTS_AT_ONCE: ReadonlySet<string> = new Set(["free", "top", "iotop"]);

export interface TimeOptions {
  readonly zone: TimeZone;
  /** The capture's start, UTC. */
  readonly startMs?: number;
  readonly intervalMs?: number;
}

export interface Timeline {
  /** UTC, of each report that is no summary, in the file's order. */
  readonly times: Float64Array;
  readonly intervalMs: number;
  /** No report is earlier than the one before it. */
  readonly ordered: boolean;
  /** What was not printed, and where it was taken from instead. */
  readonly notes: readonly string[];
}

/** What files with times tell about those without. */
export interface Capture {
  readonly startMs: number;
  readonly intervalMs?: number;
}

/** What a file that prints times tells by itself: of one report alone, not how long its interval is. */
export type PrintedTimeline = Omit<Timeline, "intervalMs"> & { readonly intervalMs?: number };

/** @returns undefined when the file prints no times: `gridTimeline` is for those */
export function printedTimeline(scan: Scan, options: TimeOptions): PrintedTimeline | undefined {
  const { stamps, file } = scan;
  if (stamps.length === 0 || stamps.some(({ localSeconds }) => Number.isNaN(localSeconds))) {
    return undefined;
  }
  const notes: string[] = [];
  const localMs = Float64Array.from(stamps, ({ localSeconds }) => localSeconds * 1000);
  if (!stamps.every(({ dated }) => dated)) addDays(localMs, scan, options, notes);
  else if (options.startMs !== undefined) {
    notes.push(`${file.name}: --start is not needed, its text has dates`);
  }
  const times = inUtc(localMs, scan, options.zone);
  const ordered = times.every((ms, i) => i === 0 || ms >= times[i - 1]!);
  if (ordered) spreadWithinSeconds(times);
  const printed = stamps.find(({ intervalSeconds }) => intervalSeconds !== undefined);
  const intervalMs =
    options.intervalMs ??
    usualIntervalMs(times) ??
    (printed ? printed.intervalSeconds! * 1000 : undefined);
  return { times, ordered, notes, ...(intervalMs === undefined ? undefined : { intervalMs }) };
}

/** @throws UserError when nothing tells how long the intervals are */
export function wholeTimeline(scan: Scan, printed: PrintedTimeline, capture?: Capture): Timeline {
  const intervalMs = printed.intervalMs ?? capture?.intervalMs;
  if (intervalMs === undefined) throw noInterval(scan);
  return { ...printed, intervalMs };
}

/** @throws UserError when the interval, or the time, is known from nowhere */
export function gridTimeline(scan: Scan, options: TimeOptions, capture?: Capture): Timeline {
  const { file, stamps } = scan;
  const intervalMs = options.intervalMs ?? capture?.intervalMs;
  if (intervalMs === undefined) throw noInterval(scan);
  const notes: string[] = [];
  if (options.intervalMs === undefined) {
    notes.push(`${file.name} prints no times: ${formatDuration(intervalMs)} apart, as the others`);
  }
  const before = PRINTS_AT_ONCE.has(file.tool.id) || stamps[0]!.sinceBoot ? 0 : 1;
  const lengthMs = (stamps.length - 1 + before) * intervalMs;
  const startMs =
    options.startMs ?? capture?.startMs ?? startOfFile(scan, options, lengthMs, notes);
  const times = Float64Array.from(stamps, (_, i) => startMs + (i + before) * intervalMs);
  return { times, intervalMs, ordered: true, notes };
}

/** Times of day without a date: the day is that of `--start`, or the last on which the file can have ended so. */
function addDays(localMs: Float64Array, scan: Scan, options: TimeOptions, notes: string[]): void {
  const { zone, startMs } = options;
  const { file } = scan;
  const from = localMs[0]! % DAY_MS;
  let first: number;
  if (startMs === undefined) {
    const last = localMs[localMs.length - 1]!;
    const latest = localOfUtc(zone, file.modifiedMs) + WRITE_DELAY_MS;
    const end = Math.floor((latest - (last % DAY_MS)) / DAY_MS) * DAY_MS + (last % DAY_MS);
    first = end - (last - localMs[0]!);
    notes.push(
      `${file.name} prints no date: it is taken to be of ${isoDay(first)}, since the file was last written then; --start says otherwise`,
    );
  } else {
    const start = localOfUtc(zone, startMs);
    first = Math.round((start - from) / DAY_MS) * DAY_MS + from;
  }
  const shift = first - localMs[0]!;
  for (let i = 0; i < localMs.length; i++) localMs[i]! += shift;
}

function inUtc(localMs: Float64Array, { stamps }: Scan, zone: TimeZone): Float64Array {
  let last = -Infinity;
  return localMs.map((ms, i) => {
    const { offsetMinutes } = stamps[i]!;
    const at =
      offsetMinutes === undefined ? utcOfLocal(zone, ms, last - 1) : ms - offsetMinutes * MINUTE_MS;
    last = at;
    return at;
  });
}

/** As a last resort a file without any time ends when it was last written. */
function startOfFile(
  { file, banner }: Scan,
  { zone }: TimeOptions,
  lengthMs: number,
  notes: string[],
): number {
  const startMs = file.modifiedMs - lengthMs;
  const days = [startMs, file.modifiedMs].map((ms) => Math.floor(localOfUtc(zone, ms) / DAY_MS));
  if (banner.day !== undefined && (banner.day < days[0]! || banner.day > days[1]!)) {
    throw new UserError(
      `${file.path} is of ${isoDay(banner.day * DAY_MS)}, but does not tell at what time of that day.`,
      `Give it with --start: --start "${isoDay(banner.day * DAY_MS)} 14:00".`,
    );
  }
  notes.push(
    `${file.name} prints no times: it is taken to end when the file was last written, ${isoTime(file.modifiedMs)}; --start says otherwise`,
  );
  return startMs;
}

function noInterval({ file, stamps }: Scan): UserError {
  const reports = stamps.length === 1 ? "report is" : "reports are";
  return new UserError(
    `${file.path} does not tell how far apart its ${stamps.length} ${reports}.`,
    "Give the interval with --interval: --interval 5s.",
  );
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function isoTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
