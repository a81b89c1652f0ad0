/** Short runs of other people's programs, for the inventory at the start of a recording. */
import type childProcess from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import type { RunTool } from "../inventory/host-files.ts";
import { monotonicMs } from "../util/monotonic.ts";

/** One run may take so long, and all of them together. */
const MAX_RUN_MS = 1000;
const MAX_TOTAL_MS = 3000;
const MAX_OUTPUT_BYTES = 1 << 20;

/** Not the PATH of whoever records: the system's own programs, where distributions keep them. */
const FOLDERS = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

/**
 * @param maxTotalMs when it is used up, nothing is run any more
 * @returns runs a program of the system, without a shell, in the C locale
 */
export function limitedRunner(maxTotalMs = MAX_TOTAL_MS): RunTool {
  const endMs = monotonicMs() + maxTotalMs;
  return (program, args) => {
    const folder = FOLDERS.find((candidate) => existsSync(`${candidate}/${program}`));
    if (folder === undefined) return "";
    const timeout = Math.min(MAX_RUN_MS, Math.floor(endMs - monotonicMs()));
    if (timeout <= 0) return undefined;
    const { spawnSync } = loadChildProcess();
    const result = spawnSync(`${folder}/${program}`, args, {
      timeout,
      // A process that waits for a network file system takes no other.
      killSignal: "SIGKILL",
      encoding: "utf8",
      maxBuffer: MAX_OUTPUT_BYTES,
      stdio: ["ignore", "pipe", "ignore"],
      env: { LC_ALL: "C" },
    });
    if (result.signal) return undefined;
    return result.status === 0 ? result.stdout : "";
  };
}

/** Only where a program is run: it takes memory. At once, which `import()` is not. */
function loadChildProcess(): typeof childProcess {
  return createRequire("/")("child_process") as typeof childProcess;
}
