/** The verdict in one short sentence; the summary has the numbers. */
import type { Comparison, SideName } from "../analysis/comparison.ts";
import type { ResourceName } from "../analysis/resources.ts";

const CAUSE: Readonly<Record<ResourceName, string>> = {
  cpu: "the bottleneck is CPU",
  memory: "the bottleneck is memory",
  disk: "the bottleneck is the disk",
  network: "the bottleneck is the network",
  virtualization: "the bottleneck is CPU time that the hypervisor takes",
};

export function headline(comparison: Comparison): string {
  const { verdict, baseline, candidate } = comparison;
  const names = {
    baseline: `${baseline.cluster}/${baseline.run}`,
    candidate: `${candidate.cluster}/${candidate.run}`,
  };
  if (verdict.outcome === "inconclusive") {
    return `No verdict on ${names.baseline} and ${names.candidate}.`;
  }
  if (verdict.outcome === "no-difference") {
    return `No difference between ${names.baseline} and ${names.candidate}.`;
  }
  const { slower, bottleneck } = verdict;
  const cause = bottleneck === "none" || bottleneck === "inconclusive" ? null : CAUSE[bottleneck];
  const where = hostsText(verdict.scope === "hosts" ? verdict.hosts : []);
  if (slower === "baseline" || slower === "candidate") {
    const faster: SideName = slower === "baseline" ? "candidate" : "baseline";
    const why = cause === null ? "no hardware resource explains it" : `${cause}${where}`;
    return `${names[slower]} is slower than ${names[faster]}; ${why}.`;
  }
  if (cause === null || verdict.cluster === null || verdict.cluster === "both") {
    return `${names.baseline} and ${names.candidate} use resources differently; which is slower is not known.`;
  }
  return `In ${names[verdict.cluster]} ${cause}${where}; which run is slower is not known.`;
}

function hostsText(hosts: readonly string[]): string {
  if (hosts.length === 0) return "";
  if (hosts.length <= 2) return `, on ${hosts.join(" and ")} only`;
  return `, on ${hosts.length} hosts only`;
}
