/** What a person may choose about a comparison. */
import type { MeasuredRuns } from "./measured.ts";
import type { Rule } from "./rules/template.ts";
import type { RunSelector, Source } from "./source.ts";
import type { Thresholds } from "./thresholds.ts";

export interface RunOfSource {
  readonly source: Source;
  readonly run: RunSelector;
}

export interface ComparisonOptions {
  /** Units of work done by each run, where they differ: durations are then compared per unit. */
  readonly work?: { readonly baseline: number; readonly candidate: number };
  /** Smallest difference that matters, as a fraction; larger than the noise of repeats. */
  readonly margin?: number;
  /** Both selectors are the bounds of a phase: their lengths are how long the work took. */
  readonly phases?: boolean;
  /** Repeats of the baseline: what differs among them is noise. */
  readonly repeats?: readonly RunOfSource[];
  /** Instead of `RULES`. */
  readonly rules?: readonly Rule[];
  /** Instead of those of `THRESHOLDS`. */
  readonly thresholds?: Partial<Thresholds>;
  /** Most per-counter differences among the findings. */
  readonly mostDifferences?: number;
  /** Is given the columns that the answer rests on, for pictures. Not called where nothing can be said. */
  readonly onMeasured?: (runs: MeasuredRuns) => void;
}

export const DEFAULT_MARGIN = 0.1;
/** Fewer intervals of work than this a side carry no verdict. */
export const FEWEST_INTERVALS = 5;
