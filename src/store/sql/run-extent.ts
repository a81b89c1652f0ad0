/** How long a run is, and how finely it was sampled. */
import { integer } from "./dialect.ts";
import type { SqlEngine } from "./engine.ts";
import type { RunRow } from "./series-selection.ts";

export interface RunExtent {
  /** First and last sample of any host, milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The shortest of its recordings. */
  readonly intervalMs: number;
}

export async function extentOf(engine: SqlEngine, { runId }: RunRow): Promise<RunExtent> {
  const [row] = await engine.rows(
    `SELECT min(recording.interval_ms) AS interval_ms, min(load.from_ms) AS from_ms,
       max(load.to_ms) AS to_ms
     FROM recording
     JOIN host ON host.host_id = recording.host_id
     JOIN load ON load.recording_id = recording.recording_id
     WHERE host.run_id = ${integer(runId)}`,
  );
  return {
    intervalMs: Number(row?.["interval_ms"] ?? 1000),
    fromMs: Number(row?.["from_ms"] ?? 0),
    toMs: Number(row?.["to_ms"] ?? 0),
  };
}
