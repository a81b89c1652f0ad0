/** What a store must be asked to compute a finding's numbers anew. */
import type { SideName } from "./comparison.ts";
import type { Statistic } from "./facts.ts";
import { signalsOf } from "./formula.ts";
import { measureFormulas } from "./measure-formulas.ts";
import type { MeasureId, PsiUse } from "./measures.ts";
import { workSelector, type Side } from "./side.ts";
import { SIGNALS, signalPattern, type SignalDefinition } from "./signals.ts";
import type { EvidenceSide, EvidenceSignal, SeriesPattern } from "./source.ts";
import type { Thresholds } from "./thresholds.ts";
import type { Work } from "./work.ts";

type BySide<T> = Readonly<Record<SideName, T>>;

/** What the queries of all findings of a comparison share. */
export interface EvidenceContext {
  readonly sides: BySide<Side>;
  readonly work: Work;
  /** Per host, in the order of the side's hosts. */
  readonly weights: BySide<readonly number[]>;
  readonly psi: PsiUse;
  readonly limits: Thresholds;
}

export function measureSql(
  measure: MeasureId,
  statistic: Statistic,
  context: EvidenceContext,
): string {
  const { sides, psi, limits } = context;
  const hosts = [...sides.baseline.hosts, ...sides.candidate.hosts];
  const formula = measureFormulas(psi, limits, (id) =>
    hosts.some(({ signals }) => signals.has(id)),
  )[measure];
  const signals = signalsOf(formula).map((id): EvidenceSignal => {
    const { across }: SignalDefinition = SIGNALS[id];
    return { id, pattern: signalPattern(id), ...(across ? { across } : {}) };
  });
  return sides.candidate.source.evidenceSql({
    kind: "formula",
    formula,
    signals,
    statistic,
    ...shared(context),
  });
}

export function meanSql(pattern: SeriesPattern, context: EvidenceContext): string {
  return context.sides.candidate.source.evidenceSql({ kind: "mean", pattern, ...shared(context) });
}

export function totalSql(
  patterns: readonly SeriesPattern[],
  hostSeconds: BySide<number>,
  context: EvidenceContext,
): string {
  return context.sides.candidate.source.evidenceSql({
    kind: "total",
    patterns,
    hostSeconds,
    ...shared(context),
  });
}

function shared(context: EvidenceContext) {
  const sides = (["baseline", "candidate"] as const).map((side) => evidenceSide(side, context));
  return { sides, bucketMs: context.sides.baseline.bucketMs };
}

function evidenceSide(name: SideName, { sides, work, weights }: EvidenceContext): EvidenceSide {
  const side = sides[name];
  const { from, to } = work[name].range;
  const known = side.hosts.map((host, i) => ({ ...host, weight: weights[name][i]! }));
  return {
    side: name,
    run: workSelector(side, { from, to }),
    originMs: side.originMs,
    from,
    to,
    weights: Object.fromEntries(
      known.filter(({ weight }) => weight > 0).map(({ role, weight }) => [role, weight]),
    ),
    facts: {
      cpus: Object.fromEntries(known.map((host) => [host.name, host.cpus])),
      memoryBytes: Object.fromEntries(known.map((host) => [host.name, host.memoryBytes])),
    },
  };
}
