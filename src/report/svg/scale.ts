/** Axes: round steps, and short numbers beside them. */
import type { CourseUnit } from "../../analysis/courses/course.ts";
import { shortNumber } from "../../analysis/number-text.ts";

export interface Ticks {
  /** From 0 on; the last is the top of the axis. */
  readonly at: readonly number[];
  readonly top: number;
}

/** 0 to a round number that is not below `most`, in about `count` steps of 1, 2, 2.5 or 5 tens. */
export function valueTicks(most: number, count = 4): Ticks {
  if (!(most > 0) || !Number.isFinite(most)) return { at: [0, 1], top: 1 };
  const raw = most / count;
  const ten = 10 ** Math.floor(Math.log10(raw));
  const step = ten * ([1, 2, 2.5, 5, 10].find((factor) => factor * ten >= raw * 0.999) ?? 10);
  const steps = Math.ceil(most / step - 1e-9);
  return {
    at: Array.from({ length: steps + 1 }, (_, i) => Number((i * step).toPrecision(6))),
    top: steps * step,
  };
}

const TIME_STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400,
];

/** Seconds from 0, at most `count` steps; the end need not be one. */
export function timeTicks(seconds: number, count = 6): number[] {
  const step =
    TIME_STEPS.find((width) => seconds / width <= count) ??
    86400 * Math.ceil(seconds / count / 86400);
  const small = seconds < 2 ? seconds / 2 : step;
  const ticks: number[] = [];
  for (let at = 0; at <= seconds * 1.0001; at += small) ticks.push(Number(at.toPrecision(6)));
  return ticks;
}

/** `0`, `30 s`, `5 min`, `5:30`, `2 h`, `2:30 h`. */
export function timeText(seconds: number): string {
  if (seconds === 0) return "0";
  if (seconds < 60) return `${shortNumber(seconds)} s`;
  const pair = (big: number, small: number) => `${big}:${String(small).padStart(2, "0")}`;
  if (seconds < 3600) {
    const whole = Math.round(seconds);
    return whole % 60 === 0
      ? `${whole / 60} min`
      : `${pair(Math.floor(whole / 60), whole % 60)} min`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes % 60 === 0
    ? `${minutes / 60} h`
    : `${pair(Math.floor(minutes / 60), minutes % 60)} h`;
}

const PREFIXES = ["", "k", "M", "G", "T", "P"];

/** With its unit: `43 %`, `1.5 MB/s`, `12.3 ms`, `2,000`. NaN is a dash. */
export function unitText(value: number, unit: CourseUnit): string {
  if (value !== value) return "-";
  if (unit === "%") return `${shortNumber(Math.round(value * 10) / 10)} %`;
  if (unit !== "B" && unit !== "B/s" && !(unit === "1/s" && Math.abs(value) >= 10_000)) {
    const text = shortNumber(value);
    return unit === "" ? text : unit === "1/s" ? `${text}/s` : `${text} ${unit}`;
  }
  let scaled = value;
  let prefix = 0;
  while (Math.abs(scaled) >= 1000 && prefix < PREFIXES.length - 1) {
    scaled /= 1000;
    prefix++;
  }
  const letter = PREFIXES[prefix]!;
  return unit === "1/s"
    ? `${shortNumber(scaled)} ${letter}/s`
    : `${shortNumber(scaled)} ${letter}${unit}`;
}

/** A coordinate: one decimal at most, of pictures that are some 500 or 1,000 wide. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

const MOST_NAME = 22;

/** A name beside a picture, where there is no room for all of it. */
export function shortName(name: string): string {
  return name.length <= MOST_NAME ? name : `${name.slice(0, MOST_NAME - 1)}\u2026`;
}
