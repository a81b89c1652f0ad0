/** Settings of Node for a process that does little, seldom, for a long time. */
import { setFlagsFromString } from "node:v8";

const COLLECT_YOUNG_INTERVAL_MS = 7000;
const COLLECT_ALL_INTERVAL_MS = 600_000;
/** Everything was read once by then and what is read every 10 s twice; then V8 has compiled what it will. */
const STARTED_MS = [12_600, 62_600];

/** Flags are V8's own affair and come and go: those below were looked up in Node 12, 18, 20 and 24. */
const NODE_MAJOR = Number(process.versions.node.split(".")[0]);
const FIRST_MAJOR = 18;
const LAST_MAJOR_WITH_BUDGET = 20;

/**
 * Call before anything else. What can be set at Node's start only, the bundle's first lines set
 * (rolldown.config.ts). The environment that a recorded command inherits is as it was.
 *
 * - To optimize a function takes V8 as long as ten samples and more; most of ours run so seldom that
 *   this comes back after an hour or never. With a third of its usual zeal it has spent 70 ms on that
 *   after half a minute instead of 130, and does not go on with 1 ms per sample.
 * - V8 collects young objects when a megabyte of them has come together, twice that with the room to
 *   copy what lives. Collected every 7 s they stay within a page: half a megabyte less, for 0.1 ms of
 *   CPU per sample.
 * - What the start leaves behind is collected, its code included, and the pages that it held are given
 *   back: 0.3 MB by the second time alone. Then what outlives young collections adds up to a megabyte in
 *   20 minutes: collected every 10 minutes, for 30 ms. V8 would do that more often, to make room that
 *   nobody wants.
 */
export function tuneRuntime(): void {
  for (const name of ["MALLOC_TRIM_THRESHOLD_", "MALLOC_TOP_PAD_"]) delete process.env[name];
  if (NODE_MAJOR >= FIRST_MAJOR && NODE_MAJOR <= LAST_MAJOR_WITH_BUDGET) {
    setFlagsFromString("--interrupt-budget=200000");
  }
  const { gc } = globalThis;
  if (!gc) return;
  setInterval(() => gc({ type: "minor" }), COLLECT_YOUNG_INTERVAL_MS).unref();
  setInterval(() => gc(), COLLECT_ALL_INTERVAL_MS).unref();
  for (const ms of STARTED_MS) setTimeout(() => collectStart(), ms).unref();
}

/**
 * Call before the first sample: code that runs once a second stays in the interpreter for long. What
 * runs for the first time from here on is compiled by the baseline compiler at once (Node 18 and
 * newer), which takes 10 to 20 % less CPU. Of what only the start runs it would cost a megabyte.
 */
export function compileAtOnce(): void {
  if (NODE_MAJOR >= FIRST_MAJOR) setFlagsFromString("--always-sparkplug");
}

function collectStart(): void {
  const flags = NODE_MAJOR >= FIRST_MAJOR ? ["compact-on-every-full-gc", "stress-flush-code"] : [];
  for (const flag of flags) setFlagsFromString(`--${flag}`);
  globalThis.gc?.();
  for (const flag of flags) setFlagsFromString(`--no-${flag}`);
}
