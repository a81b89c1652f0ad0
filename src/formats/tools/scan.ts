/** A first look at a whole file: which times it has, how far apart its reports are, how many there are. */
import type { ToolBanner, ToolReport } from "../../toolout/tool-report.ts";
import { readReports, type ToolFile } from "./tool-file.ts";

const SECOND_MS = 1000;
const DAY_SECONDS = 86_400;

/** What is known of the time of one report before it is known in UTC. */
export interface Stamp {
  /** Seconds as if local time were UTC; since 1970 or, without a date, since the first day. NaN: none. */
  readonly localSeconds: number;
  /** The day is known. */
  readonly dated: boolean;
  /** Minutes east of UTC, where they were printed. */
  readonly offsetMinutes: number | undefined;
  /** Seconds of the interval, where they were printed. */
  readonly intervalSeconds: number | undefined;
  readonly sinceBoot: boolean;
}

export interface Scan {
  readonly file: ToolFile;
  readonly banner: ToolBanner;
  /** Of all reports that are no summaries, in order. */
  readonly stamps: readonly Stamp[];
  readonly summaries: number;
  readonly unknown: { readonly lines: number; readonly first?: string };
}

/** They print one table after the other, each over the whole time. */
const REPEATING: ReadonlySet<string> = new Set(["sar", "sadf"]);

export async function scanFile(
  file: ToolFile,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<Scan> {
  const stamps: Stamp[] = [];
  const days = new DayCount(REPEATING.has(file.tool.id));
  let summaries = 0;
  let banner: ToolBanner = {};
  let unknown: Scan["unknown"] = { lines: 0 };
  for await (const { reports, parser, bytes } of readReports(file)) {
    for (const { report, banner: its } of reports) {
      if (report.summary) summaries++;
      else stamps.push(stampOf(report, days, its));
    }
    banner = parser.banner;
    unknown = parser.unknown;
    onBytes(bytes);
  }
  return { file, banner, stamps, summaries, unknown };
}

/** The usual distance of reports: the median; `undefined` of fewer than two instants. */
export function usualIntervalMs(times: ArrayLike<number>): number | undefined {
  const sorted = Array.from(times).sort((a, b) => a - b);
  const distances = sorted
    .slice(1)
    .map((ms, i) => ms - sorted[i]!)
    .filter((ms) => ms > 0)
    .sort((a, b) => a - b);
  return distances[Math.floor((distances.length - 1) / 2)];
}

/**
 * Counts days where only the time of day is printed. A clock that goes back by more than half a day
 * has passed midnight; where other tables come with it, sar has begun its next table, and with it its first day.
 */
class DayCount {
  private readonly repeats: boolean;
  private day: number | undefined;
  private startDay: number | undefined;
  private last = -Infinity;
  private tables = "";
  private bannerDay: number | undefined;

  constructor(repeats: boolean) {
    this.repeats = repeats;
  }

  get dated(): boolean {
    return this.bannerDay !== undefined;
  }

  begin({ day }: ToolBanner): void {
    if (day === undefined || day === this.bannerDay) return;
    this.bannerDay = day;
    this.day = day;
    this.startDay = day;
    this.last = -Infinity;
  }

  of(secondOfDay: number, report: ToolReport): number {
    const tables = report.tables.map(({ name, columns }) => `${name} ${columns[0]}`).join();
    const back = this.last - secondOfDay;
    if (this.repeats && back >= 0 && tables !== this.tables && this.tables !== "") {
      this.day = this.startDay;
    } else if (back > DAY_SECONDS / 2) {
      this.day = (this.day ?? 0) + 1;
    }
    this.last = secondOfDay;
    this.tables = tables;
    return this.day ?? 0;
  }
}

function stampOf(report: ToolReport, days: DayCount, banner: ToolBanner): Stamp {
  days.begin(banner);
  const { day, secondOfDay, offsetMinutes } = report.time ?? {};
  const timed = secondOfDay !== undefined;
  const dayNumber = timed ? (day ?? days.of(secondOfDay, report)) : NaN;
  return {
    localSeconds: timed ? dayNumber * DAY_SECONDS + secondOfDay : NaN,
    dated: day !== undefined || days.dated,
    offsetMinutes,
    intervalSeconds: intervalOf(report),
    sinceBoot: report.sinceBoot,
  };
}

/** sadf prints it. */
function intervalOf({ tables }: ToolReport): number | undefined {
  const table = tables.find(({ name }) => name === "timestamp");
  const cell = table?.rows[0]?.cells[table.columns.indexOf("interval")];
  return typeof cell === "number" && cell > 0 ? cell : undefined;
}

/** Reports within one printed second stand at equal distances in it. */
export function spreadWithinSeconds(times: Float64Array): void {
  const runs: [start: number, length: number][] = [];
  for (let i = 0; i < times.length; i++) {
    const run = runs[runs.length - 1];
    if (run && times[run[0]] === times[i]) run[1]++;
    else runs.push([i, 1]);
  }
  const lengths = runs.slice(1, -1).map(([, length]) => length);
  lengths.sort((a, b) => a - b);
  const usual = lengths[Math.floor(lengths.length / 2)] ?? 1;
  runs.forEach(([start, length], at) => {
    const parts = Math.max(length, usual);
    // The first second may have begun before the first report.
    const missing = at === 0 && runs.length > 1 ? parts - length : 0;
    for (let i = 0; i < length; i++) {
      times[start + i]! += Math.round(((i + missing) * SECOND_MS) / parts);
    }
  });
}
