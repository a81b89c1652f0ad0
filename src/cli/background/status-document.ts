/** A recording's status as JSON shows it. */
import type { RecordingStatus } from "../../recording/recording-status.ts";

export interface StatusDocument {
  readonly folder: string;
  readonly cluster: string;
  readonly run: string;
  readonly host: string;
  readonly state: RecordingStatus["state"];
  readonly reason: string | null;
  /** Times are ISO 8601, UTC. */
  readonly started: string;
  readonly finished: string | null;
  readonly samples: number;
  readonly bytes: number;
  readonly lastSample: string | null;
  readonly lastSampleAgeSeconds: number | null;
  readonly pid: number;
  readonly marks: readonly { readonly time: string; readonly name: string }[];
  readonly errors: readonly string[];
}

export function statusDocument(status: RecordingStatus, nowMs = Date.now()): StatusDocument {
  const { folder, manifest, state, reason, samples, bytes, lastSampleMs, marks, errors } = status;
  const { cluster, run, host, startedMs, finishedMs, process } = manifest;
  return {
    folder,
    cluster,
    run,
    host,
    state,
    reason: reason ?? null,
    started: iso(startedMs),
    finished: finishedMs === undefined ? null : iso(finishedMs),
    samples,
    bytes,
    lastSample: lastSampleMs === undefined ? null : iso(lastSampleMs),
    lastSampleAgeSeconds:
      lastSampleMs === undefined ? null : Math.max(0, Math.round(nowMs - lastSampleMs)) / 1000,
    pid: process.pid,
    marks: marks.map(({ timeMs, name }) => ({ time: iso(timeMs), name })),
    errors,
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
