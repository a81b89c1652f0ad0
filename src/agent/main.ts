/** Entry point of the agent, the one-file program that records; `perfmon record` is the same. */
import { runAgent } from "./run.ts";
import { processSurroundings } from "./surroundings.ts";
import { compileAtOnce, tuneRuntime } from "./tune-runtime.ts";

tuneRuntime();
// Not spread: that would ask at once whether there is a terminal, and load its stream.
const surroundings = Object.assign(processSurroundings(), { onOpened: compileAtOnce });
runAgent(process.argv.slice(2), surroundings).then(
  (exitCode) => {
    // Not by itself: Node 12 would wait for work of V8 that no thread is there to do.
    process.exit(exitCode);
  },
  (error: unknown) => {
    console.error("perfmon: this is a bug in perfmon; please report it with what follows.");
    console.error(error);
    process.exit(1);
  },
);
