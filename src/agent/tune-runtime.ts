/** Settings of Node for a process that does little, seldom, for a long time. */
import { setFlagsFromString } from "node:v8";

/**
 * Call before anything else. `npm run bench` measures what it is good for.
 *
 * - Code that runs once a second would stay in the interpreter for minutes, which costs more than
 *   all reading of /proc: it is compiled by the baseline compiler at once (Node 18 and newer).
 * - Two threads for writing and syncing instead of four.
 */
export function tuneRuntime(): void {
  if (process.env["UV_THREADPOOL_SIZE"] === undefined) process.env["UV_THREADPOOL_SIZE"] = "2";
  if (Number(process.versions.node.split(".")[0]) >= 18) setFlagsFromString("--always-sparkplug");
}
