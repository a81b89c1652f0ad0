/** Lines of busybox's top. */
import { processInstance } from "./process-instance.ts";
import { parseNumber, parseScaled } from "./text/number.ts";
import type { ToolRow } from "./tool-report.ts";
import type { SummaryRow } from "./top-summary.ts";
import { stateNumber } from "./top-values.ts";

const MEMORY = ["used", "free", "shrd", "buff", "cached"];
const CPU = ["usr", "sys", "nic", "idle", "io", "irq", "sirq"];
const LOAD = ["load 1 min", "load 5 min", "load 15 min", "running", "total"];

/**
 * `Mem: 2437480K used, 22246612K free, 8856K shrd, 244836K buff, 955172K cached` (with which a report begins),
 * `CPU:  50% usr  25% sys ...`, `CPU0: ...`, `Load average: 1.32 0.39 0.45 4/111 455` (the last is the newest process id).
 */
export function parseBusyboxSummary(line: string): SummaryRow | undefined {
  const text = line.slice(0, 300);
  const memory = /^Mem: (\d+)K used, (\d+)K free, (\d+)K shrd, (\d+)K buff, (\d+)K cached$/.exec(
    text,
  );
  if (memory) return summary("memory", "", MEMORY, memory.slice(1));
  const cpu = /^CPU(\d*):((?: +[\d.]+% [a-z]+){7})\s*$/.exec(text);
  if (cpu) return summary("cpu", cpu[1] || "all", CPU, cpu[2]!.match(/[\d.]+/g)!);
  const load = /^Load average: ([\d.]+) ([\d.]+) ([\d.]+) (\d+)\/(\d+) \d+$/.exec(text);
  return load ? summary("host", "", LOAD, load.slice(1)) : undefined;
}

function summary(
  table: string,
  instance: string,
  columns: readonly string[],
  texts: readonly string[],
): SummaryRow {
  return { table, instance, columns, cells: texts.map((text) => parseNumber(text) ?? null) };
}

export interface BusyboxTable {
  readonly columns: readonly string[];
  readonly hasCpu: boolean;
}

/** `  PID  PPID USER     STAT   VSZ %VSZ [CPU] %CPU COMMAND`; %VSZ was once called %MEM. */
const TITLES = /^\s*PID\s+PPID\s+USER\s+STAT\s+VSZ\s+(%VSZ|%MEM)(\s+CPU)?\s+%CPU\s+COMMAND\s*$/;

export function busyboxTable(line: string): BusyboxTable | undefined {
  const match = TITLES.exec(line.slice(0, 200));
  if (!match) return undefined;
  const hasCpu = match[2] !== undefined;
  // A share of memory by address space, whatever it is called.
  const columns = [
    "PPID",
    "USER",
    "STAT",
    "VSZ",
    "%VSZ",
    ...(hasCpu ? ["CPU"] : []),
    "%CPU",
    "COMMAND",
  ];
  return { columns, hasCpu };
}

/** The state has up to three letters with blanks between (`S <`); wide sizes touch the next column (`3072g12289%`). */
const ROW =
  /^\s*(\d{1,10})\s+(\d{1,10})\s+(\S{1,40})\s+([A-Za-z][W ]?[<N ]?)\s*(\d+[kmgt]?)\s*(\d+)%(?:\s+(\d+))?\s+([\d.]+)%\s(.*)$/;

export function busyboxRow(table: BusyboxTable, line: string): ToolRow | undefined {
  const match = ROW.exec(line);
  if (!match || (match[7] !== undefined) !== table.hasCpu) return undefined;
  const [, pid, ppid, user, state, size, sizeShare, processor, cpuShare, command] = match;
  const bytes = parseScaled(size!, 1024);
  return {
    instance: processInstance(command!, pid!, true),
    cells: [
      Number(ppid),
      user!,
      stateNumber(state!),
      bytes === undefined ? null : bytes / 1024,
      Number(sizeShare),
      ...(table.hasCpu ? [Number(processor)] : []),
      parseNumber(cpuShare!) ?? null,
      command!.trim(),
    ],
  };
}
