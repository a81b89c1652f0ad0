/** Entry point of the agent, the one-file program that records; `perfmon record` is the same. */
import { runAgent } from "./run.ts";
import { processSurroundings } from "./surroundings.ts";
import { tuneRuntime } from "./tune-runtime.ts";

tuneRuntime();
runAgent(process.argv.slice(2), processSurroundings()).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    console.error("perfmon: this is a bug in perfmon; please report it with what follows.");
    console.error(error);
    process.exitCode = 1;
  },
);
