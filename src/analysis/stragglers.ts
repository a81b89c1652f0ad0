/**
 * Stragglers: hosts unlike their peers of the same side and role, by the modified z-score (Iglewicz
 * and Hoaglin, 1993): |x − median| > 3.5 · 1.4826 · MAD. Means would be pulled along by the very
 * host that is looked for.
 */
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
