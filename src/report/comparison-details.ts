/**
 * Keys that a comparison may have besides those that every comparison has: a page shows them where they
 * are there.
 */
import type { Comparison, SideName } from "../analysis/comparison.ts";
import type { ResourceName, StateName } from "../analysis/resources.ts";

export interface PhaseDetail {
  readonly name: string;
  readonly source: string;
  readonly baseline: { readonly seconds: number };
  readonly candidate: { readonly seconds: number };
  readonly extraSeconds: Readonly<Record<StateName, number>>;
  readonly bottleneck: ResourceName | "none";
}

export interface StragglerDetail {
  readonly cluster: SideName;
  readonly host: string;
  readonly role: string;
  readonly what: string;
  readonly seconds: number;
  readonly peersSeconds: number;
}

export interface BoundDetail {
  readonly cluster: SideName;
  readonly resource: ResourceName;
  readonly seconds: number;
  readonly remainingSeconds: number;
  readonly arithmetic: string;
}

export interface ComparisonDetails {
  readonly phases: readonly PhaseDetail[];
  readonly stragglers: readonly StragglerDetail[];
  readonly upperBounds: readonly BoundDetail[];
}

export function detailsOf(comparison: Comparison): ComparisonDetails {
  const { phases = [], stragglers = [] }: Partial<ComparisonDetails> = comparison as object;
  const { upperBounds = [] }: Partial<ComparisonDetails> = comparison.timeAttribution as object;
  return { phases, stragglers, upperBounds };
}
