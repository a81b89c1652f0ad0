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
  readonly errors: readonly MeasureId[];
}

export const USE: Readonly<Record<ResourceName, UseMeasures>> = {
  cpu: { utilization: "cpuUse", saturation: "cpuWait", errors: [] },
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

export function useOf(resource: ResourceName, facts: SideFacts, psi: PsiUse): ResourceUse {
  const { utilization, saturation, errors } = USE[resource];
  const perSecond = errors.flatMap((id) => present(perHost(facts, id)));
  return {
    utilization: utilization ? known(overHosts(facts, utilization)) : null,
    saturation: known(overHosts(facts, saturation)),
    errors: perSecond.length > 0 ? perSecond.reduce((sum, value) => sum + value, 0) : null,
    signal: signalName(resource, saturation, psi, facts),
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
