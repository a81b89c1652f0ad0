/** The tools whose text is understood, and which of them a text is of. */
import { free } from "./free.ts";
import { ifstat } from "./ifstat.ts";
import { iostat } from "./iostat.ts";
import { iotop } from "./iotop.ts";
import { mpstat } from "./mpstat.ts";
import { pidstat } from "./pidstat.ts";
import { sadf } from "./sadf.ts";
import { sar } from "./sar.ts";
import type { Tool } from "./tool-report.ts";
import { top } from "./top.ts";
import { vmstat } from "./vmstat.ts";

/**
 * Those that tell most exactly come first (iostat keeps reads, writes and discards apart, sar does
 * not): what several tools tell of one instant is taken from the first of them.
 */
export const tools: readonly Tool[] = [
  mpstat,
  iostat,
  pidstat,
  sadf,
  sar,
  free,
  ifstat,
  top,
  vmstat,
  iotop,
];

/** Lines that tell of which tool a text is. */
export const HEAD_LINES = 64;

/** @returns undefined when the text is none of these tools' */
export function recognizeTool(head: readonly string[]): Tool | undefined {
  let best: { tool: Tool; certainty: number } | undefined;
  for (const tool of tools) {
    const certainty = tool.recognizes(head);
    if (certainty > (best?.certainty ?? 0)) best = { tool, certainty };
  }
  return best?.tool;
}
