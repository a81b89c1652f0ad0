/**
 * Compares two runs. Deterministic: the same data gives the same object, to the last digit, from
 * whatever store it comes.
 */
import { extraSeconds, hostShares, wallShares } from "./attribution.ts";
import { findCauses } from "./causes.ts";
import { comparability, measuredNotes, obstacles, type BySide } from "./comparability.ts";
import type { Comparison, ComparabilityNote, Finding, SideName } from "./comparison.ts";
import { consumerFindings, consumerPatterns } from "./consumers.ts";
import { differenceFindings } from "./difference-findings.ts";
import type { Scales } from "./differences.ts";
import type { EvidenceContext } from "./evidence.ts";
import { emptyComparison } from "./empty.ts";
import {
  measureSide,
  overHosts,
  sideFacts,
  withCauses,
  type MeasuredSide,
  type SideFacts,
} from "./facts.ts";
import { ruleFindings } from "./findings.ts";
import { inventoryDifferences } from "./inventory-differences.ts";
import { limitOf } from "./limits.ts";
import type { PsiUse } from "./measures.ts";
import { NO_NOISE, type Noise } from "./noise.ts";
import { DEFAULT_MARGIN, type ComparisonOptions, type RunOfSource } from "./options.ts";
import { findPhases } from "./phases.ts";
import { remoteStorage, remoteStorageFinding, type RemoteStorage } from "./remote-storage.ts";
import { noiseOfRepeats } from "./repeats.ts";
import { hostWeights } from "./roles.ts";
import { roundedComparison } from "./rounding.ts";
import { RULES } from "./rules/index.ts";
import {
  bucketWidthMs,
  cpuCapacity,
  loadSide,
  signalsToFetch,
  workSelector,
  type Side,
} from "./side.ts";
import { runSummary } from "./run-summary.ts";
import type { RunDescription } from "./source.ts";
import { findStragglers } from "./stragglers.ts";
import { summarize } from "./summary.ts";
import { DEFAULT_THRESHOLDS, type Thresholds } from "./thresholds.ts";
import { roundedParts, roundedSeconds, upperBounds } from "./upper-bounds.ts";
import { RESOURCES, type ResourceName } from "./resources.ts";
import { compareUse, saturationIn } from "./use.ts";
import { decide, differLikeRepeats, type Decision } from "./verdict.ts";
import { measureWork, type Work } from "./work.ts";

const DEFAULT_DIFFERENCES = 20;

/**
 * @returns always a comparison; what cannot be compared is `inconclusive`, with notes of severity
 *   `error` that say why
 */
export async function compareRuns(
  baseline: RunOfSource,
  candidate: RunOfSource,
  options: ComparisonOptions = {},
): Promise<Comparison> {
  const of = { baseline, candidate };
  const limits: Thresholds = { ...DEFAULT_THRESHOLDS, ...options.thresholds };
  const described = await bothSides((side) => of[side].source.describeRun(of[side].run));
  const coverage = await bothSides((side) => of[side].source.coverage(of[side].run));
  const stop = obstacles(described, coverage);
  if (stop.length > 0) return roundedComparison(emptyComparison(described, stop));
  const runs = eachSide((side) => withValues(described[side]));

  const bucketMs = bucketWidthMs([runs.baseline, runs.candidate]);
  const signals = signalsToFetch([runs.baseline, runs.candidate], bucketMs);
  const sides = await bothSides((side) =>
    loadSide(of[side].source, of[side].run, runs[side], bucketMs, signals),
  );
  const psiOf = eachSide((side) => psiOfSide(sides[side]));
  const psi: PsiUse = {
    cpu: psiOf.baseline.cpu && psiOf.candidate.cpu,
    memory: psiOf.baseline.memory && psiOf.candidate.memory,
    io: psiOf.baseline.io && psiOf.candidate.io,
  };
  const byThemselves = eachSide((side) => measureSide(sides[side], psi, limits));
  const work = measureWork(byThemselves.baseline, byThemselves.candidate, options, limits);
  const durationKnown = work.source !== "recording" || options.work !== undefined;
  const perUnit = options.work ? options.work.candidate / options.work.baseline : 1;
  const seconds = {
    baseline: roundedSeconds(work.baseline.seconds),
    candidate: roundedSeconds(work.candidate.seconds / perUnit),
  };
  const rest = work.source === "recording" ? "idle" : "waiting";
  const sharesOf = (measured: BySide<MeasuredSide>) =>
    eachSide((side) => wallShares(measured[side].states, work[side].range, rest, limits));
  const causes = durationKnown
    ? findCauses({
        measured: byThemselves,
        work,
        seconds,
        shares: sharesOf(byThemselves),
        limits,
      })
    : undefined;
  const measured = causes
    ? eachSide((side) => withCauses(byThemselves[side], psi, limits, causes))
    : byThemselves;
  const shares = causes ? sharesOf(measured) : sharesOf(byThemselves);
  options.onMeasured?.({ measured, work, psi });

  const weights = hostWeights(eachSide((side) => sides[side].hosts.map(({ role }) => role)));
  const facts = eachSide((side) => sideFacts(measured[side], work[side].range, weights[side]));
  const intervals = eachSide((side) => usableIntervals(measured[side], work, side));
  const noise = options.repeats
    ? await noiseOfRepeats(
        options.repeats,
        { side: sides.baseline, psi, bucketMs, signals },
        work,
        options,
        limits,
      )
    : NO_NOISE;
  const notes: ComparabilityNote[] = [
    ...comparability(described, coverage),
    ...measuredNotes({ facts, intervals, psi, psiOf, work, bucketMs, noise }),
  ];
  const extra = roundedParts(
    extraSeconds(shares.baseline, seconds.baseline, shares.candidate, seconds.candidate),
    seconds.candidate - seconds.baseline,
  );
  const margin = Math.max(options.margin ?? DEFAULT_MARGIN, noise.duration);
  const resources = compareUse(facts.baseline, facts.candidate, psi, margin, limits);
  const decision = decide({
    work,
    durationKnown,
    seconds,
    margin,
    shares,
    resources,
    hostShares: eachSide((side) =>
      measured[side].states.map((states) => hostShares(states, work[side].range)),
    ),
    facts,
    intervals,
    notes,
    cpuCapacity: eachSide((side) =>
      sides[side].hosts.reduce((sum, host, i) => sum + weights[side][i]! * cpuCapacity(host), 0),
    ),
    limits,
    noise,
    inferred: causes?.exchange === true,
  });
  const limitsOf = eachSide((side) => limitOf(shares[side], intervals[side], limits));
  const summaries = eachSide((side) => runSummary(runs[side], work[side].seconds));
  const storage = storageBehind(decision, sides, facts, limits);
  const evidence = { sides, work, weights, psi, limits };
  const consumers = await processFindings(decision.bottleneck, evidence);
  const scales = scalesOf(sides, weights, work, durationKnown, perUnit, margin, noise);
  const findings = [
    ...ruleFindings({
      facts,
      psi,
      bottleneck: decision.bottleneck,
      rules: options.rules ?? RULES,
      evidence,
    }),
    ...(storage ? [remoteStorageFinding(storage, facts, evidence)] : []),
    ...consumers,
    ...(await differenceFindings(evidence, scales, options.mostDifferences ?? DEFAULT_DIFFERENCES)),
  ];
  const carriers = eachSide((side) => carryingHosts(facts[side], decision, side));
  const summary = summarize({
    decision,
    runs: summaries,
    durationKnown,
    seconds,
    extra,
    limits: limitsOf,
    saturation: eachSide((side) => saturationOf(carriers[side])),
    queuePerCpu: eachSide((side) => overHosts(carriers[side], "queuePerCpu")),
    consumers,
    notes,
    notablePoints: limits["notable-points"],
    exchange: causes?.exchange === true,
    likeRepeats: differLikeRepeats({ seconds, margin, limits, noise }),
    ...(storage ? { storage: storage.name } : {}),
  });
  return roundedComparison({
    schema: 1,
    ...summaries,
    comparability: notes,
    inventory: inventoryDifferences(runs.baseline.hosts, runs.candidate.hosts, decision.bottleneck),
    resources,
    timeAttribution: {
      ...shares,
      seconds,
      extraSeconds: extra,
      upperBounds: durationKnown ? roundedBounds(shares, seconds) : [],
    },
    limits: limitsOf,
    verdict: { ...decision, summary },
    phases: roundedPhases(findPhases(measured, work, seconds, limits)),
    stragglers: (["baseline", "candidate"] as const).flatMap((side) =>
      findStragglers(side, measured[side].states, work[side].range, seconds[side]).map((one) => ({
        ...one,
        seconds: roundedSeconds(one.seconds),
        peersSeconds: roundedSeconds(one.peersSeconds),
      })),
    ),
    findings: findings.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)),
  });
}

async function processFindings(bottleneck: string, evidence: EvidenceContext): Promise<Finding[]> {
  const { sides, work } = evidence;
  const patterns = consumerPatterns(bottleneck);
  if (patterns.length === 0) return [];
  const means = await bothSides((side) =>
    sides[side].source.means(workSelector(sides[side], work[side].range), patterns),
  );
  const seconds = eachSide((side) => {
    const { from, to } = work[side].range;
    return ((to - from) * sides[side].bucketMs) / 1000;
  });
  return consumerFindings(bottleneck, means, seconds, evidence);
}

/** A network that is slow may be storage that is; of the side that is worse. */
function storageBehind(
  { bottleneck, cluster }: Decision,
  sides: BySide<Side>,
  facts: BySide<SideFacts>,
  limits: Thresholds,
): RemoteStorage | undefined {
  if (bottleneck !== "network" || (cluster !== "baseline" && cluster !== "candidate")) {
    return undefined;
  }
  return remoteStorage(cluster, sides[cluster], facts[cluster], limits);
}

/** How rates of the two sides are held against each other: see `Scales`. */
function scalesOf(
  sides: BySide<Side>,
  weights: BySide<readonly number[]>,
  work: Work,
  durationKnown: boolean,
  perUnit: number,
  margin: number,
  noise: Noise,
): Scales {
  const hosts = eachSide((side) => weights[side].filter((weight) => weight > 0).length);
  const cpus = eachSide((side) =>
    sides[side].hosts.reduce((sum, host, i) => sum + weights[side][i]! * host.cpus, 0),
  );
  const done =
    (work.candidate.seconds * hosts.candidate) / (work.baseline.seconds * hosts.baseline) / perUnit;
  return {
    weights: eachSide(
      (side) => new Map(sides[side].hosts.map(({ name }, i) => [name, weights[side][i]!])),
    ),
    roles: eachSide((side) => new Map(sides[side].hosts.map(({ name, role }) => [name, role]))),
    rates: durationKnown
      ? { by: "work", factor: done }
      : cpus.baseline === cpus.candidate
        ? { by: "hosts", factor: 1 }
        : { by: "cpus", factor: cpus.baseline / cpus.candidate },
    margin,
    noise: noise.means,
  };
}

function roundedBounds(
  shares: Pick<Comparison["timeAttribution"], SideName>,
  seconds: BySide<number>,
): Comparison["timeAttribution"]["upperBounds"] {
  return upperBounds(shares, seconds).map((bound) => ({
    ...bound,
    seconds: roundedSeconds(bound.seconds),
  }));
}

function roundedPhases(phases: Comparison["phases"]): Comparison["phases"] {
  return phases.map((phase) => {
    const run = (side: SideName) => ({
      ...phase[side],
      seconds: roundedSeconds(phase[side].seconds),
    });
    const baseline = run("baseline");
    const candidate = run("candidate");
    const difference = candidate.seconds - baseline.seconds;
    return {
      ...phase,
      baseline,
      candidate,
      extraSeconds: roundedParts(phase.extraSeconds, difference),
    };
  });
}

/** Buckets of work in which at least one host has values. */
function usableIntervals({ states }: MeasuredSide, work: Work, side: SideName): number {
  const { range } = work[side];
  let count = 0;
  for (let b = range.from; b < range.to; b++) {
    if (states.some(({ active }) => active[b]! >= 0)) count++;
  }
  return count;
}

/** The hosts that carry the difference, where it is not the whole cluster. */
function carryingHosts(
  facts: SideFacts,
  { cluster, scope, hosts }: Decision,
  side: SideName,
): SideFacts {
  return scope === "hosts" && cluster === side
    ? { hosts: facts.hosts.filter(({ name }) => hosts.includes(name)) }
    : facts;
}

function saturationOf(facts: SideFacts): Record<ResourceName, number | null> {
  return Object.fromEntries(
    RESOURCES.map((resource) => {
      const { value } = saturationIn(resource, facts);
      return [resource, value === value ? value : null];
    }),
  ) as Record<ResourceName, number | null>;
}

/** A host that was silent in the window has no say. */
function withValues(run: RunDescription): RunDescription {
  return { ...run, hosts: run.hosts.filter(({ samples }) => samples > 0) };
}

function psiOfSide({ hosts }: Side): PsiUse {
  const has = (id: "cpuSome" | "memorySome" | "ioSome") =>
    hosts.length > 0 && hosts.every(({ signals }) => signals.has(id));
  return { cpu: has("cpuSome"), memory: has("memorySome"), io: has("ioSome") };
}

function eachSide<T>(make: (side: SideName) => T): Record<SideName, T> {
  return { baseline: make("baseline"), candidate: make("candidate") };
}

/** One after the other: both may come from one connection. */
async function bothSides<T>(make: (side: SideName) => Promise<T>): Promise<Record<SideName, T>> {
  const baseline = await make("baseline");
  return { baseline, candidate: await make("candidate") };
}
