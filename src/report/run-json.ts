/** A report on one run as JSON: the keys in the order of `docs/report.md`, indented, one newline. */
import type { RunReport } from "../analysis/run/run-report.ts";

export function renderRunJson(report: RunReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
