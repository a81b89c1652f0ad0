/** What a tool costs: all of its processes, from /proc. */
import { readdirSync, readFileSync } from "node:fs";

const TICK_MS = 10;

/** Process ids of a process and of all that it started and that are still there. */
export function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const fields = statFields(Number(name));
    if (!fields) continue;
    const parent = Number(fields[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [root];
  for (let i = 0; i < found.length; i++) found.push(...(children.get(found[i]!) ?? []));
  return found;
}

/**
 * CPU time so far in milliseconds: of the living, nanoseconds of the scheduler; of ended children
 * whose parent has waited for them, what the kernel adds up there.
 */
export function treeCpuMs(roots: readonly number[]): number {
  let ms = 0;
  for (const pid of roots.flatMap(processTree)) {
    ms += livingNs(pid) / 1e6;
    const fields = statFields(pid);
    // cutime and cstime: the 16th and 17th field, the 14th and 15th after the name.
    if (fields) ms += (Number(fields[13]) + Number(fields[14])) * TICK_MS;
  }
  return ms;
}

export interface TreeMemory {
  readonly rssMb: number;
  /** Shares of what several processes have in common counted once. */
  readonly pssMb: number;
}

export function treeMemory(roots: readonly number[]): TreeMemory {
  let rssKb = 0;
  let pssKb = 0;
  for (const pid of roots.flatMap(processTree)) {
    const rollup = read(`/proc/${pid}/smaps_rollup`) ?? "";
    rssKb += Number(/^Rss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
    pssKb += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
  }
  return { rssMb: rssKb / 1024, pssMb: pssKb / 1024 };
}

function livingNs(pid: number): number {
  let sum = 0;
  try {
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      sum += Number((read(`/proc/${pid}/task/${task}/schedstat`) ?? "0").split(" ")[0]);
    }
  } catch {
    // It has just ended.
  }
  return sum;
}

/** The fields of /proc/PID/stat after the name: state, parent, ... */
function statFields(pid: number): string[] | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}
