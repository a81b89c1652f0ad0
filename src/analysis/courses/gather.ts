/**
 * Makes the data of a report's pictures: from the columns the analysis has measured already, and, for
 * counters that differ but are no measure, from the source. What is shown follows the findings.
 */
import { mostActive, wallShares, type BucketRange } from "../attribution.ts";
import type { Finding, SideName } from "../comparison.ts";
import { patternMatcher, patternPath } from "../counter-path.ts";
import type { MeasuredSide } from "../facts.ts";
import { MEASURE_IDS, measureDefinition, measurePattern } from "../measures.ts";
import type { MeasureId, PsiUse } from "../measures.ts";
import { STATES, type ResourceName, type StateName } from "../resources.ts";
import { RULES } from "../rules/index.ts";
import { shownMeasure } from "../rules/template.ts";
import { columnOf } from "../side.ts";
import type { SeriesPattern } from "../source.ts";
import { mean } from "../statistics/summary.ts";
import { USE } from "../use.ts";
import type { SideWork } from "../work.ts";
import { parseCounterPath } from "../../counter/path.ts";
import type {
  CounterCourse,
  Courses,
  CourseUnit,
  HeatMap,
  HeatMapRow,
  HostLine,
  StateCourse,
} from "./course.ts";
import { sideCourse, stepMeans } from "./spread.ts";

const MOST_STEPS = 240;
const MOST_HEAT_STEPS = 150;
/** Rows of a side in the heat map, and lines of single hosts in a chart. */
const MOST_HEAT_ROWS = 120;
const MOST_OUTLIERS = 3;
const MOST_CHARTS = 6;
const MOST_COUNTERS = 2;

export interface CourseSide {
  readonly side: SideName;
  readonly measured: MeasuredSide;
  readonly work: SideWork;
}

export interface CourseInput {
  /** One, or baseline and candidate. */
  readonly sides: readonly CourseSide[];
  readonly psi: PsiUse;
  /** What the time is in which no host was active. */
  readonly rest: "waiting" | "idle";
  /** The resource it is about; its measures come first. */
  readonly resource: ResourceName;
  /** Ranked. */
  readonly findings: readonly Finding[];
  /** Hosts that get a line of their own, besides those that findings name as unlike the others. */
  readonly hosts: Readonly<Record<SideName, readonly string[]>>;
}

export async function gatherCourses(input: CourseInput): Promise<Courses> {
  const { sides } = input;
  const longest = Math.max(1, ...sides.map(({ work }) => work.range.to - work.range.from));
  const width = Math.ceil(longest / MOST_STEPS);
  const heatWidth = Math.ceil(longest / MOST_HEAT_STEPS);
  const bucketSeconds = (sides[0]?.measured.side.bucketMs ?? 1000) / 1000;
  return {
    stepSeconds: width * bucketSeconds,
    states: sides.map((side) => stateCourse(side, input.rest, width)),
    counters: [
      ...measureCourses(input, width),
      ...(await counterCourses(input, width * bucketSeconds * 1000)),
    ],
    heatStepSeconds: heatWidth * bucketSeconds,
    heatMap: heatMap(input, heatWidth),
  };
}

function stateCourse(
  { side, measured, work }: CourseSide,
  rest: CourseInput["rest"],
  width: number,
): StateCourse {
  const { from, to } = work.range;
  const steps = Math.ceil((to - from) / width);
  const perStep = Array.from({ length: steps }, (_, step) => {
    const range = { from: from + step * width, to: Math.min(to, from + (step + 1) * width) };
    return isKnown(measured, range) ? wallShares(measured.states, range, rest) : undefined;
  });
  const shares = Object.fromEntries(
    STATES.map((state) => [state, Float64Array.from(perStep, (shares) => shares?.[state] ?? NaN)]),
  ) as Record<StateName, Float64Array>;
  return { side, shares };
}

function isKnown({ states }: MeasuredSide, { from, to }: BucketRange): boolean {
  for (let bucket = from; bucket < to; bucket++) if (mostActive(states, bucket) >= 0) return true;
  return false;
}

/** The measures of the resource, then those that findings speak of. */
function chosenMeasures({ resource, findings }: CourseInput): MeasureId[] {
  const { saturation, utilization } = USE[resource];
  const ofRule = new Map(RULES.map((rule) => [rule.id, shownMeasure(rule).measure]));
  const found = findings.flatMap(({ rule }) => ofRule.get(rule) ?? []);
  return [...new Set([saturation, ...(utilization ? [utilization] : []), ...found])];
}

function measureCourses(input: CourseInput, width: number): CounterCourse[] {
  return chosenMeasures(input)
    .flatMap((id) => {
      const sides = input.sides.map((side) => ({ side, lines: measureLines(side, id, width) }));
      // Nothing but zeros shows nothing.
      if (!sides.some(({ lines }) => lines.some(({ values }) => values.some((v) => v > 0)))) {
        return [];
      }
      const { label, resource, unit } = measureDefinition(id);
      return [
        {
          title: label,
          counter: patternPath(measurePattern(id, input.psi)),
          resource,
          unit: UNITS[unit],
          sides: sides.map(({ side, lines }) =>
            sideCourse(side.side, lines, shownHosts(input, side, lines)),
          ),
        },
      ];
    })
    .slice(0, MOST_CHARTS - MOST_COUNTERS);
}

const UNITS: Readonly<Record<ReturnType<typeof measureDefinition>["unit"], CourseUnit>> = {
  "%": "%",
  count: "",
  "pages/s": "1/s",
  "bytes/s": "B/s",
  "1/s": "1/s",
  ms: "ms",
  cpus: "CPUs",
};

function measureLines({ measured, work }: CourseSide, id: MeasureId, width: number): HostLine[] {
  return measured.side.hosts.flatMap(({ name }, i) => {
    const column = measured.measures[i]![id];
    if (!column) return [];
    return [
      { host: name, values: stepMeans(column.subarray(work.range.from, work.range.to), width) },
    ];
  });
}

/** Hosts of this side that are named by the verdict or as unlike their peers; the highest first. */
function shownHosts(
  { findings, hosts }: CourseInput,
  { side }: CourseSide,
  lines: readonly HostLine[],
): string[] {
  if (lines.length < 2) return [];
  const unlike = findings.filter(
    ({ rule, cluster }) => rule.endsWith("-imbalance") && (cluster === side || cluster === "both"),
  );
  const named = new Set([...hosts[side], ...unlike.flatMap((finding) => finding.hosts)]);
  return lines
    .filter(({ host }) => named.has(host))
    .map(({ host, values }) => ({ host, level: mean(values) }))
    .sort((a, b) => b.level - a.level || (a.host < b.host ? -1 : 1))
    .slice(0, MOST_OUTLIERS)
    .map(({ host }) => host);
}

/** Counters that differ most, as the source has them, in buckets as wide as a step. */
async function counterCourses(input: CourseInput, stepMs: number): Promise<CounterCourse[]> {
  const measured = new Set(
    MEASURE_IDS.map((id) => patternPath(measurePattern(id, input.psi)).replace("(_Total)", "(*)")),
  );
  const differing = input.findings.filter(
    ({ rule, counter }) =>
      rule === "counter-difference" && !measured.has(counter.replace("(_Total)", "(*)")),
  );
  const chosen = [
    ...differing.filter(({ resource }) => resource === input.resource),
    ...differing.filter(({ resource }) => resource !== input.resource),
  ].slice(0, MOST_COUNTERS);
  if (chosen.length === 0) return [];
  const patterns = chosen.map(({ counter }) => patternOf(counter));
  const lines: { side: CourseSide; series: Awaited<ReturnType<typeof bucketLines>> }[] = [];
  for (const side of input.sides) {
    lines.push({ side, series: await bucketLines(side, patterns, stepMs) });
  }
  return chosen.map(({ counter, resource }, i) => {
    const unit = unitOf(patterns[i]!.counter);
    return {
      title: patterns[i]!.counter,
      counter,
      resource,
      unit,
      sides: lines.map(({ side, series }) => {
        const own = series[i]!.map(({ host, values }) => ({
          host,
          values: unit === "ms" ? values.map((value) => value * 1000) : values,
        }));
        return sideCourse(side.side, own, shownHosts(input, side, own));
      }),
    };
  });
}

/** Per pattern the lines of all hosts. */
async function bucketLines(
  { measured, work }: CourseSide,
  patterns: readonly SeriesPattern[],
  stepMs: number,
): Promise<HostLine[][]> {
  const { source, selector, originMs, bucketMs } = measured.side;
  const { from, to } = work.range;
  const fromMs = originMs + from * bucketMs;
  const steps = Math.ceil(((to - from) * bucketMs) / stepMs);
  const found = await source.buckets(selector, patterns, fromMs, stepMs);
  return patterns.map((pattern) => {
    const matches = patternMatcher(pattern);
    return found
      .filter(({ series }) => matches(series))
      .map((one) => ({ host: one.series.host, values: columnOf(one, steps) }));
  });
}

function patternOf(counter: string): SeriesPattern {
  const { object, counter: name, instance } = parseCounterPath(counter);
  return { object, counter: name, ...(instance ? { instance } : {}) };
}

/** By the unit that the counter's name tells, as `counterText` does. */
function unitOf(counter: string): CourseUnit {
  if (counter.includes("%")) return "%";
  if (counter.includes("Bytes")) return counter.endsWith("/sec") ? "B/s" : "B";
  if (counter.includes("sec/")) return "ms";
  return counter.endsWith("/sec") ? "1/s" : "";
}

function heatMap(input: CourseInput, width: number): HeatMap | null {
  const id = USE[input.resource].saturation;
  const rowsOf = (side: CourseSide): HeatMapRow[] => {
    const roles = new Map(side.measured.side.hosts.map(({ name, role }) => [name, role]));
    return measureLines(side, id, 1)
      .map(({ host, values }) => ({
        side: side.side,
        host,
        role: roles.get(host) ?? "",
        mean: mean(values),
        highest: values.reduce((most, value) => (value > most ? value : most), -Infinity),
        values: stepMeans(values, width),
      }))
      .sort((a, b) => b.mean - a.mean || (a.host < b.host ? -1 : 1));
  };
  const all = input.sides.map((side) => ({ side: side.side, rows: rowsOf(side) }));
  if (!all.some(({ rows }) => rows.length > 0)) return null;
  const { label, resource, unit } = measureDefinition(id);
  const leftOut = { baseline: 0, candidate: 0 };
  for (const { side, rows } of all) leftOut[side] = Math.max(0, rows.length - MOST_HEAT_ROWS);
  return {
    title: label,
    counter: patternPath(measurePattern(id, input.psi)),
    resource,
    unit: UNITS[unit],
    rows: all.flatMap(({ rows }) => rows.slice(0, MOST_HEAT_ROWS)),
    leftOut,
  };
}
