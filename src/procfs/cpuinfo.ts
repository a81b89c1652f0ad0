/**
 * /proc/cpuinfo, whose keys differ by architecture: one block of `key : value` lines per logical
 * CPU, and on some (ARM, POWER, s390) a block of machine-wide lines.
 */

export interface CpuInfo {
  /** Processor blocks: CPUs that are online. */
  readonly logicalCpus: number;
  /** What the processor calls itself. */
  readonly model?: string;
  /** `GenuineIntel`, `AuthenticAMD`, `User Mode Linux`. */
  readonly vendor?: string;
  /** Distinct packages; absent where the file does not tell. */
  readonly sockets?: number;
  /** Distinct cores of all packages; absent where the file does not tell. */
  readonly cores?: number;
  /** Clock of the first CPU at this moment. */
  readonly currentMHz?: number;
  /** Last-level cache of one package. */
  readonly cacheBytes?: number;
  /** Version of the microcode of the first CPU, as the file has it. */
  readonly microcode?: string;
  readonly flags: ReadonlySet<string>;
}

/** @param text the whole file */
export function parseCpuInfo(text: string): CpuInfo {
  const first = new Map<string, string>();
  const packages = new Set<string>();
  const cores = new Set<string>();
  let logicalCpus = 0;
  let physicalId: string | undefined;
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon < 0) continue;
    const key = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    // s390 numbers its CPUs in the key itself: `processor 0: version = 00, ...`.
    if (key === "processor" || /^processor \d+$/.test(key)) {
      logicalCpus++;
      physicalId = undefined;
    } else if (key === "physical id") {
      physicalId = value;
      packages.add(value);
    } else if (key === "core id" && physicalId !== undefined) {
      cores.add(`${physicalId}/${value}`);
    }
    if (!first.has(key)) first.set(key, value);
  }
  const model = modelOf(first);
  const vendor = first.get("vendor_id");
  const megahertz = Number(
    /^\d+(\.\d+)?/.exec(first.get("cpu MHz") ?? first.get("clock") ?? "")?.[0],
  );
  const microcode = first.get("microcode");
  const cache = /^(\d+) KB$/.exec(first.get("cache size") ?? "")?.[1];
  return {
    logicalCpus,
    ...(model ? { model } : {}),
    ...(vendor ? { vendor } : {}),
    ...(packages.size > 0 ? { sockets: packages.size } : {}),
    ...(cores.size > 0 ? { cores: cores.size } : {}),
    ...(megahertz > 0 ? { currentMHz: megahertz } : {}),
    ...(cache ? { cacheBytes: Number(cache) * 1024 } : {}),
    ...(microcode ? { microcode } : {}),
    flags: new Set(
      (first.get("flags") ?? first.get("Features") ?? "").split(/\s+/).filter(Boolean),
    ),
  };
}

/** x86 and UML say `model name`, POWER `cpu`; 64-bit ARM gives numbers of maker and part only. */
function modelOf(first: ReadonlyMap<string, string>): string | undefined {
  const named = first.get("model name") ?? first.get("cpu") ?? first.get("cpu model");
  if (named) return named.replace(/\s+/g, " ");
  const implementer = first.get("CPU implementer");
  const part = first.get("CPU part");
  return implementer && part ? `ARM implementer ${implementer} part ${part}` : undefined;
}
