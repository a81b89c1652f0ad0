/** The verdict: which side is slower, and the resource that best explains it. */
import { unequalCapacity } from "./capacity.ts";
import { agreementOf, confidenceInDifference, confidenceInEquality } from "./confidence.ts";
import type { ComparabilityNote, ResourceComparison, SideName, Verdict } from "./comparison.ts";
import { overHosts, perHost, type SideFacts } from "./facts.ts";
import { measureInterval } from "./intervals.ts";
import { accountedFor, leadingResource } from "./limits.ts";
import type { MeasureId } from "./measures.ts";
import { RESOURCES, STATES, type ResourceName, type StateName } from "./resources.ts";
import type { Noise } from "./noise.ts";
import { scopeOf } from "./scope.ts";
import type { Thresholds } from "./thresholds.ts";
import { USE } from "./use.ts";
import type { Work } from "./work.ts";

export type BySide<T> = Readonly<Record<SideName, T>>;

/** A verdict without its sentences. */
export type Decision = Omit<Verdict, "summary">;

export interface VerdictInput {
  readonly work: Work;
  /** Whether `work` tells how long the work took (or how much was done). */
  readonly durationKnown: boolean;
  /** Seconds of each side, per unit of work where that is given, baseline's unit. */
  readonly seconds: BySide<number>;
  readonly margin: number;
  readonly shares: BySide<Readonly<Record<StateName, number>>>;
  /** Per host the share of the work's time in each state. */
  readonly hostShares: BySide<readonly Readonly<Record<StateName, number>>[]>;
  readonly resources: Readonly<Record<ResourceName, ResourceComparison>>;
  readonly facts: BySide<SideFacts>;
  readonly intervals: BySide<number>;
  readonly notes: readonly ComparabilityNote[];
  /** CPUs times clock, mean over the hosts; NaN where the clock is not known. */
  readonly cpuCapacity: BySide<number>;
  readonly limits: Thresholds;
  readonly noise: Noise;
  /** What is told of the cause is an inference from both runs, not a signal: less sure. */
  readonly inferred: boolean;
}

/**
 * A load that is there in both runs fills the longer one with its own resource too. What is waited for
 * more on the slower side is the likelier cause, what is waited for less the less likely one.
 */
const LIKELIHOOD = { worse: 2, same: 1, unknown: 1, better: 0.5 } as const;
export function decide(input: VerdictInput): Decision {
  const blocked = input.notes.some(({ severity }) => severity === "error");
  const { slower, certain } = slowerSide(input);
  if (blocked || !certain) return inconclusive(blocked ? slower : "unknown");
  if (slower === "unknown") return bySaturation(input);
  return slower === "neither" ? noDifference(input) : byDuration(input, slower);
}

function inconclusive(slower: Decision["slower"]): Decision {
  return {
    outcome: "inconclusive",
    slower,
    bottleneck: "inconclusive",
    cluster: null,
    scope: null,
    hosts: [],
    confidence: 0,
  };
}

/** Slower by more than the margin; `certain` is false where the resolution does not tell. */
export function slowerSide(input: VerdictInput): {
  slower: Decision["slower"];
  certain: boolean;
} {
  const { baseline, candidate } = input.seconds;
  if (!input.durationKnown || !(baseline > 0) || !(candidate > 0)) {
    return { slower: "unknown", certain: true };
  }
  const ratio = candidate / baseline;
  // The errors of the two sides are independent of each other.
  const slack = Math.hypot(
    input.work.candidate.resolutionSeconds / input.work.candidate.seconds,
    input.work.baseline.resolutionSeconds / input.work.baseline.seconds,
  );
  const most = 1 + input.margin;
  const low = ratio * (1 - slack);
  const high = ratio * (1 + slack);
  if (ratio > most) return { slower: "candidate", certain: low > 1 };
  if (ratio < 1 / most) return { slower: "baseline", certain: high < 1 };
  // Equality is claimed only where the whole interval lies inside the margin.
  return { slower: "neither", certain: high <= most && low >= 1 / most };
}

/** Of single runs nothing is known of what repeats of each would differ by: some more than the margin. */
export function differLikeRepeats(
  input: Pick<VerdictInput, "seconds" | "margin" | "limits" | "noise">,
): boolean {
  return input.noise.runs < 2 && effectOfDuration(input) < input.limits["single-runs-differ"] / 100;
}

function effectOfDuration({ seconds, margin }: Pick<VerdictInput, "seconds" | "margin">): number {
  return Math.abs(Math.log(seconds.candidate / seconds.baseline)) / Math.log(1 + margin);
}

function evidenceOf(input: VerdictInput) {
  return {
    hosts: Math.min(input.facts.baseline.hosts.length, input.facts.candidate.hosts.length),
    intervals: Math.min(input.intervals.baseline, input.intervals.candidate),
    notes: input.notes,
  };
}

function noDifference(input: VerdictInput): Decision {
  return {
    outcome: "no-difference",
    slower: "neither",
    bottleneck: "none",
    cluster: null,
    scope: null,
    hosts: [],
    confidence: confidenceInEquality({
      ...evidenceOf(input),
      effect: effectOfDuration(input),
      explained: 1,
      agreement: 1,
    }),
  };
}

function byDuration(input: VerdictInput, slower: SideName): Decision {
  const faster = otherSide(slower);
  const seconds = (side: SideName, state: StateName) =>
    input.shares[side][state] * input.seconds[side];
  const extra = Object.fromEntries(
    STATES.map((state) => [state, seconds(slower, state) - seconds(faster, state)]),
  ) as Record<StateName, number>;
  const difference = input.seconds[slower] - input.seconds[faster];
  const state = (resource: ResourceName) => stateOnSide(input.resources[resource].state, slower);
  const likely = { ...extra };
  for (const resource of RESOURCES) likely[resource] *= LIKELIHOOD[state(resource)];
  // Reclaim and page faults crowd the CPUs: a queue there is then no evidence against memory.
  if (state("memory") === "worse") likely.cpu = Math.min(likely.cpu, extra.cpu);
  const leading = leadingResource(likely);
  const explained = accountedFor(leading, likely, extra) / difference;
  const unexplained = (extra.waiting + extra.idle) / difference;
  const effect = effectOfDuration(input);
  const evidence = { ...evidenceOf(input), effect };
  const nothing = unexplained >= 0.5 && unexplained > explained;
  if (explained < input.limits["explains-from"] / 100 && !nothing) return inconclusive(slower);
  if (differLikeRepeats(input) && (nothing || state(leading) !== "worse"))
    return inconclusive(slower);
  if (nothing) {
    return {
      outcome: "difference",
      slower,
      bottleneck: "none",
      cluster: slower,
      scope: "cluster",
      hosts: [],
      confidence: confidenceInDifference({ ...evidence, explained: unexplained, agreement: 0.5 }),
    };
  }
  const hostSeconds = (side: SideName) =>
    input.facts[side].hosts.map(({ name, role }, i) => ({
      name,
      role,
      value: (input.hostShares[side][i]?.[leading] ?? 0) * input.seconds[side],
    }));
  return {
    outcome: "difference",
    slower,
    bottleneck: leading,
    cluster: slower,
    ...scopeOf(hostSeconds(slower), hostSeconds(faster), input.limits),
    confidence: confidenceInDifference({
      ...evidence,
      explained,
      agreement:
        leading === "network" && input.inferred
          ? 0
          : agreementOf(leading, input.facts[slower], input.facts[faster]),
    }),
  };
}

/** The state of the candidate, or what it means for the baseline. */
function stateOnSide(
  state: ResourceComparison["state"],
  side: SideName,
): ResourceComparison["state"] {
  if (side === "candidate") return state;
  return state === "worse" ? "better" : state === "better" ? "worse" : state;
}

interface Change {
  readonly resource: ResourceName;
  readonly change: number;
  readonly low: number;
  readonly high: number;
  /** Points that matter: beyond the noise of repeats. */
  readonly least: number;
}

/** Where durations are unknown: what waits more on one side, beyond what chance and margin allow. */
function bySaturation(input: VerdictInput): Decision {
  const waits = RESOURCES.flatMap((resource) =>
    changeOf(resource, USE[resource].saturation, input),
  );
  const isGrave = ({ change, low, high, least }: Change) =>
    Math.abs(change) >= least && (low > 0 || high < 0);
  const grave = waits.filter(isGrave);
  const evidence = evidenceOf(input);
  if (grave.length > 0) {
    const sizes = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<
      StateName,
      number
    >;
    for (const { resource, change } of grave) sizes[resource] = Math.abs(change);
    const leading = leadingResource(sizes);
    const { change } = grave.find(({ resource }) => resource === leading)!;
    const worse: SideName = change > 0 ? "candidate" : "baseline";
    const better = otherSide(worse);
    const { saturation } = USE[leading];
    const suffering = (side: SideName) => {
      const values = perHost(input.facts[side], saturation);
      return input.facts[side].hosts.map(({ name, role }, i) => ({
        name,
        role,
        value: values[i]!,
      }));
    };
    return {
      outcome: "difference",
      slower: "unknown",
      bottleneck: leading,
      cluster: worse,
      ...scopeOf(suffering(worse), suffering(better), input.limits),
      confidence: confidenceInDifference({
        ...evidence,
        effect: Math.abs(change) / input.limits.points,
        // Without a duration nothing is known of what it explains.
        explained: 0.4,
        agreement: agreementOf(leading, input.facts[worse], input.facts[better]),
      }),
    };
  }
  const capacity = unequalCapacity(input.facts, input.cpuCapacity, input.limits);
  if (capacity) {
    const { resource, cluster, ratio } = capacity;
    return {
      outcome: "difference",
      slower: "unknown",
      bottleneck: resource,
      cluster,
      scope: "cluster",
      hosts: [],
      confidence: confidenceInDifference({
        ...evidence,
        effect: Math.log(ratio) / Math.log(1 + input.margin),
        explained: 0.4,
        agreement: 0.5,
      }),
    };
  }
  const uses = RESOURCES.flatMap((resource) => {
    const { utilization } = USE[resource];
    // A device that serves requests side by side is "busy" long before anything waits for it.
    if (!utilization || resource === "disk") return [];
    return changeOf(resource, utilization, input);
  });
  const all = [...waits, ...uses];
  if (all.length > 0 && all.every(({ low, high, least }) => low >= -least && high <= least)) {
    const most = Math.max(...all.map(({ change }) => Math.abs(change)));
    return {
      ...noDifference(input),
      confidence: confidenceInEquality({
        ...evidence,
        effect: most / input.limits.points,
        explained: 1,
        agreement: 1,
      }),
    };
  }
  const used = uses.filter(isGrave);
  if (used.length === 0) return inconclusive("unknown");
  const most = Math.max(...used.map(({ change }) => Math.abs(change)));
  return {
    outcome: "difference",
    slower: "unknown",
    bottleneck: "none",
    cluster: null,
    scope: null,
    hosts: [],
    confidence: confidenceInDifference({
      ...evidence,
      effect: most / input.limits.points,
      explained: 0.4,
      agreement: 0.5,
    }),
  };
}

function changeOf(
  resource: ResourceName,
  measure: MeasureId,
  { facts, limits, noise }: VerdictInput,
): Change[] {
  const interval = measureInterval(measure, facts);
  if (!interval) return [];
  const change = overHosts(facts.candidate, measure) - overHosts(facts.baseline, measure);
  const least = Math.max(limits.points, noise.means.get(measure) ?? 0);
  return [{ resource, change, ...interval, least }];
}

export function otherSide(side: SideName): SideName {
  return side === "baseline" ? "candidate" : "baseline";
}
