/**
 * What the pictures of a report show: few enough points that a page of 200 hosts stays small. Times
 * are relative to the start of the work, one step for both sides, so that sides lie over each other.
 */
import type { SideName } from "../comparison.ts";
import type { ResourceName, StateName } from "../resources.ts";

/** `B`, `B/s` and `1/s` take decimal prefixes where they are shown; `""` is a bare count. */
export type CourseUnit = "%" | "" | "B" | "B/s" | "1/s" | "ms" | "CPUs";

/** A host's own line: it stands out, or is named by the verdict. */
export interface HostLine {
  readonly host: string;
  /** One value per step; NaN where there is none. */
  readonly values: Float64Array;
}

/** One side's hosts at each step; NaN where no host has a value. */
export interface SideCourse {
  readonly side: SideName;
  readonly hosts: number;
  readonly median: Float64Array;
  /** The quartiles, nearest rank: the middle half of the hosts lies between. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly outliers: readonly HostLine[];
}

export interface CounterCourse {
  /** In words: `time in which tasks waited for I/O`. */
  readonly title: string;
  /** Counter path with `*` for hosts. */
  readonly counter: string;
  readonly resource: ResourceName | "system";
  readonly unit: CourseUnit;
  readonly sides: readonly SideCourse[];
}

export interface HeatMapRow extends HostLine {
  readonly side: SideName;
  readonly role: string;
  /** Over the time at work. */
  readonly mean: number;
  readonly highest: number;
}

export interface HeatMap {
  readonly title: string;
  readonly counter: string;
  readonly resource: ResourceName | "system";
  readonly unit: CourseUnit;
  /** By side, the hosts with the highest means first. */
  readonly rows: readonly HeatMapRow[];
  /** Hosts that are not shown: those with the lowest means. */
  readonly leftOut: Readonly<Record<SideName, number>>;
}

/** How the wall time of a side is divided among states; shares of a step sum to 1, or all are NaN. */
export interface StateCourse {
  readonly side: SideName;
  readonly shares: Readonly<Record<StateName, Float64Array>>;
}

export interface Courses {
  /** Of lines and states; step k is (k·stepSeconds, (k+1)·stepSeconds]. */
  readonly stepSeconds: number;
  readonly states: readonly StateCourse[];
  readonly counters: readonly CounterCourse[];
  /** Of the heat map, whose steps are wider. */
  readonly heatStepSeconds: number;
  readonly heatMap: HeatMap | null;
}

export const NO_COURSES: Courses = {
  stepSeconds: 1,
  states: [],
  counters: [],
  heatStepSeconds: 1,
  heatMap: null,
};
