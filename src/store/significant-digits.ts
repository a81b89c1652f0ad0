/**
 * Rounding at the boundary of a store: answers of different engines differ in their last bits
 * (order of summation), so none of those bits may reach a decision.
 */

/** Powers of ten that a double holds exactly. */
const EXACT_POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** Rounds to 9 significant digits; integers below 1e9, infinities and NaN stay as they are. */
export function roundTo9Digits(value: number): number {
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return value + 0;
  if (!Number.isFinite(value)) return value;
  const shift = 8 - Math.floor(Math.log10(Math.abs(value)));
  const power = EXACT_POWERS[shift];
  // Beyond the exact powers (below 1e-14, above 1e9) only the decimal conversion is right.
  if (power === undefined) return Number(value.toPrecision(9));
  return Math.round(value * power) / power + 0;
}
