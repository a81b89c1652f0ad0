/** Settings of Node for a process that does little, seldom, for a long time. */
import { setFlagsFromString } from "node:v8";

/**
 * Call before anything else. What can be set at Node's start only, the bundle's first lines set
 * (rolldown.config.ts). The environment is left alone: a recorded command inherits it.
 *
 * Code that runs once a second stays in the interpreter for long: it is compiled by the baseline
 * compiler at once (Node 18 and newer). Agents side by side took 10 to 20 % less CPU so on a busy
 * machine; other runs showed no gain.
 */
export function tuneRuntime(): void {
  if (Number(process.versions.node.split(".")[0]) >= 18) setFlagsFromString("--always-sparkplug");
}
