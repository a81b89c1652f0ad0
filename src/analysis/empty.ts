/** The answer where nothing can be compared: the same shape, all of it unknown. */
import type { ComparabilityNote, Comparison, ResourceUse, SideName } from "./comparison.ts";
import { byState, RESOURCES, type ResourceName } from "./resources.ts";
import type { RunDescription } from "./source.ts";

const UNKNOWN_USE: ResourceUse = { utilization: null, saturation: null, errors: null, signal: "" };

export function emptyComparison(
  runs: Readonly<Record<SideName, RunDescription>>,
  notes: readonly ComparabilityNote[],
): Comparison {
  const summary = (side: SideName) => {
    const { cluster, run, hosts, fromMs, toMs, command } = runs[side];
    const known = hosts.some(({ samples }) => samples > 0);
    return {
      cluster,
      run,
      hosts: hosts.map(({ name }) => name).sort(),
      from: known ? new Date(fromMs).toISOString() : null,
      to: known ? new Date(toMs).toISOString() : null,
      durationSeconds: command?.durationSeconds ?? (known ? (toMs - fromMs) / 1000 : 0),
    };
  };
  const unknown = { baseline: UNKNOWN_USE, candidate: UNKNOWN_USE, state: "unknown" as const };
  const nothing = byState(() => 0);
  return {
    schema: 1,
    baseline: summary("baseline"),
    candidate: summary("candidate"),
    comparability: notes,
    inventory: [],
    resources: Object.fromEntries(RESOURCES.map((resource) => [resource, unknown])) as Record<
      ResourceName,
      typeof unknown
    >,
    timeAttribution: {
      baseline: nothing,
      candidate: nothing,
      seconds: {
        baseline: summary("baseline").durationSeconds,
        candidate: summary("candidate").durationSeconds,
      },
      extraSeconds: nothing,
      upperBounds: [],
    },
    limits: { baseline: "unknown", candidate: "unknown" },
    verdict: {
      outcome: "inconclusive",
      slower: "unknown",
      bottleneck: "inconclusive",
      cluster: null,
      scope: null,
      hosts: [],
      confidence: 0,
      summary: `No verdict: ${notes.map(({ message }) => message).join(" ")}`,
    },
    phases: [],
    stragglers: [],
    findings: [],
  };
}
