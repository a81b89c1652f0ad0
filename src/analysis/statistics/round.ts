/** Rounding at boundaries, so that the last bits of a sum never show or decide. */

/** To so many significant digits; NaN and infinities as they are. */
export function significant(value: number, digits: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;
}

export function clamp(value: number, low = 0, high = 1): number {
  return value < low ? low : value > high ? high : value;
}

/** 0 up to `from`, 1 from `to` on, a straight line between. NaN gives 0. */
export function ramp(value: number, from: number, to: number): number {
  return value === value ? clamp((value - from) / rampWidth(from, to)) : 0;
}

/** Limits of a person's own may lie the wrong way round: then it is a step at `from`. */
export function rampWidth(from: number, to: number): number {
  return Math.max(to - from, 1e-6);
}
