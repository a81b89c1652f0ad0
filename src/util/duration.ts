/** Lengths of time as people write them on the command line. */
import { UsageError } from "./errors.ts";

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * Reads `500ms`, `1s`, `1.5m`, `2h`, `1h30m`, or a plain number of seconds.
 *
 * @returns milliseconds, at least 1
 * @throws UsageError that names the option and shows the form
 */
export function parseDuration(text: string, option: string): number {
  const plain = /^\d+(\.\d+)?$/.test(text);
  const parts = plain ? [`${text}s`] : (text.match(/\d+(?:\.\d+)?[a-z]+/g) ?? []);
  let sumMs = 0;
  for (const part of parts) {
    const [, amount = "", unit = ""] = /^([\d.]+)([a-z]+)$/.exec(part) ?? [];
    sumMs += Number(amount) * (UNIT_MS[unit] ?? NaN);
  }
  if ((!plain && parts.join("") !== text) || !(sumMs >= 1) || !isFinite(sumMs)) {
    throw new UsageError(
      `${option} ${text} is not a length of time.`,
      "Write 500ms, 1s, 90s, 5m, 1h30m, or a number of seconds.",
    );
  }
  return Math.round(sumMs);
}

/** `1.5 s`, `12 s`, `3 min 20 s`, `2 h 05 min`: for people, to about three digits. */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${trimZero(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

function trimZero(text: string): string {
  return text.replace(/\.0$/, "");
}
