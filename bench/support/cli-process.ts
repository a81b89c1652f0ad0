/** Runs one command line in a process of its own and says what it cost, as JSON on stderr. */
import { processContext } from "../../src/cli/context.ts";
import { runCli } from "../../src/cli/program.ts";

const startedMs = performance.now();
const startedCpu = process.cpuUsage();
process.exitCode = await runCli(processContext());
const seconds = (performance.now() - startedMs) / 1000;
const { user, system } = process.cpuUsage(startedCpu);
const peakBytes = process.resourceUsage().maxRSS * 1024;
console.error(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, peakBytes }));
