/** What an answer says of a run. */
import type { RunSummary } from "./comparison.ts";
import type { RunDescription } from "./source.ts";

export function runSummary(run: RunDescription, durationSeconds: number): RunSummary {
  return {
    cluster: run.cluster,
    run: run.run,
    hosts: run.hosts.map(({ name }) => name).sort(),
    from: new Date(run.fromMs).toISOString(),
    to: new Date(run.toMs).toISOString(),
    durationSeconds,
  };
}
