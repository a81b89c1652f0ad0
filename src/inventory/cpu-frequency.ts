import { common, defined, listFolder, readFlag, readInteger, readText } from "./read-text.ts";

/** Clock of the CPUs: what they can, what they may, and who decides. Absent in most guests. */
export interface FrequencyInventory {
  /** Range of the hardware, turbo included. */
  readonly minMHz?: number;
  readonly maxMHz?: number;
  /** Range within which the governor may choose. */
  readonly allowedMinMHz?: number;
  readonly allowedMaxMHz?: number;
  /** `intel_pstate`, `acpi-cpufreq`, `amd-pstate-epp`. */
  readonly frequencyDriver?: string;
  /** `performance`, `powersave`, `schedutil`; where CPUs differ, how many have which. */
  readonly frequencyGovernor?: string;
  /** Of the drivers that choose by themselves: `performance`, `balance_performance`, `power`. */
  readonly energyPreference?: string;
  /** Clocks above the nominal one are allowed. */
  readonly turbo?: boolean;
}

/**
 * @param cpus `/sys/devices/system/cpu`
 * @returns with `baseMHz`, the clock without turbo, where the driver tells it
 */
export function readFrequency(cpus: string): FrequencyInventory & { readonly baseMHz?: number } {
  const folders = policies(cpus);
  const first = folders[0] ?? `${cpus}/cpu0/cpufreq`;
  const megahertz = (name: string) => {
    const kilohertz = readInteger(`${first}/${name}`);
    return kilohertz ? kilohertz / 1000 : undefined;
  };
  const of = (name: string) =>
    common(folders.flatMap((folder) => readText(`${folder}/${name}`) ?? []));
  const noTurbo = readFlag(`${cpus}/intel_pstate/no_turbo`);
  return defined<FrequencyInventory & { readonly baseMHz?: number }>({
    baseMHz: megahertz("base_frequency"),
    minMHz: megahertz("cpuinfo_min_freq"),
    maxMHz: megahertz("cpuinfo_max_freq"),
    allowedMinMHz: megahertz("scaling_min_freq"),
    allowedMaxMHz: megahertz("scaling_max_freq"),
    frequencyDriver: readText(`${first}/scaling_driver`),
    frequencyGovernor: of("scaling_governor"),
    energyPreference: of("energy_performance_preference"),
    turbo: noTurbo === undefined ? readFlag(`${cpus}/cpufreq/boost`) : !noTurbo,
  });
}

/** A folder per group of CPUs that change their clock together; before Linux 4.3 one per CPU. */
function policies(cpus: string): string[] {
  const shared = listFolder(`${cpus}/cpufreq`).filter((name) => /^policy\d+$/.test(name));
  if (shared.length > 0) return shared.map((name) => `${cpus}/cpufreq/${name}`);
  const each = listFolder(cpus).filter((name) => /^cpu\d+$/.test(name));
  return each.map((name) => `${cpus}/${name}/cpufreq`);
}
