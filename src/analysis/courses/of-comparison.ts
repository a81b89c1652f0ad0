/** The pictures of a comparison. */
import type { Comparison } from "../comparison.ts";
import type { MeasuredRuns } from "../measured.ts";
import { RESOURCES, type ResourceName } from "../resources.ts";
import type { Courses } from "./course.ts";
import { gatherCourses } from "./gather.ts";

export function comparisonCourses(
  comparison: Comparison,
  { measured, work, psi }: MeasuredRuns,
): Promise<Courses> {
  const { cluster, hosts } = comparison.verdict;
  return gatherCourses({
    sides: (["baseline", "candidate"] as const).map((side) => ({
      side,
      measured: measured[side],
      work: work[side],
    })),
    psi,
    rest: work.source === "recording" ? "idle" : "waiting",
    resource: focusOf(comparison),
    findings: comparison.findings,
    hosts: {
      baseline: [],
      candidate: [],
      ...(cluster && cluster !== "both" ? { [cluster]: hosts } : {}),
    },
  });
}

/** The losing resource; else what limits a side; else what was waited for most. */
export function focusOf({ verdict, limits, resources }: Comparison): ResourceName {
  const named = [verdict.bottleneck, limits.candidate, limits.baseline].find((name) =>
    (RESOURCES as readonly string[]).includes(name),
  );
  if (named !== undefined) return named as ResourceName;
  const waited = (resource: ResourceName) =>
    Math.max(
      resources[resource].baseline.saturation ?? 0,
      resources[resource].candidate.saturation ?? 0,
    );
  return RESOURCES.reduce((most, resource) => (waited(resource) > waited(most) ? resource : most));
}
