/** Numbers in few cells. What is not known is a blank, never 0. */

const PREFIXES = ["", "k", "M", "G", "T", "P"];

/** `812`, `9.2k`, `640M`: powers of 1,024, as `top` and `free` show memory. */
export function bytesText(bytes: number | undefined): string {
  if (bytes === undefined) return "";
  let amount = Math.max(0, bytes);
  let prefix = 0;
  // What would be rounded to four digits goes to the next prefix.
  while (amount >= 999.5 && prefix < PREFIXES.length - 1) {
    amount /= 1024;
    prefix++;
  }
  return `${amount >= 9.95 || prefix === 0 ? amount.toFixed(0) : amount.toFixed(1)}${PREFIXES[prefix]}`;
}

/** `0.0`, `41.2`, `399`: percents. */
export function shareText(percent: number | undefined): string {
  if (percent === undefined) return "";
  const value = Math.max(0, percent);
  return value >= 99.95 ? value.toFixed(0) : value.toFixed(1);
}

/** `0`, `2.4`, `1234`: how often per second. */
export function rateText(rate: number | undefined): string {
  if (rate === undefined) return "";
  const value = Math.max(0, rate);
  if (value >= 99_950) return `${(value / 1000).toFixed(0)}k`;
  return value === 0 || value >= 9.95 ? value.toFixed(0) : value.toFixed(1);
}

/** `0:07.21`, `123:07`, `99h07`: CPU time. */
export function clockText(seconds: number | undefined): string {
  if (seconds === undefined) return "";
  const minutes = Math.floor(seconds / 60);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  if (minutes < 100)
    return `${minutes}:${two(seconds % 60)}.${two(Math.floor((seconds % 1) * 100 + 1e-6))}`;
  if (minutes < 6000) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}h${two(minutes % 60)}`;
}
