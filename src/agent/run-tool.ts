/** Short runs of other people's programs, for the inventory at the start of a recording. */
import { existsSync } from "node:fs";
import { TOOL_FOLDERS } from "../collectors/tools/tools.ts";
import type { RunTool } from "../inventory/host-files.ts";
import { monotonicMs } from "../util/monotonic.ts";
import { spawnSync } from "../collectors/tools/spawn-sync.ts";

/** One run may take so long, and all of them together. */
const MAX_RUN_MS = 1000;
const MAX_TOTAL_MS = 3000;
const MAX_OUTPUT_BYTES = 1 << 20;

/**
 * @param maxTotalMs when it is used up, nothing is run any more
 * @returns runs a program of the system, without a shell, in the C locale and the time zone of this process
 */
export function limitedRunner(maxTotalMs = MAX_TOTAL_MS): RunTool {
  const endMs = monotonicMs() + maxTotalMs;
  const { TZ } = process.env;
  const environment = { LC_ALL: "C", ...(TZ === undefined ? undefined : { TZ }) };
  return (program, args) => {
    const folder = TOOL_FOLDERS.find((candidate) => existsSync(`${candidate}/${program}`));
    if (folder === undefined) return "";
    const timeoutMs = Math.min(MAX_RUN_MS, Math.floor(endMs - monotonicMs()));
    if (timeoutMs <= 0) return undefined;
    const { status, signal, output } = spawnSync(
      { file: `${folder}/${program}`, args, environment },
      { timeoutMs, outputBytes: MAX_OUTPUT_BYTES },
    );
    if (signal !== null) return undefined;
    return status === 0 ? output.toString("utf8") : "";
  };
}
