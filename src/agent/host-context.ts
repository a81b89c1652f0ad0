/** What collectors are told about the host they run on. */
import { readFileSync } from "node:fs";
import type { AgentFacts, CollectorOptions, HostContext } from "../collectors/collector.ts";
import { localStatFileSystem } from "../collectors/file-system-space.ts";
import { hostTools } from "../collectors/tools/shell-session.ts";
import { monotonicMs } from "../util/monotonic.ts";

/** The host this runs on. */
export function hostContext(options: CollectorOptions, agent?: AgentFacts): HostContext {
  const { clockTicksPerSecond, pageSizeBytes } = readAuxiliaryVector();
  const statFileSystem = localStatFileSystem();
  return {
    procRoot: "/proc",
    sysRoot: "/sys",
    etcRoot: "/etc",
    clockTicksPerSecond,
    pageSizeBytes,
    monotonicSeconds: () => monotonicMs() / 1000,
    options,
    tools: hostTools(),
    ...(statFileSystem ? { statFileSystem } : undefined),
    ...(agent ? { agent } : undefined),
  };
}

/** Keys of the auxiliary vector, see getauxval(3). */
const AT_PAGESZ = 6;
const AT_CLKTCK = 17;

/**
 * Page size and USER_HZ as the kernel told this process: Node has no sysconf. Pairs of 64-bit words;
 * without the file (or on a 32-bit system) the values of nearly every Linux.
 */
function readAuxiliaryVector(): { clockTicksPerSecond: number; pageSizeBytes: number } {
  const found = { clockTicksPerSecond: 100, pageSizeBytes: 4096 };
  let vector: Buffer;
  try {
    vector = readFileSync("/proc/self/auxv");
  } catch {
    return found;
  }
  for (let offset = 0; offset + 16 <= vector.length; offset += 16) {
    const key = vector.readUInt32LE(offset);
    const value = vector.readUInt32LE(offset + 8);
    if (key === AT_PAGESZ && value > 0) found.pageSizeBytes = value;
    if (key === AT_CLKTCK && value > 0) found.clockTicksPerSecond = value;
  }
  return found;
}
