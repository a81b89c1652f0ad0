/** Resources of a run, host by host: how much is used and waited for, and whether that is much. */
import type { ResourceUse } from "../comparison.ts";
import { perHost, type HostFacts, type SideFacts } from "../facts.ts";
import type { PsiUse } from "../measures.ts";
import { RESOURCES, type ResourceName } from "../resources.ts";
import { evaluate } from "../rules/evaluate.ts";
import { RULES } from "../rules/index.ts";
import { useOf, USE } from "../use.ts";
import type { HostUse, ResourceOverview, ResourceStatus } from "./run-report.ts";

/** Percent of capacity from which a resource is busy, and below which it is idle. */
const BUSY_FROM = 70;
const IDLE_BELOW = 10;
/** Percent of the time waited for, above which nothing is idle. */
const IDLE_WAIT = 2;

const RANK: Readonly<Record<ResourceStatus, number>> = {
  warning: 4,
  busy: 3,
  normal: 2,
  idle: 1,
  unknown: 0,
};

export function resourceOverviews(
  facts: SideFacts,
  psi: PsiUse,
): Record<ResourceName, ResourceOverview> {
  const warned = warnedHosts(facts);
  const overviews = RESOURCES.map((resource): [ResourceName, ResourceOverview] => {
    const columns = perHostUse(resource, facts);
    const hosts = facts.hosts
      .map(({ name, role }, i): HostUse => {
        const use = columns[i]!;
        const status = warned.get(resource)?.has(name) ? "warning" : statusOf(use);
        return { host: name, role, ...use, status };
      })
      .sort(byUse);
    const status = hosts.reduce<ResourceStatus>(
      (worst, host) => (RANK[host.status] > RANK[worst] ? host.status : worst),
      "unknown",
    );
    return [resource, { ...useOf(resource, facts, psi), status, hosts }];
  });
  return Object.fromEntries(overviews) as Record<ResourceName, ResourceOverview>;
}

/** Hosts for which a rule of severity warning or critical fires, by its resource. */
function warnedHosts(facts: SideFacts): Map<ResourceName, Set<string>> {
  const nobody: SideFacts = { hosts: [] as HostFacts[] };
  const warned = new Map<ResourceName, Set<string>>(RESOURCES.map((name) => [name, new Set()]));
  for (const rule of RULES) {
    if (rule.severity === "info") continue;
    for (const host of evaluate(rule, nobody, facts)?.hosts ?? []) {
      warned.get(rule.resource)!.add(host);
    }
  }
  return warned;
}

type Use = Pick<ResourceUse, "utilization" | "saturation" | "errors">;

function perHostUse(resource: ResourceName, facts: SideFacts): Use[] {
  const { utilization, saturation, errors } = USE[resource];
  const used = utilization ? perHost(facts, utilization) : undefined;
  const waited = perHost(facts, saturation);
  const failed = errors.map((id) => perHost(facts, id));
  return facts.hosts.map((_, i) => {
    const counts = failed.map((column) => column[i]!).filter((value) => value === value);
    return {
      utilization: known(used?.[i]),
      saturation: known(waited[i]),
      errors: counts.length > 0 ? counts.reduce((sum, value) => sum + value, 0) : null,
    };
  });
}

function statusOf({ utilization, saturation }: Use): ResourceStatus {
  if (utilization === null && saturation === null) return "unknown";
  if ((utilization ?? 0) >= BUSY_FROM) return "busy";
  const idle = (utilization ?? 0) < IDLE_BELOW && (saturation ?? 0) < IDLE_WAIT;
  return idle ? "idle" : "normal";
}

function byUse(a: HostUse, b: HostUse): number {
  return (
    RANK[b.status] - RANK[a.status] ||
    (b.saturation ?? -1) - (a.saturation ?? -1) ||
    (b.utilization ?? -1) - (a.utilization ?? -1) ||
    (a.host < b.host ? -1 : 1)
  );
}

function known(value: number | undefined): number | null {
  return value !== undefined && value === value ? value : null;
}
