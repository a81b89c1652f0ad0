/** Bars that show shares of a whole. */
import { type Span, span, type Style } from "./spans.ts";

export interface Part {
  /** 0 to 100; parts of a bar sum to at most 100. */
  readonly percent: number | undefined;
  readonly style: Style;
  /** Tells the parts apart where there is no color. */
  readonly mark: string;
}

/** `[uuuss     ]`, `width` cells in all. */
export function bar(parts: readonly Part[], width: number): Span[] {
  const room = Math.max(1, width - 2);
  const spans: Span[] = [];
  let filled = 0;
  let sum = 0;
  for (const { percent, style, mark } of parts) {
    sum += Math.max(0, percent ?? 0);
    // Where it ends is rounded, not how long it is: small parts do not add up to a wrong whole.
    const end = Math.min(room, Math.round((sum / 100) * room));
    if (end > filled) spans.push(span(mark.repeat(end - filled), style));
    filled = Math.max(filled, end);
  }
  return [span("[", "dim"), ...spans, span(" ".repeat(room - filled)), span("]", "dim")];
}

/** Green, yellow, red: how near a share is to its limit. */
export function levelStyle(percent: number | undefined, warn = 70, bad = 90): Style {
  if (percent === undefined || percent < warn) return "good";
  return percent < bad ? "warn" : "bad";
}
