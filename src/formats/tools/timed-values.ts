/** The values of a file by time, as a recording takes them. */
import { gapLimitMs } from "../../recording/read-chunks.ts";
import { ReportMapper, type CellTally, type ReportValues } from "./report-values.ts";
import { eventsOf, type TimedValues, type ToolEvent } from "./tool-recording.ts";
import type { Scan } from "./scan.ts";
import type { Timeline } from "./timeline.ts";
import { readReports } from "./tool-file.ts";

export interface FileValues {
  readonly values: AsyncGenerator<TimedValues>;
  /** Complete when all values were taken. */
  readonly tally: CellTally;
}

/** Tools that print how things stand when they start: no interval ends there, and the file begins. */
const INSTANTS: ReadonlySet<string> = new Set(["free"]);
/** As good as nothing: what is printed then counts, and what it weighs does not. */
const INSTANT_MS = 1;

/** In order of time: where the file goes back (sar prints table after table), after reading all of it. */
export function fileValues(
  source: number,
  scan: Scan,
  timeline: Timeline,
  onBytes: (bytes: number) => void,
): FileValues {
  const mapper = new ReportMapper(scan.file.tool.id);
  const reports = inFileOrder(source, scan, timeline, mapper, onBytes);
  const values = withIntervals(timeline.ordered ? reports : byTime(reports), {
    usualMs: timeline.intervalMs,
    firstIsInstant: INSTANTS.has(scan.file.tool.id) && timeline.times.length > 1,
  });
  return { values, tally: mapper.tally };
}

/** Before it is known which interval they are of. */
interface Measured extends ReportValues {
  readonly source: number;
  readonly tool: string;
  readonly timeMs: number;
  /** No values: the next interval begins here. */
  readonly begins: boolean;
  readonly printedIntervalMs: number | undefined;
  readonly events: readonly ToolEvent[];
}

async function* inFileOrder(
  source: number,
  { file, stamps }: Scan,
  { times }: Timeline,
  mapper: ReportMapper,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Measured> {
  let at = 0;
  for await (const { reports, bytes } of readReports(file)) {
    for (const { report } of reports) {
      // The file may have grown since it was looked through.
      if (report.summary || at >= times.length) continue;
      const { sinceBoot, intervalSeconds } = stamps[at]!;
      const restarts = report.tables.some(({ name }) => name === "restart");
      yield {
        ...(sinceBoot ? { names: [], values: [] } : mapper.map(report)),
        source,
        tool: file.tool.id,
        timeMs: times[at]!,
        begins: sinceBoot || restarts,
        printedIntervalMs: intervalSeconds === undefined ? undefined : intervalSeconds * 1000,
        events: eventsOf(report),
      };
      at++;
    }
    onBytes(bytes);
  }
}

async function* byTime(reports: AsyncGenerator<Measured>): AsyncGenerator<Measured> {
  const all: Measured[] = [];
  for await (const report of reports) all.push(report);
  all.sort((a, b) => a.timeMs - b.timeMs);
  let open: Measured | undefined;
  for (const report of all) {
    if (open && open.timeMs === report.timeMs) open = together(open, report);
    else {
      if (open) yield open;
      open = report;
    }
  }
  if (open) yield open;
}

function together(a: Measured, b: Measured): Measured {
  return {
    ...a,
    names: [...a.names, ...b.names],
    values: [...a.values, ...b.values],
    // What else is of this moment was measured before the restart.
    begins: a.begins && b.begins,
    printedIntervalMs: a.printedIntervalMs ?? b.printedIntervalMs,
    events: [...a.events, ...b.events],
  };
}

/** A tool tells of the time since its report before; after a longer silence, of its usual interval. */
async function* withIntervals(
  reports: AsyncGenerator<Measured>,
  { usualMs, firstIsInstant }: { readonly usualMs: number; readonly firstIsInstant: boolean },
): AsyncGenerator<TimedValues> {
  let lastMs = NaN;
  let held: ReportValues = { names: [], values: [] };
  for await (const { begins, printedIntervalMs, ...report } of reports) {
    const passedMs = report.timeMs - lastMs;
    lastMs = report.timeMs;
    if (begins) {
      // What is told of the host when it starts holds in the interval that begins.
      held = report;
      yield { ...report, names: [], values: [], intervalMs: undefined };
      continue;
    }
    const isInstant = firstIsInstant && Number.isNaN(passedMs);
    const isRegular = passedMs > 0 && passedMs <= gapLimitMs(usualMs);
    const sinceLastMs = isInstant ? INSTANT_MS : isRegular ? passedMs : usualMs;
    // What is printed is rounded to seconds.
    const isOther =
      printedIntervalMs !== undefined && Math.abs(printedIntervalMs - sinceLastMs) > 1000;
    yield {
      ...report,
      names: [...held.names, ...report.names],
      values: [...held.values, ...report.values],
      intervalMs: isOther ? printedIntervalMs : sinceLastMs,
    };
    held = { names: [], values: [] };
  }
}
