/** The verdict in words that can go into a mail as they are. */
import type {
  Comparison,
  ComparabilityNote,
  Finding,
  Limit,
  RunSummary,
  SideName,
} from "./comparison.ts";
import { measureText, secondsText, shortNumber } from "./number-text.ts";
import { RESOURCE_LABELS, STATES, type ResourceName, type StateName } from "./resources.ts";
import { otherSide, type Decision } from "./verdict.ts";

export interface SummaryInput {
  readonly decision: Decision;
  readonly runs: Readonly<Record<SideName, RunSummary>>;
  readonly durationKnown: boolean;
  /** Seconds as compared: per unit of work where that is given. */
  readonly seconds: Readonly<Record<SideName, number>>;
  readonly extra: Readonly<Record<StateName, number>>;
  readonly limits: Comparison["limits"];
  /** Percent of time, over the hosts that carry the difference. */
  readonly saturation: Readonly<Record<SideName, Readonly<Record<ResourceName, number | null>>>>;
  /** Runnable tasks per CPU, over the same hosts; NaN when unknown. */
  readonly queuePerCpu: Readonly<Record<SideName, number>>;
  /** The findings about programs; see `consumers.ts`. */
  readonly consumers: readonly Finding[];
  readonly notes: readonly ComparabilityNote[];
  /** Points of saturation that are worth telling. */
  readonly notablePoints: number;
  /** The network is named because the same packets took longer, not because it was at a limit. */
  readonly exchange: boolean;
  /** The difference is no larger than repeats of one run may have. */
  readonly likeRepeats: boolean;
  /** What the network is slow towards, where it is storage. */
  readonly storage?: string;
}

export function summarize(input: SummaryInput): string {
  const { outcome } = input.decision;
  const sentences =
    outcome === "inconclusive"
      ? inconclusiveText(input)
      : outcome === "no-difference"
        ? noDifferenceText(input)
        : differenceText(input);
  return sentences.filter((sentence) => sentence !== "").join(" ");
}

function inconclusiveText({ decision, notes, runs, seconds, likeRepeats }: SummaryInput): string[] {
  const reasons = notes.filter(({ severity }) => severity === "error");
  const fact =
    decision.slower === "baseline" || decision.slower === "candidate"
      ? `The ${named(decision.slower, runs)} took longer (${secondsText(seconds[decision.slower])} against ${secondsText(seconds[otherSide(decision.slower)])}).`
      : "";
  const why =
    reasons.length > 0
      ? reasons.map(({ message }) => message).join(" ")
      : decision.slower === "unknown"
        ? "The runs differ by no more than the noise in them, and the recordings are too short or too uneven to call them equal."
        : likeRepeats
          ? "Nothing is waited for more there, and single runs of one and the same may differ by as much: record repeats (--baseline-runs)."
          : "No resource explains enough of the difference.";
  return ["No verdict:", fact, why];
}

function noDifferenceText({ runs, durationKnown, seconds, limits }: SummaryInput): string[] {
  const times = durationKnown
    ? ` (${secondsText(seconds.baseline)} and ${secondsText(seconds.candidate)})`
    : "";
  return [
    durationKnown
      ? `No difference: ${label(runs.baseline)} and ${label(runs.candidate)} took the same time within the margin${times}.`
      : `No difference: ${label(runs.baseline)} and ${label(runs.candidate)} used and waited for all resources alike.`,
    limits.baseline === "none" && limits.candidate === "none"
      ? "Neither run was limited by a hardware resource."
      : limits.baseline === limits.candidate
        ? limitText("Both runs were", limits.baseline)
        : `${limitText("The baseline was", limits.baseline)} ${limitText("The candidate was", limits.candidate)}`,
  ];
}

function limitText(who: string, limit: Limit): string {
  if (limit === "unknown") return "";
  return limit === "none"
    ? `${who} not limited by any hardware resource.`
    : `${who} limited by ${RESOURCE_LABELS[limit]}.`;
}

function differenceText(input: SummaryInput): string[] {
  const { decision, runs, seconds, extra } = input;
  const { slower, bottleneck, cluster } = decision;
  if (slower === "unknown" || slower === "neither") {
    if (bottleneck === "none" || bottleneck === "inconclusive" || !cluster || cluster === "both") {
      return [
        "The runs use resources differently, but nothing waited notably for any of them;",
        "how long the work took is not known, so neither side can be called slower.",
      ];
    }
    const high = input.saturation[cluster][bottleneck] ?? 0;
    const low = input.saturation[otherSide(cluster)][bottleneck] ?? 0;
    if (high - low < input.notablePoints) {
      return [
        `Both runs were held up by ${RESOURCE_LABELS[bottleneck]}, which can do less in ${label(runs[cluster])}:`,
        `${WAITED[bottleneck]} ${measureText(high, "%")} of the time there and ${measureText(low, "%")} in the other run, and less was done meanwhile.`,
        "How long the work took is not known, so neither side is called slower.",
      ];
    }
    return [
      `${label(runs[cluster])} is short of ${RESOURCE_LABELS[bottleneck]}${onHosts(decision)}:`,
      `${saturationText(bottleneck, cluster, input)}.`,
      "How long the work took is not known, so neither side is called slower.",
    ];
  }
  const faster = otherSide(slower);
  const percent = Math.round(100 * (seconds[slower] / seconds[faster] - 1));
  const more = seconds[slower] - seconds[faster];
  const first = `${label(runs[slower])} (${slower}) took ${percent} % longer than ${label(runs[faster])}: ${secondsText(seconds[slower])} against ${secondsText(seconds[faster])}.`;
  // Extra seconds are candidate minus baseline.
  const sign = slower === "candidate" ? 1 : -1;
  if (bottleneck === "none" || bottleneck === "inconclusive") {
    return [
      first,
      `No hardware bottleneck explains it: ${partText(sign * (extra.waiting + extra.idle), more)} passed while no resource was the limit (waiting for a lock, a timer, a peer, or a service that is not recorded).`,
    ];
  }
  return [
    first,
    `The bottleneck is ${RESOURCE_LABELS[bottleneck]}${onHosts(decision)}:`,
    `${partText(sign * extra[bottleneck], more)} went there${restText(bottleneck, sign, more, extra)};`,
    `${saturationText(bottleneck, slower, input)}.`,
    consumerText(slower, input),
    storageText(input),
  ];
}

/** Where the bottleneck explains but a part: what had the most of the rest. */
function restText(
  bottleneck: StateName,
  sign: number,
  whole: number,
  extra: Readonly<Record<StateName, number>>,
): string {
  if (sign * extra[bottleneck] >= 0.6 * whole) return "";
  const [next] = STATES.filter((state) => state !== bottleneck).sort(
    (a, b) => sign * (extra[b] - extra[a]),
  );
  return next === undefined
    ? ""
    : `, ${secondsText(sign * extra[next])} more ${next === "waiting" || next === "idle" ? RESOURCE_LABELS[next] : `with ${RESOURCE_LABELS[next]} as the limit`}`;
}

/** One task that waits makes pressure full; only the queue tells how many share the CPUs. */
const CROWDED_RATIO = 1.25;
const CROWDED_MORE = 0.3;

function alikeText(resource: ResourceName, worse: SideName, { queuePerCpu }: SummaryInput): string {
  const high = queuePerCpu[worse];
  const low = queuePerCpu[otherSide(worse)];
  return resource === "cpu" && high >= CROWDED_RATIO * low && high - low >= CROWDED_MORE
    ? `more tasks share the CPUs there: ${shortNumber(high)} runnable per CPU against ${shortNumber(low)}`
    : ALIKE[resource];
}

/** The program that uses more of the bottleneck on the slower side, if one stands out. */
function consumerText(worse: SideName, { consumers }: SummaryInput): string {
  const more = consumers.find(({ cluster }) => cluster === worse);
  return more ? `More was used there by ${more.message}` : "";
}

function storageText({ storage }: SummaryInput): string {
  return storage === undefined
    ? ""
    : `The storage is at the other end of that network: ${storage}; the local disks are idle.`;
}

/** Other states may have taken less, so that one gains more than the whole difference. */
function partText(part: number, whole: number): string {
  return part >= 0.98 * whole
    ? `all of the additional ${secondsText(whole)}`
    : `${secondsText(part)} of the additional ${secondsText(whole)}`;
}

/** What it is to wait for a resource. */
export const WAITED: Readonly<Record<ResourceName, string>> = {
  cpu: "tasks waited for a CPU",
  memory: "tasks waited for memory",
  disk: "tasks waited for I/O",
  network: "the network was at its limit",
  virtualization: "the hypervisor took the CPUs",
};

/** Where a side takes longer with a resource without waiting longer for it. */
const ALIKE: Readonly<Record<ResourceName, string>> = {
  cpu: "the CPUs are slower or fewer, or the same work took more CPU time",
  memory: "the work needed more memory for longer",
  disk: "the disk is slower, or more was read or written",
  network: "the network is slower, or more was sent",
  virtualization: "the hypervisor took about the same part on both sides",
};

function saturationText(resource: ResourceName, worse: SideName, input: SummaryInput): string {
  const high = input.saturation[worse][resource];
  const low = input.saturation[otherSide(worse)][resource];
  if (resource === "network" && input.exchange) {
    return "the hosts waited while they exchanged the same packets at a lower rate: the way is longer or limited, or what answers at its end is slower";
  }
  const text = (value: number | null) =>
    value === null ? "an unknown part" : measureText(value, "%");
  if (high !== null && low !== null && high - low < input.notablePoints) {
    const alike = `${WAITED[resource]} about equally in both runs (${text(high)} and ${text(low)} of the time)`;
    // A program that took more says more than what can be guessed.
    return consumerText(worse, input) === ""
      ? `${alike}, so ${alikeText(resource, worse, input)}`
      : alike;
  }
  return `${WAITED[resource]} ${text(high)} of the time there, ${text(low)} in the other run`;
}

function onHosts({ scope, hosts }: Decision): string {
  if (scope !== "hosts" || hosts.length === 0) return "";
  const shown =
    hosts.slice(0, 3).join(", ") + (hosts.length > 3 ? ` and ${hosts.length - 3} more` : "");
  return `, on ${shown} only`;
}

export function label({ cluster, run }: RunSummary): string {
  return `${cluster}/${run}`;
}

function named(side: SideName, runs: Readonly<Record<SideName, RunSummary>>): string {
  return `${side} (${label(runs[side])})`;
}
