/**
 * Compares two runs. Deterministic: the same data gives the same object, to the last digit, from
 * whatever store it comes.
 */
import { extraSeconds, hostShares, wallShares } from "./attribution.ts";
import { comparability, measuredNotes, obstacles, type BySide } from "./comparability.ts";
import type { Comparison, ComparabilityNote, Finding, RunSummary, SideName } from "./comparison.ts";
import { consumerFindings, consumerPatterns } from "./consumers.ts";
import { patternMatcher, patternPath } from "./counter-path.ts";
import {
  bucketInterval,
  comparedPatterns,
  differenceFinding,
  rankedDifferences,
} from "./differences.ts";
import { emptyComparison } from "./empty.ts";
import { measureSide, overHosts, sideFacts, type MeasuredSide, type SideFacts } from "./facts.ts";
import { ruleFindings } from "./findings.ts";
import { inventoryDifferences } from "./inventory-differences.ts";
import { limitOf } from "./limits.ts";
import type { PsiUse } from "./measures.ts";
import { DEFAULT_MARGIN, type ComparisonOptions } from "./options.ts";
import { roundedComparison } from "./rounding.ts";
import { bucketWidthMs, loadSide, type Side } from "./side.ts";
import type { RunDescription, RunSelector, Source } from "./source.ts";
import { summarize } from "./summary.ts";
import { RESOURCES, type ResourceName } from "./resources.ts";
import { compareUse, USE } from "./use.ts";
import { decide, type Decision } from "./verdict.ts";
import { measureWork, type SideWork, type Work } from "./work.ts";

export interface RunOfSource {
  readonly source: Source;
  readonly run: RunSelector;
}

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
  const described = await bothSides((side) => of[side].source.describeRun(of[side].run));
  const coverage = await bothSides((side) => of[side].source.coverage(of[side].run));
  const stop = obstacles(described, coverage);
  if (stop.length > 0) return roundedComparison(emptyComparison(described, stop));
  const runs = eachSide((side) => withValues(described[side]));

  const bucketMs = bucketWidthMs([runs.baseline, runs.candidate]);
  const sides = await bothSides((side) =>
    loadSide(of[side].source, of[side].run, runs[side], bucketMs),
  );
  const psiOf = { baseline: psiOfSide(sides.baseline), candidate: psiOfSide(sides.candidate) };
  const psi: PsiUse = {
    cpu: psiOf.baseline.cpu && psiOf.candidate.cpu,
    memory: psiOf.baseline.memory && psiOf.candidate.memory,
    io: psiOf.baseline.io && psiOf.candidate.io,
  };
  const measured = {
    baseline: measureSide(sides.baseline, psi),
    candidate: measureSide(sides.candidate, psi),
  };
  const work = measureWork(measured.baseline, measured.candidate, options);
  options.onMeasured?.({ measured, work, psi });
  const facts = eachSide((side) => sideFacts(measured[side], work[side].range));
  const intervals = eachSide((side) => usableIntervals(measured[side], work[side]));
  const notes: ComparabilityNote[] = [
    ...comparability(described, coverage),
    ...measuredNotes(facts, intervals, psi, psiOf, work, bucketMs),
  ];

  const rest = work.source === "recording" ? "idle" : "waiting";
  const shares = eachSide((side) => wallShares(measured[side].states, work[side].range, rest));
  const extra = extraSeconds(
    shares.baseline,
    work.baseline.seconds,
    shares.candidate,
    work.candidate.seconds,
  );
  const limits = {
    baseline: limitOf(shares.baseline, intervals.baseline),
    candidate: limitOf(shares.candidate, intervals.candidate),
  };
  const durationKnown = work.source !== "recording" || options.work !== undefined;
  const perUnit = options.work ? options.work.candidate / options.work.baseline : 1;
  const seconds = {
    baseline: work.baseline.seconds,
    candidate: work.candidate.seconds / perUnit,
  };
  const margin = options.margin ?? DEFAULT_MARGIN;
  const resources = compareUse(facts.baseline, facts.candidate, psi, margin);
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
  });
  const summaries = eachSide((side) => runSummary(runs[side], work[side].seconds));
  const consumers = await processFindings(decision.bottleneck, sides, work);
  const findings = [
    ...ruleFindings({ sides, facts, psi, bottleneck: decision.bottleneck }),
    ...consumers,
    ...(await counterFindings(sides, work, margin, options.mostDifferences ?? DEFAULT_DIFFERENCES)),
  ];
  const carriers = eachSide((side) => carryingHosts(facts[side], decision, side));
  const summary = summarize({
    decision,
    runs: summaries,
    durationKnown,
    seconds,
    extra,
    limits,
    saturation: eachSide((side) => saturationOf(carriers[side])),
    queuePerCpu: eachSide((side) => overHosts(carriers[side], "queuePerCpu")),
    consumers,
    notes,
  });
  return roundedComparison({
    schema: 1,
    ...summaries,
    comparability: notes,
    inventory: inventoryDifferences(runs.baseline.hosts, runs.candidate.hosts, decision.bottleneck),
    resources,
    timeAttribution: { ...shares, extraSeconds: extra },
    limits,
    verdict: { ...decision, summary },
    findings: findings.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)),
  });
}

async function processFindings(
  bottleneck: string,
  sides: BySide<Side>,
  work: Work,
): Promise<Finding[]> {
  const patterns = consumerPatterns(bottleneck);
  if (patterns.length === 0) return [];
  const statistics = await bothSides((side) =>
    sides[side].source.statistics(atWork(sides[side], work[side]), patterns),
  );
  const seconds = eachSide((side) => {
    const { from, to } = work[side].range;
    return ((to - from) * sides[side].bucketMs) / 1000;
  });
  return consumerFindings(bottleneck, statistics, seconds, sides);
}

/** Statistics of every compared counter first; then buckets of the few that differ most. */
async function counterFindings(
  sides: BySide<Side>,
  work: Work,
  margin: number,
  most: number,
): Promise<Finding[]> {
  const statistics = await bothSides((side) =>
    sides[side].source.statistics(atWork(sides[side], work[side]), comparedPatterns()),
  );
  const ranked = rankedDifferences(statistics.baseline, statistics.candidate, margin).slice(
    0,
    most,
  );
  if (ranked.length === 0) return [];
  const patterns = ranked.map(({ pattern }) => pattern);
  const buckets = await bothSides((side) => {
    const { source, selector, originMs, bucketMs } = sides[side];
    return source.buckets(selector, patterns, originMs, bucketMs);
  });
  return ranked.flatMap((difference) => {
    const matches = patternMatcher(difference.pattern);
    const matching = (side: SideName) => buckets[side].filter(({ series }) => matches(series));
    const interval = bucketInterval(
      patternPath(difference.pattern),
      matching("baseline"),
      work.baseline.range,
      matching("candidate"),
      work.candidate.range,
    );
    if (interval && interval.low <= 0 && interval.high >= 0) return [];
    return [differenceFinding(difference, interval, sides)];
  });
}

/** The selector, narrowed to the time in which the work was under way. */
function atWork({ selector, originMs, bucketMs }: Side, { range }: SideWork): RunSelector {
  return {
    ...selector,
    fromMs: Math.max(selector.fromMs ?? -Infinity, originMs + range.from * bucketMs),
    toMs: Math.min(selector.toMs ?? Infinity, originMs + range.to * bucketMs),
  };
}

/** Buckets of work in which at least one host has values. */
function usableIntervals({ states }: MeasuredSide, { range }: SideWork): number {
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
      const value = overHosts(facts, USE[resource].saturation);
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

function runSummary(run: RunDescription, durationSeconds: number): RunSummary {
  return {
    cluster: run.cluster,
    run: run.run,
    hosts: run.hosts.map(({ name }) => name).sort(),
    from: new Date(run.fromMs).toISOString(),
    to: new Date(run.toMs).toISOString(),
    durationSeconds,
  };
}

function eachSide<T>(make: (side: SideName) => T): Record<SideName, T> {
  return { baseline: make("baseline"), candidate: make("candidate") };
}

/** One after the other: both may come from one connection. */
async function bothSides<T>(make: (side: SideName) => Promise<T>): Promise<Record<SideName, T>> {
  const baseline = await make("baseline");
  return { baseline, candidate: await make("candidate") };
}
