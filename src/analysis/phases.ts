/**
 * Phases of the work, aligned between the runs in their order: by the marks that both have; without
 * marks by change points of what the hosts do together. Fast and slow runs of the same work go through
 * the same phases, however long each takes.
 */
import { extraSeconds, wallShares, type BucketRange } from "./attribution.ts";
import type { Phase, SideName } from "./comparison.ts";
import type { MeasuredSide } from "./facts.ts";
import { leadingResource } from "./limits.ts";
import { STATES } from "./resources.ts";
import type { SignalId } from "./signals.ts";
import { bestSplits, type Split } from "./statistics/segments.ts";
import { mean, nearestRank } from "./statistics/summary.ts";
import type { Thresholds } from "./thresholds.ts";
import { commonMarkTexts, markBuckets, type Work } from "./work.ts";

type BySide<T> = Readonly<Record<SideName, T>>;

interface Stretch extends BucketRange {
  readonly name: string;
}

export function findPhases(
  measured: BySide<MeasuredSide>,
  work: Work,
  seconds: BySide<number>,
  limits: Thresholds,
): Phase[] {
  if (work.source === "recording" || work.source === "phase") return [];
  const byMarks = markedPhases(measured, work);
  const stretches = byMarks ?? changedPhases(measured, work);
  if (!stretches) return [];
  const one = (side: SideName, { from, to }: Stretch) => {
    const { originMs, bucketMs } = measured[side].side;
    const whole = work[side].range.to - work[side].range.from;
    const at = (bucket: number) => new Date(originMs + bucket * bucketMs).toISOString();
    return { from: at(from), to: at(to), seconds: (seconds[side] * (to - from)) / whole };
  };
  return stretches.baseline.map((before, i) => {
    const after = stretches.candidate[i]!;
    const baseline = one("baseline", before);
    const candidate = one("candidate", after);
    const shares = (side: SideName, range: BucketRange) =>
      wallShares(measured[side].states, range, "waiting", limits);
    const extra = extraSeconds(
      shares("baseline", before),
      baseline.seconds,
      shares("candidate", after),
      candidate.seconds,
    );
    const sign = candidate.seconds >= baseline.seconds ? 1 : -1;
    const lost = Object.fromEntries(STATES.map((state) => [state, sign * extra[state]]));
    const leading = leadingResource(lost as typeof extra);
    const explained = sign * extra[leading];
    const difference = Math.abs(candidate.seconds - baseline.seconds);
    return {
      name: before.name,
      source: byMarks ? "marks" : "change-points",
      baseline,
      candidate,
      extraSeconds: extra,
      bottleneck:
        difference > 0 && explained >= (limits["explains-from"] / 100) * difference
          ? leading
          : "none",
    };
  });
}

/** From each mark that both sides have to the next; what comes before the first is `start`. */
function markedPhases(measured: BySide<MeasuredSide>, work: Work): BySide<Stretch[]> | undefined {
  const texts = commonMarkTexts(measured.baseline.side, measured.candidate.side);
  const stretches = (side: SideName): Stretch[] => {
    const { from, to } = work[side].range;
    const inside = markBuckets(measured[side].side, texts).filter((at) => at < to);
    return [from, ...inside.map((at) => Math.max(at, from))].map((at, i, all) => ({
      name: i === 0 ? "start" : texts[i - 1]!,
      from: at,
      to: all[i + 1] ?? to,
    }));
  };
  const baseline = stretches("baseline");
  const candidate = stretches("candidate");
  if (baseline.length !== candidate.length) return undefined;
  const kept = baseline.flatMap((stretch, i) => {
    const other = candidate[i]!;
    return stretch.to > stretch.from && other.to > other.from ? [i] : [];
  });
  if (kept.length < 2) return undefined;
  return { baseline: kept.map((i) => baseline[i]!), candidate: kept.map((i) => candidate[i]!) };
}

/** What the work asks for, not what it waits for: that is what may differ between the runs. */
const BEHAVIOR: readonly (SignalId | "cpuUse")[] = [
  "cpuUse",
  "diskBytesRead",
  "diskBytes",
  "linkBytes",
];
const MOST_POINTS = 150;
const MOST_PHASES = 5;
/** No phase is shorter than this part of the run, or than so many buckets. */
const SHORTEST_PART = 0.06;
const SHORTEST_BUCKETS = 5;
/** Segments must take away so much more than the penalty for independent noise: seconds resemble each other. */
const PENALTY = 3;
/** How alike the phases of the runs must be in what they do (correlation). */
const ALIKE = 0.6;

interface Course {
  readonly columns: readonly (readonly number[])[];
  readonly bucketsPerPoint: number;
}

function changedPhases(measured: BySide<MeasuredSide>, work: Work): BySide<Stretch[]> | undefined {
  const courses = {
    baseline: course(measured.baseline, work.baseline.range),
    candidate: course(measured.candidate, work.candidate.range),
  };
  const splits = { baseline: splitsOf(courses.baseline), candidate: splitsOf(courses.candidate) };
  const most = Math.min(splits.baseline.length, splits.candidate.length);
  let best = { segments: 1, score: 0 };
  for (let k = 2; k <= most; k++) {
    const gain = (side: SideName) => gainOf(splits[side], k, courses[side]);
    const score = gain("baseline") + gain("candidate");
    if (gain("baseline") <= 0 || gain("candidate") <= 0 || score <= best.score) continue;
    const levels = (side: SideName) => segmentMeans(courses[side], splits[side][k - 1]!);
    if (alike(levels("baseline"), levels("candidate"))) best = { segments: k, score };
  }
  if (best.segments < 2) return undefined;
  const stretches = (side: SideName): Stretch[] => {
    const { from, to } = work[side].range;
    const { bucketsPerPoint } = courses[side];
    const starts = splits[side][best.segments - 1]!.starts.map((at) =>
      Math.round(from + at * bucketsPerPoint),
    );
    return starts.map((at, i) => ({ name: `phase ${i + 1}`, from: at, to: starts[i + 1] ?? to }));
  };
  return { baseline: stretches("baseline"), candidate: stretches("candidate") };
}

/** Mean over the hosts, each column by its own high level, so that the pace does not count. */
function course({ side, measures }: MeasuredSide, { from, to }: BucketRange): Course {
  const length = Math.max(0, to - from);
  const points = Math.min(length, MOST_POINTS);
  const bucketsPerPoint = length / Math.max(1, points);
  const columns = BEHAVIOR.map((id) => {
    const hosts = side.hosts.flatMap((host, i) => {
      const column = id === "cpuUse" ? measures[i]!.cpuUse : host.signals.get(id);
      return column ? [column] : [];
    });
    const values = Array.from({ length: points }, (_, p) => {
      const first = Math.floor(from + p * bucketsPerPoint);
      const end = Math.max(first + 1, Math.floor(from + (p + 1) * bucketsPerPoint));
      return meanOfAll(hosts, first, end);
    });
    const high = nearestRank(
      [...values].sort((a, b) => a - b),
      0.95,
    );
    return values.map((value) => (high > 0 ? Math.min(1.5, value / high) : 0));
  });
  return { columns, bucketsPerPoint };
}

/** Over the buckets of all hosts; 0 where nothing is known. */
function meanOfAll(columns: readonly Float64Array[], from: number, to: number): number {
  let sum = 0;
  let count = 0;
  for (const column of columns) {
    for (let b = from; b < to && b < column.length; b++) {
      if (column[b]! !== column[b]!) continue;
      sum += column[b]!;
      count++;
    }
  }
  return count > 0 ? sum / count : 0;
}

function splitsOf({ columns, bucketsPerPoint }: Course): Split[] {
  const points = columns[0]!.length;
  const shortest = Math.max(
    2,
    Math.ceil(SHORTEST_PART * points),
    Math.ceil(SHORTEST_BUCKETS / bucketsPerPoint),
  );
  return bestSplits(columns, MOST_PHASES, shortest);
}

/** By how much k segments beat one, less a penalty for each (Yao's criterion, for several columns). */
function gainOf(splits: readonly Split[], k: number, { columns }: Course): number {
  const n = columns[0]!.length;
  const floor = 1e-4 * n * columns.length;
  const fit = (deviation: number) => n * Math.log(floor + deviation);
  const penalty = PENALTY * (k - 1) * (columns.length + 1) * Math.log(n);
  return fit(splits[0]!.deviation) - fit(splits[k - 1]!.deviation) - penalty;
}

function segmentMeans({ columns }: Course, { starts }: Split): number[][] {
  return columns.map((values) =>
    starts.map((start, i) => mean(values.slice(start, starts[i + 1] ?? values.length))),
  );
}

/** The segments' levels, each column less its mean, go the same way in both runs. */
function alike(first: readonly number[][], second: readonly number[][]): boolean {
  const centered = (levels: readonly number[][]) =>
    levels.flatMap((column) => {
      const center = mean(column);
      return column.map((value) => value - center);
    });
  const a = centered(first);
  const b = centered(second);
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  const scale = Math.sqrt(dot(a, a) * dot(b, b));
  return scale > 0 && dot(a, b) / scale >= ALIKE;
}
