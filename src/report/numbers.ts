/** Numbers in tables of reports. */
import type { CourseUnit } from "../analysis/courses/course.ts";
import { shortNumber } from "../analysis/number-text.ts";
import { unitText } from "./svg/scale.ts";

/** `+12.3`, `-0.4`, `0.0` */
export function signedSeconds(seconds: number): string {
  const text = seconds.toFixed(1);
  return seconds > 0.05 ? `+${text}` : text === "-0.0" ? "0.0" : text;
}

/** Three digits, with a decimal letter from 10,000 on: `12.3k`, `1.5M`. */
export function compactNumber(value: number | null): string {
  if (value === null) return "-";
  const size = Math.abs(value);
  for (const [unit, letter] of [
    [1e12, "T"],
    [1e9, "G"],
    [1e6, "M"],
    [1e4, "k"],
  ] as const) {
    if (size >= unit) return `${shortNumber(value / (unit === 1e4 ? 1e3 : unit))}${letter}`;
  }
  return shortNumber(value);
}

/** As `unitText`, with a dash for what is not known. */
export function amountText(value: number | null, unit: CourseUnit): string {
  return value === null ? "-" : unitText(value, unit);
}
