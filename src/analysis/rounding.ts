import type { Comparison } from "./comparison.ts";
import { significant } from "./statistics/round.ts";

const DIGITS = 6;

/**
 * Every number of a comparison to 6 significant digits: the last bits of sums, which may depend on
 * the order in which a store adds, do not show. Sums of shares hold to that
 * precision, those of seconds to the millisecond.
 */
export function roundedComparison(comparison: Comparison): Comparison {
  return roundedAnswer(comparison);
}

/** The same of another answer. */
export function roundedAnswer<T>(answer: T): T {
  return rounded(answer) as T;
}

/** To the millisecond already, and sums of each other. */
const EXACT = new Set(["durationSeconds", "seconds", "extraSeconds"]);

function rounded(value: unknown): unknown {
  if (typeof value === "number") {
    // Far below what is shown; what is left of a difference of equals.
    return Math.abs(value) < 1e-9 ? 0 : significant(value, DIGITS);
  }
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, EXACT.has(key) ? inner : rounded(inner)]),
  );
}
