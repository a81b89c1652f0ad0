/** Durations and sizes as people type and read them. */
import { UsageError } from "./errors.ts";

const DURATION_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const SIZE_BYTES: Readonly<Record<string, number>> = {
  "": 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
};

/**
 * `500ms`, `1s`, `2.5m`, `1h30m`, `1d`; a bare number is seconds.
 *
 * @returns milliseconds, more than 0
 * @throws UsageError
 */
export function parseDuration(text: string): number {
  const bare = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : 0;
  let total = bare;
  if (bare === 0 && /^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) {
    for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
      total += Number(amount) * DURATION_MS[unit!]!;
    }
  }
  if (!(total > 0)) {
    throw new UsageError(`"${text}" is not a duration.`, "Write 500ms, 1s, 5m, 1h30m or 2d.");
  }
  return total;
}

/**
 * `512`, `64k`, `64MB`, `1.5G`, in powers of 1,024.
 *
 * @returns bytes, more than 0
 * @throws UsageError
 */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?$/i.exec(text);
  const bytes = match ? Math.round(Number(match[1]) * SIZE_BYTES[match[2]!.toLowerCase()]!) : 0;
  if (!(bytes > 0)) {
    throw new UsageError(`"${text}" is not a size.`, "Write 512k, 64MB or 1.5G.");
  }
  return bytes;
}

/** `850 ms`, `12.3 s`, `4 min 12 s`, `2 h 5 min`, `3 d 4 h`: two units at most. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${trimmed(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return twoUnits(Math.floor(seconds / 60), "min", seconds % 60, "s");
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return twoUnits(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const hours = Math.round(minutes / 60);
  return twoUnits(Math.floor(hours / 24), "d", hours % 24, "h");
}

/** `512 B`, `1.5 kB`, `64 MB`, in powers of 1,024. */
export function formatSize(bytes: number): string {
  let amount = bytes;
  for (const unit of ["B", "kB", "MB", "GB"]) {
    if (Math.abs(amount) < 1000) return `${trimmed(amount)} ${unit}`;
    amount /= 1024;
  }
  return `${trimmed(amount)} TB`;
}

function twoUnits(first: number, firstUnit: string, second: number, secondUnit: string): string {
  return second === 0 ? `${first} ${firstUnit}` : `${first} ${firstUnit} ${second} ${secondUnit}`;
}

function trimmed(value: number): string {
  return Math.abs(value) < 100 ? String(Math.round(value * 10) / 10) : String(Math.round(value));
}
