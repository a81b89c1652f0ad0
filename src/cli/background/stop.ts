/** `perfmon stop`: ends recordings in order. */
import { isRunning } from "../../recording/recorder-process.ts";
import { recordingStatus, type RecordingStatus } from "../../recording/recording-status.ts";
import { systemErrorCode, UserError } from "../../util/errors.ts";
import { formatSize } from "../../util/quantity.ts";
import type { CliContext } from "../context.ts";
import { jsonDocument } from "../output/numbers.ts";
import { runningIn } from "./find.ts";
import { statusDocument } from "./status-document.ts";
import { waitUntil } from "./wait-until.ts";

/** A disk that stalls may hold up the last sample. */
const STOP_TIMEOUT_MS = 60_000;
const EXIT_TIMEOUT_MS = 10_000;

export async function stopRecordings(
  folders: readonly string[],
  options: { readonly all?: true; readonly json?: true },
  context: CliContext,
): Promise<void> {
  const running = runningIn(folders, options.all === true);
  for (const status of running) signal(status);
  const ended: RecordingStatus[] = [];
  for (const { folder } of running) {
    await waitUntil(() => recordingStatus(folder).state !== "running", STOP_TIMEOUT_MS);
    // Its last word is written; whoever asks for it next should not find it any more.
    await waitUntil(() => !isRunning(recordingStatus(folder).manifest.process), EXIT_TIMEOUT_MS);
    const status = recordingStatus(folder);
    ended.push(status);
    if (options.json) continue;
    if (status.state === "ended") context.stdout.write(endedLine(status));
    else context.stderr.write(`perfmon: ${notEnded(status)}\n`);
  }
  if (options.json) context.stdout.write(jsonDocument(ended.map((one) => statusDocument(one))));
  if (ended.some(({ state }) => state !== "ended")) context.exitCode = 1;
}

function signal({ folder, manifest }: RecordingStatus): void {
  const { pid } = manifest.process;
  try {
    process.kill(pid, "SIGTERM");
  } catch (error) {
    // It has just ended by itself.
    if (systemErrorCode(error) === "ESRCH") return;
    throw new UserError(
      `${folder} is recorded by another user's process (${pid}).`,
      "Stop it as that user, or as root.",
    );
  }
}

function endedLine({ folder, samples, bytes }: RecordingStatus): string {
  return `${folder}: ended, ${samples} samples, ${formatSize(bytes)}\n`;
}

function notEnded({ folder, state, manifest, errors }: RecordingStatus): string {
  if (state === "running") {
    return (
      `${folder}: process ${manifest.process.pid} was told to stop and still runs: its disk may be stalled.\n` +
      "Look again with perfmon status; kill -9 would lose nothing but the last sample."
    );
  }
  const said = errors.length > 0 ? ` It said: ${errors[errors.length - 1]!}` : "";
  return `${folder}: the recorder died while it was stopped.${said}\nWhat it has recorded can be loaded.`;
}
