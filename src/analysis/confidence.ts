/**
 * How far a verdict can be trusted, 0 to 1: a product of what the evidence lacks. The formulas and
 * how they were checked are in `docs/analysis.md`.
 */
import type { ComparabilityNote } from "./comparison.ts";
import type { SideFacts } from "./facts.ts";
import type { MeasureId } from "./measures.ts";
import { overHosts } from "./facts.ts";
import type { ResourceName } from "./resources.ts";
import { clamp } from "./statistics/round.ts";

export interface Evidence {
  /** Hosts of the smaller side. */
  readonly hosts: number;
  /** Intervals of work of the shorter side. */
  readonly intervals: number;
  /** Effect in units of the smallest that matters; 1 = just at the margin. */
  readonly effect: number;
  /** Part of the difference that the bottleneck explains, 0 to 1. */
  readonly explained: number;
  /** Part of the resource's signals that moved the same way, 0 to 1. */
  readonly agreement: number;
  readonly notes: readonly ComparabilityNote[];
}

export function confidenceInDifference(evidence: Evidence): number {
  const { effect, explained, agreement } = evidence;
  const size = (effect * effect) / (effect * effect + 1);
  const cause = (0.5 + 0.5 * clamp(explained)) * (0.7 + 0.3 * clamp(agreement));
  return bounded(carried(evidence) * size * cause);
}

/** @param evidence `effect` is how much of the margin the remaining difference takes up */
export function confidenceInEquality(evidence: Evidence): number {
  return bounded(carried(evidence) * (1 - 0.5 * clamp(evidence.effect)));
}

function carried({ hosts, intervals, notes }: Evidence): number {
  const warnings = notes.filter(({ severity }) => severity === "warning");
  const failed = warnings.some(({ code }) => code === "command-failed") ? 0.5 : 1;
  return (
    (1 - 0.35 / Math.sqrt(Math.max(1, hosts))) *
    (intervals / (intervals + 3)) *
    0.9 ** warnings.length *
    failed
  );
}

function bounded(value: number): number {
  return Math.round(100 * clamp(value, 0, 0.99)) / 100;
}

/** Signals that should all rise with a resource's shortage, and by how much to count. */
const SIGNS: Readonly<Record<ResourceName, readonly (readonly [MeasureId, number])[]>> = {
  cpu: [
    ["cpuWait", 3],
    ["quotaStop", 3],
    ["queuePerCpu", 0.2],
    ["cpuUse", 3],
  ],
  memory: [
    ["memoryStall", 3],
    ["swapTraffic", 20],
    ["directScans", 20],
    ["majorFaults", 10],
    ["memoryUse", 3],
  ],
  disk: [
    ["diskStall", 3],
    ["ioWait", 3],
    ["diskUse", 3],
    ["diskLatency", 1],
    ["diskQueue", 0.2],
  ],
  network: [
    ["linkUse", 3],
    ["sendStall", 3],
    ["retransmitted", 0.2],
    ["linkDrops", 1],
  ],
  virtualization: [
    ["steal", 1],
    ["missing", 1],
  ],
};

/** Where there is no quota, no counter tells that nothing was stopped by one. */
const ABSENT_IS_NONE: ReadonlySet<MeasureId> = new Set(["quotaStop"]);

/** Of the signals that differ at all, the part that is higher on the worse side; 0.5 when none. */
export function agreementOf(resource: ResourceName, worse: SideFacts, better: SideFacts): number {
  let up = 0;
  let moved = 0;
  for (const [measure, least] of SIGNS[resource]) {
    const before = overHosts(better, measure);
    const none = ABSENT_IS_NONE.has(measure) && before !== before;
    const change = overHosts(worse, measure) - (none ? 0 : before);
    if (!(Math.abs(change) >= least)) continue;
    moved++;
    if (change > 0) up++;
  }
  return moved > 0 ? up / moved : 0.5;
}
