/** `perfmon mark`: names this moment in the recordings that run. */
import { checkName } from "../../agent/options.ts";
import { appendMark } from "../../recording/marks.ts";
import type { RecordingStatus } from "../../recording/recording-status.ts";
import { systemErrorCode, UserError } from "../../util/errors.ts";
import type { CliContext } from "../context.ts";
import { jsonDocument } from "../output/numbers.ts";
import { runningIn } from "./find.ts";

export function markRecordings(
  name: string | undefined,
  folders: readonly string[],
  options: { readonly all?: true; readonly json?: true },
  context: CliContext,
): void {
  // One moment for all of them.
  const timeMs = Date.now();
  if (name !== undefined) checkName(name, "mark");
  const marked = runningIn(folders, options.all === true).map((status) => {
    const mark = { timeMs, name: name ?? `mark ${status.marks.length + 1}` };
    set(status, mark);
    return { folder: status.folder, time: new Date(timeMs).toISOString(), name: mark.name };
  });
  if (options.json) return context.stdout.write(jsonDocument(marked));
  for (const { folder, time, name: given } of marked) {
    context.stdout.write(`${folder}: ${given} at ${time}\n`);
  }
}

function set({ folder }: RecordingStatus, mark: { timeMs: number; name: string }): void {
  try {
    appendMark(folder, mark);
  } catch (error) {
    const reason = systemErrorCode(error) ?? String(error);
    throw new UserError(
      `${folder} cannot be marked (${reason}).`,
      "Mark as the user who records, and see that the disk has room.",
    );
  }
}
