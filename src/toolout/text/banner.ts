/**
 * The first line of sysstat's tools: `Linux 6.1.0-28-amd64 (node7)        11/24/2026      _x86_64_
 * (2 CPU)`.
 */
import type { ToolBanner } from "../tool-report.ts";
import { parseDate, parseIso } from "./time.ts";

/**
 * Release (host), date, and since sysstat 9 the machine and the number of CPUs. The date may hold
 * spaces.
 */
const BANNER =
  /^Linux (\S{1,100}) \(([^()\s]{0,255})\)\s+(\S[^\t_]{0,40})(?:\s*_\S+_(?:\s+\((\d+) CPU\))?)?\s*$/;

/** @returns undefined when the line is no such banner. */
export function parseBanner(line: string): ToolBanner | undefined {
  const match = BANNER.exec(line.length > 600 ? "" : line);
  if (!match) return undefined;
  const printed = match[3]!.trim();
  const day = parseDate(printed.replace(/ /g, "")) ?? parseIso(printed)?.day;
  return {
    host: match[2]!,
    kernel: match[1]!,
    ...(day === undefined ? {} : { day }),
    ...(match[4] === undefined ? {} : { cpus: Number(match[4]) }),
  };
}
