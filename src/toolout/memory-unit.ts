/**
 * The unit of amounts of memory that were printed without one: `free -m` and `vmstat -S M` look
 * like `free` and `vmstat`. The kernel counts pages of 4 KiB or more, so amounts in KiB are
 * multiples of 4 and amounts in bytes multiples of 1024; numbers that are not were divided and cut
 * by the tool, and then their size tells by what.
 */

const multiplesOf = (amounts: readonly number[], divisor: number): boolean =>
  amounts.every((amount) => amount % divisor === 0);

/** Fewer KiB than any host of today has. */
const LEAST_KIB = 65_536;
/** More GiB than `free -g` is used for; fewer MiB than a host has. */
const MOST_GIB = 256;
/** 4 TiB in MiB: what is more was printed in kB. */
const MOST_MIB = 4 * 1024 ** 2;

/**
 * @param amounts of one line of `free`, the total first
 * @returns KiB per printed unit; 1 where nothing tells otherwise.
 */
export function freeUnit(amounts: readonly number[]): number {
  const total = amounts[0] ?? 0;
  if (total >= LEAST_KIB * 1024 && multiplesOf(amounts, 1024)) return 1 / 1024;
  if (total >= LEAST_KIB && multiplesOf(amounts, 4)) return 1;
  if (total <= 0) return 1;
  if (total < MOST_GIB) return 1024 ** 2;
  if (total < MOST_MIB) return 1024;
  // `--kilo`.
  return 1000 / 1024;
}

/**
 * @param amounts swpd, free, buff and cache, or inact and active, of one line of `vmstat`
 * @returns KiB per printed unit; 1 where nothing tells otherwise.
 */
export function vmstatUnit(amounts: readonly number[]): number {
  const sum = amounts.reduce((total, amount) => total + amount, 0);
  if (sum === 0 || (sum >= LEAST_KIB && multiplesOf(amounts, 4))) return 1;
  return sum < MOST_MIB ? 1024 : 1000 / 1024;
}
