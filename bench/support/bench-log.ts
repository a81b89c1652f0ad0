/** The real log writer, for recordings that are written at once instead of in an hour. */
import type { RecordingIdentity } from "../../src/counter/recording-identity.ts";
import { LogWriter } from "../../src/log/log-writer.ts";

/** Segments of an hour; nothing is synced, and nothing is dropped. */
export function benchLog(folder: string, recording: RecordingIdentity): LogWriter {
  return new LogWriter({
    folder,
    recording,
    segmentBytes: Infinity,
    segmentMs: 3_600_000,
    keepSegments: 0,
    syncIntervalMs: 1e9,
    maxBacklog: Infinity,
    onError: (error) => {
      throw error;
    },
  });
}
