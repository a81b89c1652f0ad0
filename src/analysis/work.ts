/**
 * How long the work took, on both sides by the same yardstick: the command's duration, marks that
 * both runs have, a span of activity that can be seen; else only the recording's length is known,
 * which says nothing of the work.
 */
import { mostActive, type BucketRange } from "./attribution.ts";
import type { ComparisonOptions } from "./options.ts";
import type { Side } from "./side.ts";
import type { HostStates } from "./states.ts";

export type WorkSource = "command" | "phase" | "marks" | "activity" | "recording";

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

export function measureWork(
  baseline: { side: Side; states: readonly HostStates[] },
  candidate: { side: Side; states: readonly HostStates[] },
  options: ComparisonOptions,
): Work {
  const marks = commonMarks(baseline.side, candidate.side);
  const yardsticks: [WorkSource, Yardstick][] = [
    ["phase", (side) => (options.phases === true ? wholeRecording(side) : undefined)],
    ["command", commandWork],
    ["marks", (side) => (marks ? markedWork(side, marks) : undefined)],
    ["activity", activityWork],
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

/** First and last mark whose texts both sides have, in the same order. */
function commonMarks(baseline: Side, candidate: Side): readonly [string, string] | undefined {
  const texts = (side: Side) => [...new Set(marksOf(side).map(({ text }) => text))];
  const others = new Set(texts(candidate));
  const common = texts(baseline).filter((text) => others.has(text));
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

/** Below this activity a bucket counts as idle. */
const IDLE_BELOW = 0.2;

/**
 * The stretch from the first to the last busy bucket, when the recording shows the machine idle
 * before or at its start and idle again for at least two buckets after it, and the stretch was busy
 * for the most part.
 */
export function activityWork(side: Side, states: readonly HostStates[]): SideWork | undefined {
  const levels = Array.from({ length: side.buckets }, (_, b) => mostActive(states, b));
  const busy = (level: number) => level >= IDLE_BELOW;
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
