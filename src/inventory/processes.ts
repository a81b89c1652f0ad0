/** Processes by the name that the kernel has for them; nothing of them can block a reader. */
import { readdirSync } from "../util/host-files.ts";
import { readText } from "./read-text.ts";

export interface RunningProcess {
  readonly pid: string;
  /** At most 15 bytes of the program's name. */
  readonly name: string;
}

/** In order of process id. Empty where /proc shows none. */
export function listProcesses(procRoot: string): RunningProcess[] {
  let names: string[];
  try {
    names = readdirSync(procRoot);
  } catch {
    return [];
  }
  const processes: RunningProcess[] = [];
  for (const pid of names) {
    if (!/^\d+$/.test(pid)) continue;
    const name = readText(`${procRoot}/${pid}/comm`);
    if (name !== undefined) processes.push({ pid, name });
  }
  return processes.sort((a, b) => Number(a.pid) - Number(b.pid));
}
