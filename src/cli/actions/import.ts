/** `perfmon import`: one recording of the text that tools printed. */
import { basename } from "node:path";
import { checkName } from "../../agent/options.ts";
import {
  importTools,
  type ImportedFile,
  type ToolImport,
} from "../../formats/tools/import-tools.ts";
import { timeZone, utcOfLocal, type TimeZone } from "../../formats/tools/time-zone.ts";
import { parseIso } from "../../toolout/text/time.ts";
import { UsageError } from "../../util/errors.ts";
import { formatDuration, parseDuration } from "../../util/quantity.ts";
import type { CliContext } from "../context.ts";
import { grouped, jsonDocument } from "../output/numbers.ts";
import { startProgress } from "../output/progress.ts";

interface ImportOptions {
  readonly output?: string;
  readonly cluster?: string;
  readonly run?: string;
  readonly host?: string;
  readonly role?: string;
  readonly start?: string;
  readonly interval?: string;
  readonly timezone?: string;
  readonly tool?: string;
  readonly encoding?: string;
  readonly json?: true;
}

export async function importFiles(
  files: readonly string[],
  options: ImportOptions,
  context: CliContext,
): Promise<void> {
  const { output, cluster = "local", role = "worker", run, host, tool, encoding } = options;
  const zone = timeZone(options.timezone);
  const progress = await startProgress(context, "Importing");
  let result: ToolImport;
  try {
    result = await importTools(files, {
      ...(output === undefined ? undefined : { folder: output }),
      ...(host === undefined ? undefined : { host: checkName(host, "host") }),
      ...(tool === undefined ? undefined : { tool }),
      ...(encoding === undefined ? undefined : { encoding }),
      cluster: checkName(cluster, "cluster"),
      role: checkName(role, "role"),
      run: checkName(run ?? runOf(files[0]!), "run"),
      zone,
      ...(options.start === undefined ? undefined : { startMs: parseStart(options.start, zone) }),
      ...(options.interval === undefined
        ? undefined
        : { intervalMs: parseDuration(options.interval) }),
      onProgress: (fraction, text) => progress.update(fraction, text),
    });
  } finally {
    progress.stop();
  }
  if (options.json) context.stdout.write(jsonDocument(result));
  else tell(result, context);
}

/** `iostat` of `logs/iostat.txt.gz`. */
function runOf(path: string): string {
  const name = basename(path).replace(/\.gz$/i, "");
  return name.replace(/(.)\.[^.]*$/, "$1").replace(/[\s/@\\*]+/g, "_");
}

/** @throws UsageError */
function parseStart(text: string, zone: TimeZone): number {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?)?(.*)$/.exec(text.trim());
  const [, day = "", minute = "00:00", second = ":00", rest = ""] = match ?? [];
  const time = parseIso(`${day}T${minute}${second}${rest.trim()}`);
  if (time?.day === undefined || time.secondOfDay === undefined) {
    throw new UsageError(
      `"${text}" is not a time.`,
      'Write "2026-11-24 14:00", "2026-11-24 14:00:30" or 2026-11-24T14:00:30Z.',
    );
  }
  const localMs = time.day * 86_400_000 + time.secondOfDay * 1000;
  return time.offsetMinutes === undefined
    ? utcOfLocal(zone, localMs)
    : localMs - time.offsetMinutes * 60_000;
}

function tell(result: ToolImport, context: CliContext): void {
  const { stdout, stderr } = context;
  for (const note of result.notes) stderr.write(`perfmon: ${note}.\n`);
  for (const file of result.files) stdout.write(`${fileLine(file)}\n`);
  const { samples, values, outOfOrder } = result.totals;
  const late = outOfOrder > 0 ? `; ${outOfOrder} samples are not later than the one before` : "";
  const from = new Date(result.fromMs).toISOString().slice(0, 19);
  stdout.write(
    `${result.host}: ${grouped(samples)} samples, ${grouped(values)} values of ` +
      `${formatDuration(result.toMs - result.fromMs)} from ${from}Z${late}\n` +
      `Next: perfmon load ${result.folder}\n`,
  );
}

function fileLine({ name, tool, reports, sinceBoot, summaries, cells, unknown }: ImportedFile) {
  const parts = [`${grouped(reports)} reports of ${tool}`, `${grouped(cells.numbers)} numbers`];
  if (cells.imported > 0) parts.push(`${grouped(cells.imported)} of them as Imported`);
  if (cells.leftOut > 0) parts.push(`${grouped(cells.leftOut)} in rows of sums, left out`);
  if (sinceBoot > 0) parts.push(`${grouped(sinceBoot)} since boot, left out`);
  if (summaries > 0) parts.push(`${grouped(summaries)} averages of all, left out`);
  const strange =
    unknown.lines > 0
      ? `; ${grouped(unknown.lines)} lines are unknown, the first is "${unknown.first}"`
      : "";
  return `${name}: ${parts.join(", ")}${strange}`;
}
