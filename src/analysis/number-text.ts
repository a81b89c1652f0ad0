/** Numbers in the sentences of findings and verdicts. */
import type { MeasureUnit } from "./measures.ts";

/** Three significant digits, no exponent, thousands grouped. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return "unknown";
  const size = Math.abs(value);
  if (size < 1e-6) return "0";
  if (size > 0 && size < 1) return String(Number(value.toPrecision(3)));
  const digits = size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : 2;
  const fixed = value.toFixed(digits);
  const [whole = "", part] = (digits > 0 ? fixed.replace(/\.?0+$/, "") : fixed).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return part === undefined ? grouped : `${grouped}.${part}`;
}

export function measureText(value: number, unit: MeasureUnit): string {
  const number = shortNumber(value);
  switch (unit) {
    case "%":
      return `${shortNumber(Math.round(value * 10) / 10)} %`;
    case "pages/s":
      return `${number} pages per second`;
    case "bytes/s":
      return counterText(value, "Bytes/sec");
    case "1/s":
      return `${number} per second`;
    case "ms":
      return `${number} ms`;
    case "cpus":
      return `${number} CPUs`;
    case "count":
      return number;
  }
}

export function secondsText(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 600) return `${size >= 10 ? seconds.toFixed(1) : seconds.toFixed(2)} s`;
  if (size < 7200) return `${(seconds / 60).toFixed(1)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

const PREFIXES = ["", "k", "M", "G", "T", "P"];

/** By the unit that the counter's name tells: bytes with decimal prefixes, seconds, percent. */
export function counterText(value: number, counter: string): string {
  if (counter.includes("%")) return `${shortNumber(value)} %`;
  if (/Bytes|Working Set/.test(counter)) {
    let scaled = value;
    let prefix = 0;
    while (Math.abs(scaled) >= 1000 && prefix < PREFIXES.length - 1) {
      scaled /= 1000;
      prefix++;
    }
    return `${shortNumber(scaled)} ${PREFIXES[prefix]}B${counter.endsWith("/sec") ? "/s" : ""}`;
  }
  if (counter.includes("sec/")) return `${shortNumber(value * 1000)} ms`;
  return `${shortNumber(value)}${counter.endsWith("/sec") ? "/s" : ""}`;
}
