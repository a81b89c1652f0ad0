/**
 * The answer of a comparison, version 1 of its JSON form: documented in `docs/compare-json.md`,
 * checked by `test/analysis/compare-json.ts`. Renderers need nothing else.
 *
 * Numbers are rounded to 6 significant digits; `null` stands for what is not known.
 */
import type { ResourceName, StateName } from "./resources.ts";

export type SideName = "baseline" | "candidate";

export interface RunSummary {
  readonly cluster: string;
  readonly run: string;
  readonly hosts: readonly string[];
  /** Of the recorded window, ISO 8601 in UTC; null for an empty run. */
  readonly from: string | null;
  readonly to: string | null;
  /** Of the work where that is known (command, marks, span of activity), else of the recording. */
  readonly durationSeconds: number;
}

/** `error`: no verdict can be had; `warning`: it costs confidence; `info`: good to know. */
export type NoteSeverity = "error" | "warning" | "info";

export interface ComparabilityNote {
  /** Stable, kebab-case; all are listed in `docs/compare-json.md`. */
  readonly code: string;
  readonly severity: NoteSeverity;
  readonly message: string;
}

export interface InventoryDifference {
  /** Dotted path in the inventory: `cpu.logicalCpus`. */
  readonly key: string;
  readonly baseline: string | null;
  readonly candidate: string | null;
  readonly relevance: "high" | "medium" | "low";
}

export interface ResourceUse {
  /** Percent of capacity, mean over the hosts' time at work. */
  readonly utilization: number | null;
  /** Percent of time in which work waited for the resource, mean over the hosts' time at work. */
  readonly saturation: number | null;
  /** Per second, summed over the hosts. */
  readonly errors: number | null;
  /** What the saturation was read from. */
  readonly signal: string;
}

export interface ResourceComparison {
  readonly baseline: ResourceUse;
  readonly candidate: ResourceUse;
  /** Of the candidate against the baseline, by saturation. */
  readonly state: "better" | "same" | "worse" | "unknown";
}

export interface TimeAttribution {
  /** Shares of the wall time of each run; they sum to 1, or are all 0 for an empty run. */
  readonly baseline: Readonly<Record<StateName, number>>;
  readonly candidate: Readonly<Record<StateName, number>>;
  /** Durations that are divided; per unit of work where that is given. To the millisecond. */
  readonly seconds: Readonly<Record<SideName, number>>;
  /** Candidate minus baseline; they sum to the difference of `seconds`, to the millisecond. */
  readonly extraSeconds: Readonly<Record<StateName, number>>;
  /** What each side could save at most; largest first. */
  readonly upperBounds: readonly UpperBound[];
}

/** Without these stalls, if nothing else took their place. */
export interface UpperBound {
  readonly cluster: SideName;
  readonly resource: ResourceName;
  readonly seconds: number;
  /** What is left of the duration. */
  readonly remainingSeconds: number;
  /** As a sum that can be checked: `0.62 x 240 s = 148.8 s`. */
  readonly arithmetic: string;
}

/** A stretch of the work that both runs have. */
export interface Phase {
  readonly name: string;
  readonly source: "marks" | "change-points";
  readonly baseline: PhaseOfRun;
  readonly candidate: PhaseOfRun;
  readonly extraSeconds: Readonly<Record<StateName, number>>;
  /** What explains most of the phase's difference; `none` where no resource does. */
  readonly bottleneck: ResourceName | "none";
}

export interface PhaseOfRun {
  readonly from: string;
  readonly to: string;
  readonly seconds: number;
}

/** A host unlike the others of its cluster and role. */
export interface Straggler {
  readonly cluster: SideName;
  readonly host: string;
  readonly role: string;
  /** What it lost more time to than its peers, or `finish`: it was at work longer. */
  readonly what: ResourceName | "finish";
  readonly seconds: number;
  /** Median of the peers. */
  readonly peersSeconds: number;
}

export type Limit = ResourceName | "none" | "unknown";

export interface Verdict {
  readonly outcome: "difference" | "no-difference" | "inconclusive";
  readonly slower: SideName | "neither" | "unknown";
  readonly bottleneck: ResourceName | "none" | "inconclusive";
  /** Where the bottleneck is. */
  readonly cluster: SideName | "both" | null;
  readonly scope: "cluster" | "hosts" | null;
  /** The hosts that carry it, when it is not the whole cluster. */
  readonly hosts: readonly string[];
  /** 0 to 1; see `docs/analysis.md`. */
  readonly confidence: number;
  readonly summary: string;
}

export type Severity = "critical" | "warning" | "info";

export interface Finding {
  /** Unique in this comparison and the same for the same data: rule and counter. */
  readonly id: string;
  readonly rule: string;
  readonly resource: ResourceName | "system";
  readonly severity: Severity;
  readonly cluster: SideName | "both";
  readonly hosts: readonly string[];
  /** Counter path; `*` where several hosts or instances are meant. */
  readonly counter: string;
  readonly baseline: number | null;
  readonly candidate: number | null;
  /** Candidate by baseline; null where the baseline is zero or a side unknown. */
  readonly ratio: number | null;
  /** Of candidate minus baseline, 95 %. */
  readonly interval: readonly [number, number] | null;
  /** For ranking, larger is graver. */
  readonly score: number;
  readonly message: string;
  readonly why: string;
  readonly next: string;
  readonly sql: string;
}

export interface Comparison {
  readonly schema: 1;
  readonly baseline: RunSummary;
  readonly candidate: RunSummary;
  readonly comparability: readonly ComparabilityNote[];
  readonly inventory: readonly InventoryDifference[];
  readonly resources: Readonly<Record<ResourceName, ResourceComparison>>;
  readonly timeAttribution: TimeAttribution;
  readonly limits: { readonly baseline: Limit; readonly candidate: Limit };
  readonly verdict: Verdict;
  readonly phases: readonly Phase[];
  readonly stragglers: readonly Straggler[];
  readonly findings: readonly Finding[];
}
