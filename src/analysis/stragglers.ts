/**
 * Stragglers: hosts unlike their peers of the same side and role, by the modified z-score (Iglewicz
 * and Hoaglin, 1993): |x − median| > 3.5 · 1.4826 · MAD. Means would be pulled along by the very
 * host that is looked for.
 */
import { hostShares, type BucketRange } from "./attribution.ts";
import type { SideName, Straggler } from "./comparison.ts";
import { RESOURCES } from "./resources.ts";
import type { HostStates } from "./states.ts";
import { median, medianAbsoluteDeviation } from "./statistics/summary.ts";

/** Fewer peers than this are no crowd to stand out from. */
export const FEWEST_PEERS = 4;
const FAR_OUT = 3.5 * 1.4826;

/**
 * Positions of the values that stand out above the others.
 *
 * @param least by which a value must exceed the median to matter at all
 */
export function standingOut(values: readonly number[], least: number): number[] {
  if (values.filter((value) => value === value).length < FEWEST_PEERS) return [];
  const center = median(values);
  const far = Math.max(least, FAR_OUT * medianAbsoluteDeviation(values));
  return values.flatMap((value, i) => (value - center >= far ? [i] : []));
}

/** As `standingOut`, among hosts of the same role only. */
export function standingOutByRole(
  values: readonly number[],
  roles: readonly string[],
  least: number,
): number[] {
  return [...new Set(roles)].flatMap((role) => {
    const members = roles.flatMap((other, i) => (other === role ? [i] : []));
    return standingOut(
      members.map((i) => values[i]!),
      least,
    ).map((i) => members[i]!);
  });
}

/** A host that loses less than this part of the work more than its peers delays nobody. */
const MATTERS = 0.1;
/** Activity from which on a host is at work. */
const AT_WORK = 0.2;

/** Hosts of one side that lost more time to a resource than their peers, or were at work longer. */
export function findStragglers(
  cluster: SideName,
  hosts: readonly HostStates[],
  range: BucketRange,
  seconds: number,
): Straggler[] {
  const roles = hosts.map(({ role }) => role);
  const standing = (what: Straggler["what"], values: readonly number[]): Straggler[] =>
    standingOutByRole(values, roles, MATTERS * seconds).map((i) => {
      const peers = values.filter((_, other) => other !== i && roles[other] === roles[i]);
      return {
        cluster,
        host: hosts[i]!.name,
        role: roles[i]!,
        what,
        seconds: values[i]!,
        peersSeconds: median(peers),
      };
    });
  const shares = hosts.map((host) => hostShares(host, range));
  const perBucket = seconds / Math.max(1, range.to - range.from);
  const finish = hosts.map(({ active }) => {
    let last = range.from;
    for (let b = range.from; b < range.to; b++) if (active[b]! >= AT_WORK) last = b + 1;
    return (last - range.from) * perBucket;
  });
  return [
    ...RESOURCES.flatMap((resource) =>
      standing(
        resource,
        shares.map((share) => share[resource] * seconds),
      ),
    ),
    ...standing("finish", finish),
  ].sort(
    (a, b) =>
      b.seconds - b.peersSeconds - (a.seconds - a.peersSeconds) || (a.host < b.host ? -1 : 1),
  );
}
