import { defined, listFolder, readFlag, readInteger, readText } from "./read-text.ts";

/** How deep the CPUs may sleep: waking from a deep state takes longer. */
export interface IdleInventory {
  /** `intel_idle`, `acpi_idle`, `haltpoll`; `none` when CPUs are not put to sleep by a driver. */
  readonly driver?: string;
  readonly governor?: string;
  /** States of the first CPU, shallow to deep, those switched off in parentheses: `POLL C1 (C6)`. */
  readonly states?: string;
  /** Longest time to wake from a state that is in use, in microseconds. */
  readonly wakeUs?: number;
  /** Deepest state that the driver was limited to (`intel_idle.max_cstate`). */
  readonly maxState?: number;
}

/** @param cpus `/sys/devices/system/cpu` */
export function readIdle(cpus: string, sysRoot: string): IdleInventory | undefined {
  const driver = readText(`${cpus}/cpuidle/current_driver`);
  if (driver === undefined) return undefined;
  const states: string[] = [];
  let wakeUs: number | undefined;
  for (const state of listFolder(`${cpus}/cpu0/cpuidle`)) {
    const folder = `${cpus}/cpu0/cpuidle/${state}`;
    const name = readText(`${folder}/name`);
    if (name === undefined) continue;
    const off = readFlag(`${folder}/disable`) === true;
    states.push(off ? `(${name})` : name);
    if (!off) wakeUs = Math.max(wakeUs ?? 0, readInteger(`${folder}/latency`) ?? 0);
  }
  const limit =
    driver === "intel_idle"
      ? `${sysRoot}/module/intel_idle/parameters/max_cstate`
      : `${sysRoot}/module/processor/parameters/max_cstate`;
  return defined<IdleInventory>({
    driver,
    governor:
      readText(`${cpus}/cpuidle/current_governor`) ??
      readText(`${cpus}/cpuidle/current_governor_ro`),
    states: states.length > 0 ? states.join(" ") : undefined,
    wakeUs,
    maxState: readInteger(limit),
  });
}
