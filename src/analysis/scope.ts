/** Whether a whole cluster carries a difference or only some of its hosts. */
import { median } from "./statistics/summary.ts";

export interface Scope {
  readonly scope: "cluster" | "hosts";
  readonly hosts: readonly string[];
}

/**
 * @param worse per host of the worse side how much it suffers (seconds, percent points)
 * @param better the same of the other side's hosts
 */
export function scopeOf(
  worse: readonly { readonly name: string; readonly value: number }[],
  better: readonly number[],
): Scope {
  const usual = better.length > 0 ? median(better) : 0;
  const excess = worse.map(({ value }) => value - (usual === usual ? usual : 0));
  const most = Math.max(...excess, 0);
  const carriers = worse.filter((_, i) => most > 0 && excess[i]! >= 0.5 * most);
  const others = excess.filter((value) => !(most > 0 && value >= 0.5 * most));
  const few = carriers.length > 0 && carriers.length <= worse.length / 2;
  if (few && others.length > 0 && median(others) < 0.25 * most) {
    return { scope: "hosts", hosts: carriers.map(({ name }) => name).sort() };
  }
  return { scope: "cluster", hosts: [] };
}
