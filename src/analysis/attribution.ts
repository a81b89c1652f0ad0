/**
 * Time attribution: the wall time of a run divided among states. At each instant it is shared among
 * the hosts then active; hosts that wait for the last one do not vote, so a straggler keeps its
 * weight. What no host was active in is `waiting` where work is known to have been under way, else
 * `idle`.
 */
import { byState, RESOURCES, STATES, type StateName } from "./resources.ts";
import type { HostStates } from "./states.ts";
import { DEFAULT_THRESHOLDS, type Thresholds } from "./thresholds.ts";

/** A stretch of buckets, `to` excluded. */
export interface BucketRange {
  readonly from: number;
  readonly to: number;
}

/** Shares of the wall time; they sum to 1. Everything is `rest` where nothing is known. */
export function wallShares(
  hosts: readonly HostStates[],
  range: BucketRange,
  rest: "waiting" | "idle",
  limits: Thresholds = DEFAULT_THRESHOLDS,
): Record<StateName, number> {
  const votesFrom = limits["votes-from"] / 100;
  const limiting = hosts.map(({ shares }) => RESOURCES.map((state) => shares[state]));
  const byResource = new Float64Array(RESOURCES.length);
  let left = 0;
  let buckets = 0;
  for (let b = range.from; b < range.to; b++) {
    const most = mostActive(hosts, b);
    if (most < 0) continue;
    buckets++;
    let votes = 0;
    for (const { active } of hosts) if (active[b]! >= votesFrom * most) votes += active[b]!;
    // A voter's shares sum to its activity, so these sum to `most`.
    if (votes > 0) {
      for (let h = 0; h < hosts.length; h++) {
        const active = hosts[h]!.active[b]!;
        if (!(active > 0) || active < votesFrom * most) continue;
        const shares = limiting[h]!;
        for (let r = 0; r < shares.length; r++) byResource[r]! += (shares[r]![b]! * most) / votes;
      }
    }
    left += 1 - (votes > 0 ? most : 0);
  }
  const sums = byState(() => 0);
  for (const [r, resource] of RESOURCES.entries()) sums[resource] = byResource[r]!;
  sums[rest] = left;
  if (buckets === 0) return byState((state) => (state === rest ? 1 : 0));
  const total = STATES.reduce((sum, state) => sum + sums[state], 0);
  return byState((state) => sums[state] / total);
}

/** The activity of the most active host in each bucket; −1 where nothing is known. */
export function mostActive(hosts: readonly HostStates[], bucket: number): number {
  let most = -1;
  for (const { active } of hosts) if (active[bucket]! > most) most = active[bucket]!;
  return most;
}

/** Per state how much of the range one host spent in it, as a share of the range. */
export function hostShares(host: HostStates, range: BucketRange): Record<StateName, number> {
  const limiting = RESOURCES.map((state) => host.shares[state]);
  const byResource = new Float64Array(RESOURCES.length);
  let idle = 0;
  let buckets = 0;
  for (let b = range.from; b < range.to; b++) {
    const active = host.active[b]!;
    if (!(active >= 0)) continue;
    buckets++;
    for (let r = 0; r < limiting.length; r++) byResource[r]! += limiting[r]![b]!;
    idle += 1 - active;
  }
  const sums = byState(() => 0);
  for (const [r, resource] of RESOURCES.entries()) sums[resource] = byResource[r]!;
  sums.idle = idle;
  return byState((state) => (buckets > 0 ? sums[state] / buckets : state === "idle" ? 1 : 0));
}

/** Candidate minus baseline in seconds; the sum is the difference of the durations. */
export function extraSeconds(
  baseline: Readonly<Record<StateName, number>>,
  baselineSeconds: number,
  candidate: Readonly<Record<StateName, number>>,
  candidateSeconds: number,
): Record<StateName, number> {
  return byState(
    (state) => candidate[state] * candidateSeconds - baseline[state] * baselineSeconds,
  );
}
