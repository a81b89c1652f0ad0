/** Whether a whole cluster carries a difference or only some of its hosts. */
import { median } from "./statistics/summary.ts";
import { DEFAULT_THRESHOLDS, type Thresholds } from "./thresholds.ts";

export interface Scope {
  readonly scope: "cluster" | "hosts";
  readonly hosts: readonly string[];
}

export interface SufferingHost {
  readonly name: string;
  readonly role: string;
  /** How much it suffers: seconds, percent points. */
  readonly value: number;
}

/**
 * Each host is held against the median of its role on the other side. Where the hosts that carry the
 * difference are all of their roles, it is the cluster's: its masters need not suffer with its workers.
 */
export function scopeOf(
  worse: readonly SufferingHost[],
  better: readonly SufferingHost[],
  limits: Thresholds = DEFAULT_THRESHOLDS,
): Scope {
  const usual = (role: string) => {
    const peers = better.filter((host) => host.role === role);
    const value = median((peers.length > 0 ? peers : better).map((host) => host.value));
    return value === value ? value : 0;
  };
  const excess = worse.map(({ value, role }) => value - usual(role));
  const most = Math.max(...excess, 0);
  const carries = excess.map(
    (value) => most > 0 && value >= (limits["scope-carries"] / 100) * most,
  );
  const roles = new Set(worse.flatMap(({ role }, i) => (carries[i] ? [role] : [])));
  const peers = worse.flatMap(({ role }, i) => (roles.has(role) ? [i] : []));
  const carriers = peers.filter((i) => carries[i]);
  const others = peers.filter((i) => !carries[i]).map((i) => excess[i]!);
  const few = carriers.length > 0 && carriers.length <= peers.length / 2;
  if (few && others.length > 0 && median(others) < (limits["scope-spared"] / 100) * most) {
    return { scope: "hosts", hosts: carriers.map((i) => worse[i]!.name).sort() };
  }
  return { scope: "cluster", hosts: [] };
}
