/**
 * Benjamini and Hochberg's step-up procedure ("Controlling the false discovery rate", JRSS B 57,
 * 1995): adjusted p-values, in the order given; those at most α are discoveries of which on average
 * no more than α are false.
 */
export function adjustedForDiscovery(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let smallest = 1;
  for (let rank = order.length; rank >= 1; rank--) {
    const i = order[rank - 1]!;
    smallest = Math.min(smallest, (pValues[i]! * order.length) / rank);
    adjusted[i] = smallest;
  }
  return adjusted;
}
