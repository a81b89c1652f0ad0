/** Pages of synthetic runs, made as the command line makes them. */
import { compareRuns } from "../../src/analysis/compare.ts";
import type { Comparison } from "../../src/analysis/comparison.ts";
import { NO_COURSES, type Courses } from "../../src/analysis/courses/course.ts";
import { comparisonCourses } from "../../src/analysis/courses/of-comparison.ts";
import type { MeasuredRuns } from "../../src/analysis/measured.ts";
import { diagnoseRun, type Diagnosis } from "../../src/analysis/run/diagnose.ts";
import type { Source } from "../../src/analysis/source.ts";
import { renderHtml } from "../../src/report/html.ts";
import { renderRunHtml } from "../../src/report/run-html.ts";
import { MemorySource, type MemoryRun } from "../analysis/memory-source.ts";

export interface ComparedPage {
  readonly comparison: Comparison;
  readonly courses: Courses;
  readonly page: string;
}

/** @param wrap what is put between the runs and the analysis */
export async function comparedPage(
  baseline: MemoryRun,
  candidate: MemoryRun,
  wrap: (source: Source) => Source = (source) => source,
): Promise<ComparedPage> {
  let measured: MeasuredRuns | undefined;
  const of = ({ cluster, run }: MemoryRun, memory: MemoryRun) => ({
    source: wrap(new MemorySource([memory])),
    run: { cluster, run },
  });
  const comparison = await compareRuns(of(baseline, baseline), of(candidate, candidate), {
    onMeasured: (runs) => (measured = runs),
  });
  const courses = measured ? await comparisonCourses(comparison, measured) : NO_COURSES;
  return { comparison, courses, page: renderHtml(comparison, courses) };
}

export async function runPage(
  run: MemoryRun,
  wrap: (source: Source) => Source = (source) => source,
): Promise<Diagnosis & { readonly page: string }> {
  const selector = { cluster: run.cluster, run: run.run };
  const diagnosis = await diagnoseRun(wrap(new MemorySource([run])), selector, {
    withCourses: true,
  });
  if (!diagnosis) throw new Error("the run holds no values");
  return { ...diagnosis, page: renderRunHtml(diagnosis.report, diagnosis.courses ?? NO_COURSES) };
}
