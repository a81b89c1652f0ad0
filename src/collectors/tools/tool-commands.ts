/** How the established tools are started so that they print on and on, one process each. */
import { free } from "../../toolout/free.ts";
import { ifstat } from "../../toolout/ifstat.ts";
import { iostat } from "../../toolout/iostat.ts";
import { iotop } from "../../toolout/iotop.ts";
import { mpstat } from "../../toolout/mpstat.ts";
import { pidstat } from "../../toolout/pidstat.ts";
import { sar } from "../../toolout/sar.ts";
import type { Tool } from "../../toolout/tool-report.ts";
import { top } from "../../toolout/top.ts";
import { vmstat } from "../../toolout/vmstat.ts";

export interface ToolCommand {
  readonly tool: Tool;
  /** Debian's package that has it. */
  readonly package: string;
  /** Takes intervals in whole seconds only. */
  readonly wholeSeconds: boolean;
  /** Only the beginning of the next report tells that one is complete. */
  readonly endsWithNext: boolean;
  /** Its first report tells of an interval that began when it was started. */
  readonly measuresFirst: boolean;
  /** @param interval seconds between reports, as text */
  readonly args: (interval: string) => readonly string[];
}

/**
 * sar's activities that have counters of ours, under options that sysstat 9 to 12 have. Interrupts by
 * kind are left out: a large host has thousands.
 */
const SAR = ["-u", "ALL", "-P", "ALL", "-wWBrSqdp", "-n", "DEV,EDEV,IP,EIP,TCP,ETCP,UDP,SOCK"];

const COMMANDS: readonly ToolCommand[] = [
  {
    tool: iostat,
    package: "sysstat",
    wholeSeconds: true,
    endsWithNext: true,
    measuresFirst: false,
    args: (interval) => ["-c", "-d", "-x", "-k", interval],
  },
  {
    tool: top,
    package: "procps",
    wholeSeconds: false,
    endsWithNext: true,
    measuresFirst: false,
    args: (interval) => ["-b", "-d", interval],
  },
  {
    tool: free,
    package: "procps",
    wholeSeconds: false,
    endsWithNext: true,
    measuresFirst: false,
    args: (interval) => ["-s", interval],
  },
  {
    tool: ifstat,
    package: "ifstat",
    wholeSeconds: false,
    endsWithNext: false,
    measuresFirst: true,
    args: (interval) => ["-a", "-n", interval],
  },
  {
    tool: iotop,
    package: "iotop",
    wholeSeconds: false,
    endsWithNext: true,
    measuresFirst: false,
    args: (interval) => ["-b", "-P", "-k", "-d", interval],
  },
  {
    tool: vmstat,
    package: "procps",
    wholeSeconds: true,
    endsWithNext: false,
    measuresFirst: false,
    args: (interval) => ["-n", interval],
  },
  {
    tool: sar,
    package: "sysstat",
    wholeSeconds: true,
    endsWithNext: true,
    measuresFirst: true,
    args: (interval) => [...SAR, interval],
  },
  {
    tool: mpstat,
    package: "sysstat",
    wholeSeconds: true,
    endsWithNext: true,
    measuresFirst: true,
    args: (interval) => ["-P", "ALL", interval],
  },
  {
    tool: pidstat,
    package: "sysstat",
    wholeSeconds: true,
    endsWithNext: true,
    measuresFirst: true,
    args: (interval) => ["-u", "-r", "-d", "-w", interval],
  },
];

/** Names of the tools that can be recorded through. */
export const TOOL_NAMES: readonly string[] = COMMANDS.map(({ tool }) => tool.id);

/** Those that are started when none are named: what the others tell is among it. */
export const USUAL_TOOLS: readonly string[] = [
  "iostat",
  "top",
  "free",
  "ifstat",
  "iotop",
  "vmstat",
  "sar",
];

export function toolCommand(name: string): ToolCommand | undefined {
  return COMMANDS.find(({ tool }) => tool.id === name);
}
