/** Recordings by folder, for the commands that deal with those in the background. */
import { findRecordings } from "../../recording/recording.ts";
import { recordingStatus, type RecordingStatus } from "../../recording/recording-status.ts";
import { UsageError, UserError } from "../../util/errors.ts";

/**
 * @param folders of recordings, or with recordings below them; the current one when there are none
 * @throws UserError when there is no recording
 */
export function statusesIn(folders: readonly string[]): RecordingStatus[] {
  const paths = folders.length > 0 ? folders : ["."];
  return findRecordings(paths).map(({ folder }) => recordingStatus(folder));
}

/**
 * The recordings that run.
 *
 * @throws UserError when none does, or when several do and none was named
 */
export function runningIn(folders: readonly string[], all: boolean): RecordingStatus[] {
  const statuses = statusesIn(folders);
  const running = statuses.filter(({ state }) => state === "running");
  const where = folders.length > 0 ? folders.join(", ") : "this folder";
  if (running.length === 0) {
    const last = statuses[statuses.length - 1]!;
    throw new UserError(
      `No recording runs in ${where}: ${stateText(last)}.`,
      "perfmon status DIR tells how a recording ended; perfmon start begins one.",
    );
  }
  if (running.length > 1 && folders.length === 0 && !all) {
    const list = running.map(({ folder }) => folder).join(", ");
    throw new UsageError(`Several recordings run: ${list}.`, "Name one, or give --all.");
  }
  return running;
}

/** `rec has ended (it has lasted 5 min)`. */
function stateText({ folder, state, reason }: RecordingStatus): string {
  return `${folder} has ${state}${reason === undefined ? "" : ` (${reason})`}`;
}
