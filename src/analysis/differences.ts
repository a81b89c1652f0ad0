/**
 * Per-counter differences by host: every counter of the system objects, ranked by effect, kept only
 * where the effect is larger than the margin and the noise of repeats, also per unit of work, and hosts
 * agree in its direction; with six or more hosts a side also by the adjusted p-value.
 */
import { patternPath } from "./counter-path.ts";
import type { SideName } from "./comparison.ts";
import type { ResourceName } from "./resources.ts";
import type { SeriesPattern, SeriesMean } from "./source.ts";
import { MANY_HOSTS } from "./statistics/bootstrap.ts";
import { adjustedForDiscovery } from "./statistics/multiplicity.ts";
import { rankSumP } from "./statistics/rank-sum.ts";
import { median } from "./statistics/summary.ts";

type BySide<T> = Readonly<Record<SideName, T>>;

/** The objects whose counters are compared, and the resource they speak of. */
const COMPARED: readonly (readonly [SeriesPattern, ResourceName | "system"])[] = [
  [{ object: "Processor", counter: "*", instance: "_Total" }, "cpu"],
  [{ object: "System", counter: "*" }, "cpu"],
  [{ object: "Memory", counter: "*" }, "memory"],
  [{ object: "Paging", counter: "*" }, "memory"],
  [{ object: "PhysicalDisk", counter: "*", instance: "_Total" }, "disk"],
  [{ object: "Network Interface", counter: "*", instance: "_Total" }, "network"],
  [{ object: "TCP", counter: "*" }, "network"],
  [{ object: "UDP", counter: "*" }, "network"],
  [{ object: "IP", counter: "*" }, "network"],
  [{ object: "Pressure", counter: "*", instance: "cpu" }, "cpu"],
  [{ object: "Pressure", counter: "*", instance: "memory" }, "memory"],
  [{ object: "Pressure", counter: "*", instance: "io" }, "disk"],
];

/** Counters that differ by nature, or only mirror another. */
const NOT_COMPARED =
  /Up Time|Elapsed|Total Bytes|Commit Limit|% Idle Time|Current Bandwidth|Online/;

/** Smallest absolute difference that a person would care about, by the unit in the name. */
function floorOf(counter: string): number {
  if (counter.includes("%")) return 2;
  if (/Bytes\/sec/.test(counter)) return 100_000;
  if (counter.includes("Bytes")) return 64 * 1024 * 1024;
  if (counter.includes("sec/")) return 0.002;
  return counter.endsWith("/sec") ? 20 : 1;
}

/** How the sides are held against each other. */
export interface Scales {
  /** Per host name what it weighs in its side's mean. */
  readonly weights: BySide<ReadonlyMap<string, number>>;
  /** Per host name its role: hosts are held against those of their role. */
  readonly roles: BySide<ReadonlyMap<string, string>>;
  /**
   * What the candidate's rates are multiplied by to be those at which it would have done the baseline's
   * work in the baseline's time with as many hosts (`work`), or with as many CPUs (`cpus`).
   */
  readonly rates: { readonly by: "work" | "cpus" | "hosts"; readonly factor: number };
  readonly margin: number;
  /** Per counter path by how much repeats of one run differ. */
  readonly noise: ReadonlyMap<string, number>;
}

export interface Difference {
  readonly path: string;
  readonly pattern: SeriesPattern;
  readonly resource: ResourceName | "system";
  /** Mean over the hosts of each side. */
  readonly baseline: number;
  readonly candidate: number;
  /** The candidate's, scaled as `Scales.rates` says; the same for what is no rate. */
  readonly scaled: number;
  readonly by: Scales["rates"]["by"];
  /** Per host that has a weight. */
  readonly means: BySide<readonly HostMean[]>;
  /** Adjusted for the number of counters; null with few hosts. */
  readonly p: number | null;
}

export interface HostMean {
  readonly host: string;
  readonly mean: number;
}

export interface RankedDifferences {
  /** Largest effect first. */
  readonly differences: readonly Difference[];
  /** How many counters were looked at. */
  readonly compared: number;
}

export function comparedPatterns(): SeriesPattern[] {
  return COMPARED.map(([pattern]) => pattern);
}

/** Means of one counter by host. */
interface CounterMeans {
  readonly pattern: SeriesPattern;
  readonly hosts: string[];
  readonly means: number[];
}

/** Pairs the means of both sides by counter and keeps what differs. */
export function rankedDifferences(
  means: BySide<readonly SeriesMean[]>,
  scales: Scales,
): RankedDifferences {
  const left = byCounter(means.baseline, scales.weights.baseline);
  const right = byCounter(means.candidate, scales.weights.candidate);
  const pairs = [...left].flatMap(([path, baseline]) => {
    const candidate = right.get(path);
    if (!candidate || NOT_COMPARED.test(baseline.pattern.counter)) return [];
    return [{ path, pattern: baseline.pattern, baseline, candidate }];
  });
  pairs.sort((a, b) => (a.path < b.path ? -1 : 1));
  const tested = pairs.flatMap(({ path, baseline, candidate }) => {
    const large = byRole(baseline, candidate, scales).filter(
      ([left, right]) => Math.min(left.length, right.length) >= MANY_HOSTS,
    );
    // The smallest of several roles' is smaller by chance: Bonferroni.
    const p = Math.min(...large.map(([left, right]) => large.length * rankSumP(left, right)));
    return large.length > 0 ? [{ path, p: Math.min(1, p) }] : [];
  });
  const adjusted = adjustedForDiscovery(tested.map(({ p }) => p));
  const pOf = new Map(tested.map(({ path }, i) => [path, adjusted[i]!]));
  const differences = pairs.flatMap(({ path, pattern, baseline, candidate }): Difference[] => {
    const rate = isRate(pattern.counter);
    const difference = {
      path,
      pattern,
      resource: resourceOf(pattern),
      baseline: averaged(baseline, scales.weights.baseline),
      candidate: averaged(candidate, scales.weights.candidate),
      means: { baseline: hostMeans(baseline), candidate: hostMeans(candidate) },
      p: pOf.get(path) ?? null,
    };
    const scaled = difference.candidate * (rate ? scales.rates.factor : 1);
    const by = rate ? scales.rates.by : "hosts";
    const matters =
      differs(difference, difference.candidate, scales) &&
      differs(difference, scaled, scales) &&
      agree(byRole(baseline, candidate, scales), difference) &&
      (difference.p ?? 0) <= 0.05;
    return matters ? [{ ...difference, scaled, by }] : [];
  });
  differences.sort((a, b) => effectOf(b) - effectOf(a) || (a.path < b.path ? -1 : 1));
  return { differences, compared: pairs.length };
}

/** Goes with how much is done and how fast: comparable per unit of work or of capacity. */
function isRate(counter: string): boolean {
  return counter.endsWith("/sec") && !counter.includes("%");
}

function differs(
  { path, pattern, baseline }: { path: string; pattern: SeriesPattern; baseline: number },
  candidate: number,
  { margin, noise }: Scales,
): boolean {
  const change = Math.abs(candidate - baseline);
  return (
    change >= floorOf(pattern.counter) &&
    change > margin * Math.min(Math.abs(baseline), Math.abs(candidate)) &&
    change > (noise.get(path) ?? 0)
  );
}

/** Means of the hosts of each role that both sides have; of all hosts where they have none. */
function byRole(
  baseline: CounterMeans,
  candidate: CounterMeans,
  { roles }: Scales,
): (readonly [baseline: number[], candidate: number[]])[] {
  const of = ({ hosts, means }: CounterMeans, side: SideName, role: string) =>
    means.filter((_, i) => roles[side].get(hosts[i]!) === role);
  const pairs = [...new Set(roles.baseline.values())].map(
    (role) => [of(baseline, "baseline", role), of(candidate, "candidate", role)] as const,
  );
  const common = pairs.filter(([left, right]) => left.length > 0 && right.length > 0);
  return common.length > 0 ? common : [[[...baseline.means], [...candidate.means]]];
}

/** Of some role three of four hosts lie beyond the other side's median, the way the means went. */
function agree(
  roles: readonly (readonly [baseline: number[], candidate: number[]])[],
  { baseline, candidate }: { readonly baseline: number; readonly candidate: number },
): boolean {
  const sign = candidate >= baseline ? 1 : -1;
  return roles.some(([before, after]) => {
    const center = median(before);
    const beyond = after.filter((value) => sign * (value - center) > 0).length;
    return beyond >= 0.75 * after.length;
  });
}

/**
 * |ln ratio|, both sides lifted by the floor, so that a change from nothing is not infinite; the
 * smaller of that of the rates and that per unit of work.
 */
export function effectOf({
  pattern,
  baseline,
  candidate,
  scaled,
}: Pick<Difference, "pattern" | "baseline" | "candidate" | "scaled">): number {
  const floor = floorOf(pattern.counter);
  const effect = (value: number) =>
    Math.abs(Math.log((Math.abs(value) + floor) / (Math.abs(baseline) + floor)));
  return Math.min(effect(candidate), effect(scaled));
}

/** Hosts that have no weight are left out. */
function byCounter(
  means: readonly SeriesMean[],
  weights: ReadonlyMap<string, number>,
): Map<string, CounterMeans> {
  const result = new Map<string, CounterMeans>();
  for (const { series, mean: value } of means) {
    const { host, object, counter, instance } = series;
    if (!((weights.get(host) ?? 0) > 0)) continue;
    const pattern = { object, counter, ...(instance ? { instance } : {}) };
    const path = patternPath(pattern);
    const entry = result.get(path) ?? { pattern, hosts: [], means: [] };
    entry.hosts.push(host);
    entry.means.push(value);
    result.set(path, entry);
  }
  return result;
}

function averaged({ hosts, means }: CounterMeans, weights: ReadonlyMap<string, number>): number {
  let sum = 0;
  let whole = 0;
  means.forEach((value, i) => {
    const weight = weights.get(hosts[i]!)!;
    sum += value * weight;
    whole += weight;
  });
  return sum / whole;
}

function hostMeans({ hosts, means }: CounterMeans): HostMean[] {
  return hosts.map((host, i) => ({ host, mean: means[i]! }));
}

/** Mean per counter path over the hosts of one run. */
export function counterMeans(
  means: readonly SeriesMean[],
  weights: ReadonlyMap<string, number>,
): Map<string, number> {
  return new Map(
    [...byCounter(means, weights)].map(([path, ofHosts]) => [path, averaged(ofHosts, weights)]),
  );
}

function resourceOf(pattern: SeriesPattern): ResourceName | "system" {
  if (/Steal|Accounted/.test(pattern.counter)) return "virtualization";
  const match = COMPARED.find(
    ([{ object, instance }]) =>
      object === pattern.object &&
      (instance === undefined || instance === "_Total" || instance === pattern.instance),
  );
  return match?.[1] ?? "system";
}
