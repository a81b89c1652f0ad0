/** `recording.json`: what a recording is, in one small file that people can read too. */
import type { CommandResult, RecordingIdentity } from "../counter/recording-identity.ts";

export interface Manifest extends RecordingIdentity {
  readonly format: "linux-perfmon recording";
  readonly version: 1;
  /** Version of the program that recorded. */
  readonly recorder: string;
  /** Wall clock, milliseconds since 1970, UTC. */
  readonly startedMs: number;
  /** IANA name or `UTC+02:00`. */
  readonly timeZone: string;
  /** Present once the recording was closed in order. */
  readonly finishedMs?: number;
  readonly command?: CommandResult;
}
