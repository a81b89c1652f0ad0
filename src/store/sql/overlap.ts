/** A host cannot have been recorded twice at one time of one run: values would count twice. */
import { UserError } from "../../util/errors.ts";
import type { RecordingToLoad } from "../store.ts";
import type { SqlEngine } from "./engine.ts";

/**
 * @param toMs when it is not known yet, `fromMs` stands for it
 * @throws UserError that names both recordings
 */
export async function refuseOverlap(
  engine: SqlEngine,
  recording: RecordingToLoad,
  fromMs: number,
  toMs = fromMs,
): Promise<void> {
  const { dialect } = engine;
  const others = await engine.rows(
    `SELECT recording.recording_id, min(load.from_ms) AS from_ms, max(load.to_ms) AS to_ms
     FROM run
     JOIN host ON host.run_id = run.run_id
     JOIN recording ON recording.host_id = host.host_id
     JOIN load ON load.recording_id = recording.recording_id
     WHERE run.cluster = ${dialect.parameter(1)} AND run.run = ${dialect.parameter(2)}
       AND host.hostname = ${dialect.parameter(3)}
       AND recording.recording_id <> ${dialect.parameter(4)} AND load.samples > 0
     GROUP BY recording.recording_id ORDER BY recording.recording_id`,
    [recording.cluster, recording.run, recording.host, recording.id],
  );
  for (const other of others) {
    // Ranges that merely touch do not overlap: the end of one may be the start of the next.
    const apart =
      Number(other["to_ms"]) <= fromMs || Number(other["from_ms"]) >= Math.max(toMs, fromMs + 1);
    if (apart) continue;
    throw new UserError(
      `Recording ${recording.id} claims the same time of host ${recording.host} in run ` +
        `${recording.cluster}/${recording.run} as recording ${String(other["recording_id"])}, which is loaded already.`,
      "Load it as another run: record with another --run or --cluster, or use another --db.",
    );
  }
}
