/** Interval of a share that was counted, after Wilson (1927): sound for few and for extreme counts. */

/** Of the normal distribution, both sides 2.5 %. */
const Z = 1.959964;

/** @returns bounds of the share, 95 % */
export function wilsonInterval(count: number, of: number): readonly [number, number] {
  if (of === 0) return [0, 1];
  const share = count / of;
  const z2 = (Z * Z) / of;
  const middle = share + z2 / 2;
  const half = Z * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of));
  return [Math.max(0, (middle - half) / (1 + z2)), Math.min(1, (middle + half) / (1 + z2))];
}
