/**
 * How long the work took, on both sides by the same yardstick: the command's duration, marks that
 * both runs have, a span of activity that can be seen; else only the recording's length is known,
 * which says nothing of the work.
 */
import { mostActive, type BucketRange } from "./attribution.ts";
import type { ComparisonOptions } from "./options.ts";
import type { Side } from "./side.ts";
import type { HostStates } from "./states.ts";
import { nearestRank } from "./statistics/summary.ts";
import { DEFAULT_THRESHOLDS, type Thresholds } from "./thresholds.ts";

export type WorkSource =
  | "command"
  | "phase"
  | "marks"
  | "activity"
  | "command-and-activity"
  | "recording";

export interface SideWork {
  readonly seconds: number;
  /** How far off `seconds` may be. */
  readonly resolutionSeconds: number;
  /** Buckets in which the work was under way. */
  readonly range: BucketRange;
}

export interface Work {
  readonly source: WorkSource;
  readonly baseline: SideWork;
  readonly candidate: SideWork;
}

type Yardstick = (side: Side, states: readonly HostStates[]) => SideWork | undefined;
type Measured = { readonly side: Side; readonly states: readonly HostStates[] };

export function measureWork(
  baseline: Measured,
  candidate: Measured,
  options: ComparisonOptions,
  limits: Thresholds = DEFAULT_THRESHOLDS,
): Work {
  const activity: Yardstick = (side, states) => activityWork(side, states, limits);
  const marks = commonMarks(baseline.side, candidate.side);
  const yardsticks: [WorkSource, Yardstick][] = [
    ["phase", (side) => (options.phases === true ? wholeRecording(side) : undefined)],
    ["command", commandWork],
    ["marks", (side) => (marks ? markedWork(side, marks) : undefined)],
    ["activity", activity],
    // One recorded around the command, the other beside it: both tell how long the work took.
    ["command-and-activity", (side, states) => commandWork(side) ?? activity(side, states)],
  ];
  for (const [source, yardstick] of yardsticks) {
    const ofBaseline = yardstick(baseline.side, baseline.states);
    const ofCandidate = ofBaseline && yardstick(candidate.side, candidate.states);
    if (ofBaseline && ofCandidate) return { source, baseline: ofBaseline, candidate: ofCandidate };
  }
  return {
    source: "recording",
    baseline: wholeRecording(baseline.side),
    candidate: wholeRecording(candidate.side),
  };
}

function commandWork(side: Side): SideWork | undefined {
  const { description, selector } = side;
  const { command, events } = description;
  if (!command) return undefined;
  const startMs = Math.min(...events.filter(({ kind }) => kind === "command-start").map(timeOf));
  const endMs = Math.max(...events.filter(({ kind }) => kind === "command-end").map(timeOf));
  const known = Number.isFinite(startMs) && Number.isFinite(endMs) && endMs > startMs;
  // Of a narrower window the command's duration says nothing.
  const { fromMs = -Infinity, toMs = Infinity } = selector;
  const narrowed = selector.fromMs !== undefined || selector.toMs !== undefined;
  if (narrowed && !(known && fromMs <= startMs && toMs >= endMs)) return undefined;
  return {
    seconds: command.durationSeconds,
    resolutionSeconds: 0.05,
    range: known ? rangeOf(side, startMs, endMs) : { from: 0, to: side.buckets },
  };
}

/** Texts of marks that both sides have, each once, in the baseline's order. */
export function commonMarkTexts(baseline: Side, candidate: Side): string[] {
  const texts = (side: Side) => [...new Set(marksOf(side).map(({ text }) => text))];
  const others = new Set(texts(candidate));
  return texts(baseline).filter((text) => others.has(text));
}

/** The buckets in which such marks were set for the first time. */
export function markBuckets(side: Side, texts: readonly string[]): number[] {
  return texts.map((text) => {
    const { timeMs } = marksOf(side).find((mark) => mark.text === text)!;
    return Math.round((timeMs - side.originMs) / side.bucketMs);
  });
}

function commonMarks(baseline: Side, candidate: Side): readonly [string, string] | undefined {
  const common = commonMarkTexts(baseline, candidate);
  const first = common[0];
  const last = common[common.length - 1];
  return first !== undefined && last !== undefined && first !== last ? [first, last] : undefined;
}

function markedWork(side: Side, [first, last]: readonly [string, string]): SideWork | undefined {
  const marks = marksOf(side);
  const startMs = marks.find(({ text }) => text === first)?.timeMs ?? NaN;
  const endMs = marks.filter(({ text }) => text === last).pop()?.timeMs ?? NaN;
  if (!(endMs > startMs)) return undefined;
  return {
    seconds: (endMs - startMs) / 1000,
    resolutionSeconds: 0.05,
    range: rangeOf(side, startMs, endMs),
  };
}

/**
 * The stretch from the first to the last busy bucket, when the recording shows the machine idle
 * before or at its start and idle again for at least two buckets after it, and the stretch was busy
 * for the most part.
 */
export function activityWork(
  side: Side,
  states: readonly HostStates[],
  limits: Thresholds = DEFAULT_THRESHOLDS,
): SideWork | undefined {
  const levels = Array.from({ length: side.buckets }, (_, b) => mostActive(states, b));
  const known = levels.filter((level) => level >= 0).sort((a, b) => a - b);
  // A machine at rest need not be at zero; where nothing is seen of its rest, nothing is known of it.
  const rest = nearestRank(known, 0.05);
  const atWork = nearestRank(known, 0.8);
  const share = limits["idle-below"] / 100;
  const least = Math.max(share, rest < atWork / 2 ? rest + share * (atWork - rest) : 0);
  const busy = (level: number) => level >= least;
  const from = levels.findIndex(busy);
  const to = levels.reduce((last, level, b) => (busy(level) ? b : last), -1) + 1;
  const after = levels.slice(to).filter((level) => level >= 0).length;
  const length = to - from;
  if (from < 0 || length < 5 || after < 2) return undefined;
  const busyBuckets = levels.slice(from, to).filter(busy).length;
  if (busyBuckets < 0.7 * length) return undefined;
  const bucketSeconds = side.bucketMs / 1000;
  return {
    seconds: length * bucketSeconds,
    resolutionSeconds: bucketSeconds,
    range: { from, to },
  };
}

function wholeRecording(side: Side): SideWork {
  return {
    seconds: recordedSeconds(side),
    resolutionSeconds: side.bucketMs / 1000,
    range: { from: 0, to: side.buckets },
  };
}

/** Of the longest recorded host; the first sample's own interval counts where it has values. */
export function recordedSeconds({ description }: Side): number {
  const span = (description.toMs - description.fromMs) / 1000;
  const spans = description.hosts.map(({ samples, intervalMs }) =>
    Math.min((samples * intervalMs) / 1000, span + intervalMs / 1000),
  );
  return description.hosts.length > 0 ? Math.max(span, ...spans) : 0;
}

/** Values are stamped with the end of their interval. */
function rangeOf(side: Side, startMs: number, endMs: number): BucketRange {
  const bucket = (timeMs: number) => (timeMs - side.originMs) / side.bucketMs;
  const from = Math.max(0, Math.floor(bucket(startMs)));
  const to = Math.min(side.buckets, Math.ceil(bucket(endMs) + 0.5));
  return { from: Math.min(from, side.buckets), to: Math.max(to, Math.min(from, side.buckets)) };
}

function marksOf(side: Side) {
  return side.description.events
    .filter(({ kind }) => kind === "mark")
    .sort((a, b) => a.timeMs - b.timeMs);
}

function timeOf({ timeMs }: { timeMs: number }): number {
  return timeMs;
}
