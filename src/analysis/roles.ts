/**
 * Roles compared with like roles: what each host weighs in the averages of its side. Every role that
 * both sides have weighs the same on both, whatever their mix of masters and workers; hosts of a role
 * that the other side lacks have no say in averages.
 */
import type { SideName } from "./comparison.ts";

type BySide<T> = Readonly<Record<SideName, T>>;

/** Per host, in order; the weights of a side sum to 1. Without a common role all hosts are alike. */
export function hostWeights(roles: BySide<readonly string[]>): BySide<number[]> {
  const common = new Set(roles.baseline.filter((role) => roles.candidate.includes(role)));
  const counts = (side: SideName) => {
    const known = roles[side].filter((role) => common.has(role));
    const count = (role: string) => known.filter((other) => other === role).length;
    return { count, share: (role: string) => count(role) / known.length };
  };
  const sides = { baseline: counts("baseline"), candidate: counts("candidate") };
  const weights = (side: SideName) =>
    roles[side].map((role) => {
      if (common.size === 0) return 1 / roles[side].length;
      if (!common.has(role)) return 0;
      const share = (sides.baseline.share(role) + sides.candidate.share(role)) / 2;
      return share / sides[side].count(role);
    });
  return { baseline: weights("baseline"), candidate: weights("candidate") };
}

/** Roles of one side only, sorted. */
export function rolesOfOneSide(roles: BySide<readonly string[]>, side: SideName): string[] {
  const other = roles[side === "baseline" ? "candidate" : "baseline"];
  return [...new Set(roles[side].filter((role) => !other.includes(role)))].sort();
}
