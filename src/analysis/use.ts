/** Utilization, saturation and errors of each resource (Gregg's USE method), side against side. */
import type { ResourceComparison, ResourceUse } from "./comparison.ts";
import { patternPath } from "./counter-path.ts";
import { overHosts, perHost, type SideFacts } from "./facts.ts";
import { measurePattern, type MeasureId, type PsiUse } from "./measures.ts";
import { RESOURCES, type ResourceName } from "./resources.ts";
import { present } from "./statistics/summary.ts";
import { DEFAULT_THRESHOLDS, type Thresholds } from "./thresholds.ts";

interface UseMeasures {
  readonly utilization?: MeasureId;
  readonly saturation: MeasureId;
  /** Waiting that is no contention: what wants the resource is kept from it. */
  readonly stopped?: MeasureId;
  readonly errors: readonly MeasureId[];
}

export const USE: Readonly<Record<ResourceName, UseMeasures>> = {
  cpu: { utilization: "cpuUse", saturation: "cpuWait", stopped: "quotaStop", errors: [] },
  memory: { utilization: "memoryUse", saturation: "memoryStall", errors: [] },
  disk: { utilization: "diskUse", saturation: "diskStall", errors: [] },
  network: {
    utilization: "linkUse",
    saturation: "networkStall",
    errors: ["linkErrors", "linkDrops", "listenOverflows"],
  },
  virtualization: { saturation: "stolen", errors: [] },
};

export function compareUse(
  baseline: SideFacts,
  candidate: SideFacts,
  psi: PsiUse,
  margin: number,
  limits: Thresholds = DEFAULT_THRESHOLDS,
): Record<ResourceName, ResourceComparison> {
  const notable = limits["notable-points"];
  const compared = RESOURCES.map((resource): [ResourceName, ResourceComparison] => {
    const left = useOf(resource, baseline, psi);
    const right = useOf(resource, candidate, psi);
    return [
      resource,
      { baseline: left, candidate: right, state: stateOf(left, right, margin, notable) },
    ];
  });
  return Object.fromEntries(compared) as Record<ResourceName, ResourceComparison>;
}

/** How much is waited for a resource, and the measure that says so. NaN when it is not known. */
export function saturationIn(
  resource: ResourceName,
  facts: SideFacts,
): { readonly value: number; readonly measure: MeasureId } {
  const { saturation, stopped } = USE[resource];
  const value = overHosts(facts, saturation);
  const other = stopped ? overHosts(facts, stopped) : NaN;
  return stopped && other > (value === value ? value : 0)
    ? { value: other, measure: stopped }
    : { value, measure: saturation };
}

export function useOf(resource: ResourceName, facts: SideFacts, psi: PsiUse): ResourceUse {
  const { utilization, errors } = USE[resource];
  const saturation = saturationIn(resource, facts);
  const perSecond = errors.flatMap((id) => present(perHost(facts, id)));
  return {
    utilization: utilization ? known(overHosts(facts, utilization)) : null,
    saturation: known(saturation.value),
    errors: perSecond.length > 0 ? perSecond.reduce((sum, value) => sum + value, 0) : null,
    signal: signalName(resource, saturation.measure, psi, facts),
  };
}

/** The counter that the saturation was read from, as a counter path of any host. */
function signalName(
  resource: ResourceName,
  saturation: MeasureId,
  psi: PsiUse,
  facts: SideFacts,
): string {
  // What is taken silently shows in the accounts, not as steal.
  const starved = resource === "virtualization" && !(overHosts(facts, "steal") > 0);
  const seen = overHosts(facts, "missing") > 0;
  return patternPath(measurePattern(starved && seen ? "missing" : saturation, psi)).slice(4);
}

function stateOf(
  { saturation: before }: ResourceUse,
  { saturation: after }: ResourceUse,
  margin: number,
  notable: number,
): ResourceComparison["state"] {
  if (before === null || after === null) return "unknown";
  const change = after - before;
  if (Math.abs(change) < Math.max(notable, margin * Math.max(before, after))) return "same";
  return change > 0 ? "worse" : "better";
}

function known(value: number): number | null {
  return value === value ? value : null;
}
