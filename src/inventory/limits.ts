import { defined, readWhole } from "./read-text.ts";

/** Limits on the recording process, and so on a job started by it. */
export interface LimitsInventory {
  readonly openFiles?: Limit;
  readonly processes?: Limit;
  readonly lockedMemoryBytes?: Limit;
  readonly stackBytes?: Limit;
  readonly fileSizeBytes?: Limit;
  readonly addressSpaceBytes?: Limit;
  readonly coreFileBytes?: Limit;
  /** CPUs and memory nodes it may use: `0-3`. */
  readonly cpus?: string;
  readonly memoryNodes?: string;
}

/** What the kernel enforces, and up to where the process may raise it; `unlimited`. */
export interface Limit {
  readonly soft: number | "unlimited";
  readonly hard: number | "unlimited";
}

export function readLimits(procRoot: string): LimitsInventory {
  const limits = readWhole(`${procRoot}/self/limits`);
  const status = readWhole(`${procRoot}/self/status`);
  const of = (name: string): Limit | undefined => {
    const match = new RegExp(`^${name} +(\\d+|unlimited) +(\\d+|unlimited)`, "m").exec(limits);
    return match ? { soft: amount(match[1]!), hard: amount(match[2]!) } : undefined;
  };
  const list = (name: string) =>
    new RegExp(`^${name}_allowed_list:\\s+(\\S+)`, "m").exec(status)?.[1];
  return defined<LimitsInventory>({
    openFiles: of("Max open files"),
    processes: of("Max processes"),
    lockedMemoryBytes: of("Max locked memory"),
    stackBytes: of("Max stack size"),
    fileSizeBytes: of("Max file size"),
    addressSpaceBytes: of("Max address space"),
    coreFileBytes: of("Max core file size"),
    cpus: list("Cpus"),
    memoryNodes: list("Mems"),
  });
}

function amount(text: string): number | "unlimited" {
  return text === "unlimited" ? text : Number(text);
}
