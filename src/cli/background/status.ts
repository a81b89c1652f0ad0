/** `perfmon status`: how recordings are getting on. */
import type { RecordingStatus } from "../../recording/recording-status.ts";
import { formatDuration, formatSize } from "../../util/quantity.ts";
import type { CliContext } from "../context.ts";
import { grouped, jsonDocument } from "../output/numbers.ts";
import { textTable } from "../output/text-table.ts";
import { statusesIn } from "./find.ts";
import { statusDocument } from "./status-document.ts";

export function showStatus(
  folders: readonly string[],
  options: { readonly json?: true },
  context: CliContext,
): void {
  const statuses = statusesIn(folders);
  if (options.json) context.stdout.write(jsonDocument(statuses.map((one) => statusDocument(one))));
  else context.stdout.write(statusText(statuses, Date.now()));
  if (statuses.some(({ state }) => state === "died")) context.exitCode = 1;
}

function statusText(statuses: readonly RecordingStatus[], nowMs: number): string {
  const right = { align: "right" as const };
  const columns = [
    { title: "recording" },
    { title: "run" },
    { title: "host" },
    { title: "state" },
    { title: "since (UTC)" },
    { title: "samples", ...right },
    { title: "size", ...right },
    { title: "last sample", ...right },
    { title: "marks", ...right },
  ];
  const rows = statuses.map(({ folder, manifest, state, samples, bytes, lastSampleMs, marks }) => [
    folder,
    `${manifest.cluster}/${manifest.run}`,
    manifest.host,
    state,
    new Date(manifest.startedMs).toISOString().slice(0, 19).replace("T", " "),
    grouped(samples),
    formatSize(bytes),
    lastSampleMs === undefined ? "none" : ago(nowMs - lastSampleMs),
    String(marks.length),
  ]);
  const notes = statuses.flatMap(({ folder, reason, errors }) => [
    ...(reason === undefined ? [] : [`${folder}: ${reason}`]),
    ...errors.map((error) => `${folder}: ${error}`),
  ]);
  return `${[...textTable(columns, rows), ...notes].join("\n")}\n`;
}

function ago(ms: number): string {
  return `${formatDuration(Math.max(0, ms))} ago`;
}
