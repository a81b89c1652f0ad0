/** The verdict in words that can go into a mail as they are. */
import type {
  Comparison,
  ComparabilityNote,
  Limit,
  ResourceComparison,
  RunSummary,
  SideName,
} from "./comparison.ts";
import { measureText, secondsText } from "./number-text.ts";
import { RESOURCE_LABELS, type ResourceName, type StateName } from "./resources.ts";
import { otherSide, type Decision } from "./verdict.ts";

export interface SummaryInput {
  readonly decision: Decision;
  readonly runs: Readonly<Record<SideName, RunSummary>>;
  readonly durationKnown: boolean;
  /** Seconds as compared: per unit of work where that is given. */
  readonly seconds: Readonly<Record<SideName, number>>;
  readonly extra: Readonly<Record<StateName, number>>;
  readonly limits: Comparison["limits"];
  readonly resources: Readonly<Record<ResourceName, ResourceComparison>>;
  readonly notes: readonly ComparabilityNote[];
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

function inconclusiveText({ decision, notes, runs, seconds }: SummaryInput): string[] {
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
    limits.baseline === limits.candidate
      ? limitText("Both runs are", limits.baseline)
      : `${limitText("The baseline is", limits.baseline)} ${limitText("The candidate is", limits.candidate)}`,
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
    return [
      `${label(runs[cluster])} is short of ${RESOURCE_LABELS[bottleneck]}${onHosts(decision)}:`,
      `${saturationText(bottleneck, cluster, input)}.`,
      "How long the work took is not known, so neither side is called slower.",
    ];
  }
  const faster = otherSide(slower);
  const percent = Math.round(100 * (seconds[slower] / seconds[faster] - 1));
  const more = seconds[slower] - seconds[faster];
  const first = `${label(runs[slower])} (${slower}) is ${percent} % slower than ${label(runs[faster])}: ${secondsText(seconds[slower])} against ${secondsText(seconds[faster])}.`;
  // Extra seconds are candidate minus baseline.
  const sign = slower === "candidate" ? 1 : -1;
  if (bottleneck === "none" || bottleneck === "inconclusive") {
    return [
      first,
      `No hardware bottleneck explains it: of ${secondsText(more)} more, ${secondsText(sign * (extra.waiting + extra.idle))} passed while no resource was the limit (waiting for a lock, a timer, a peer, or a service that is not recorded).`,
    ];
  }
  return [
    first,
    `The bottleneck is ${RESOURCE_LABELS[bottleneck]}${onHosts(decision)}: of ${secondsText(more)} more, ${secondsText(sign * extra[bottleneck])} went there;`,
    `${saturationText(bottleneck, slower, input)}.`,
  ];
}

const WAITED: Readonly<Record<ResourceName, string>> = {
  cpu: "tasks waited for a CPU",
  memory: "tasks waited for memory",
  disk: "tasks waited for I/O",
  network: "the network was at its limit",
  virtualization: "the hypervisor took the CPUs",
};

function saturationText(resource: ResourceName, worse: SideName, input: SummaryInput): string {
  const compared = input.resources[resource];
  const high = compared[worse].saturation;
  const low = compared[otherSide(worse)].saturation;
  const text = (value: number | null) =>
    value === null ? "an unknown part" : measureText(value, "%");
  return `${WAITED[resource]} ${text(high)} of the time there, ${text(low)} in the other run`;
}

function onHosts({ scope, hosts }: Decision): string {
  if (scope !== "hosts" || hosts.length === 0) return "";
  const shown = hosts.slice(0, 3).join(", ") + (hosts.length > 3 ? ` and ${hosts.length - 3} more` : "");
  return `, on ${shown} only`;
}

export function label({ cluster, run }: RunSummary): string {
  return `${cluster}/${run}`;
}

function named(side: SideName, runs: Readonly<Record<SideName, RunSummary>>): string {
  return `${side} (${label(runs[side])})`;
}
