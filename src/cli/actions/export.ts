/** `perfmon export`: a run, or recordings, as files of another format; one file per host. */
import { extname } from "node:path";
import { anonymousSeries } from "../../analysis/anonymize/anonymous-source.ts";
import { Anonymizer } from "../../analysis/anonymize/names.ts";
import { counterPathMatcher, parseCounterPath, type CounterPath } from "../../counter/path.ts";
import type { ExportColumn, ExportFormat } from "../../formats/export-format.ts";
import { loadExportFormat } from "../../formats/export-registry.ts";
import type { StoredSeries } from "../../store/store.ts";
import { UsageError, UserError } from "../../util/errors.ts";
import { formatDuration } from "../../util/quantity.ts";
import { openSide, shown, type ComparedSide } from "../compare/side.ts";
import type { CliContext } from "../context.ts";
import { fileSink, outputSink } from "../export/file-sink.ts";
import { hostRows } from "../export/host-rows.ts";
import { withCounter } from "../live/resolve-patterns.ts";
import { grouped } from "../output/numbers.ts";
import { startProgress } from "../output/progress.ts";
import { storeUrl } from "../store-option.ts";

interface ExportOptions {
  readonly format: string;
  readonly output?: string;
  readonly counters?: readonly string[];
  readonly anonymize?: true;
  readonly db?: string;
}

type Host = Awaited<ReturnType<ComparedSide["source"]["describeRun"]>>["hosts"][number];

export async function exportRun(
  operand: string,
  options: ExportOptions,
  context: CliContext,
): Promise<void> {
  const format = await loadExportFormat(options.format);
  const patterns = (options.counters ?? ["*"]).map((text) => parseCounterPath(withCounter(text)));
  const side = await openSide(operand, storeUrl(options.db, context), context);
  // From here on there is something to take away on Ctrl-C.
  const interruption = context.interruption();
  try {
    const names = options.anonymize ? new Anonymizer() : undefined;
    const { hosts } = await shown(side, names).source.describeRun(side.run);
    const chosen = await chooseSeries(side, patterns, operand);
    const withSeries = hosts.filter(({ id }) => chosen.has(id));
    if (withSeries.length > 1 && options.output === undefined) {
      throw new UsageError(
        `${operand} has ${withSeries.length} hosts, and each becomes a file of its own.`,
        `Name the files with -o: "-o run${format.extension}" makes ${fileOf(`run${format.extension}`, withSeries[0]!.name, 2)}, ...`,
      );
    }
    for (const host of withSeries) {
      const path = options.output && fileOf(options.output, host.name, withSeries.length);
      const series = chosen.get(host.id)!;
      const columns = series.map(({ key, unit, type }) => ({
        ...(names ? anonymousSeries(key, names) : key),
        unit,
        type,
      }));
      await exportHost(side, host, series, columns, format, path, context, interruption);
    }
  } finally {
    await side.close();
  }
}

/** By host. @throws UserError when there is none */
async function chooseSeries(
  { source, run }: ComparedSide,
  patterns: readonly CounterPath[],
  operand: string,
): Promise<Map<number, StoredSeries[]>> {
  const rough = patterns.map(({ object, counter }) => ({ object, counter }));
  const matchers = patterns.map(counterPathMatcher);
  const found = (await source.series(run, rough)).filter(({ key }) =>
    matchers.some((matches) => matches(key)),
  );
  if (found.length === 0) {
    throw new UserError(
      `${operand} has no values of these counters.`,
      '`perfmon counters` lists what is recorded; `perfmon query "SELECT * FROM dim_counter"` what a store has.',
    );
  }
  const byHost = new Map<number, StoredSeries[]>();
  for (const series of found) {
    const { hostId } = series.key;
    const list = byHost.get(hostId);
    if (list) list.push(series);
    else byHost.set(hostId, [series]);
  }
  return byHost;
}

/** `run.csv`, or `run-node1.csv` where each of several hosts has a file. */
function fileOf(output: string, host: string, hosts: number): string {
  if (hosts === 1) return output;
  const extension = extname(output);
  const name = host.replace(/[^\w.-]+/g, "_");
  return `${output.slice(0, output.length - extension.length)}-${name}${extension}`;
}

async function exportHost(
  { source, run }: ComparedSide,
  host: Host,
  series: readonly StoredSeries[],
  columns: readonly ExportColumn[],
  format: ExportFormat,
  path: string | undefined,
  context: CliContext,
  interruption: AbortSignal,
): Promise<void> {
  const startedMs = performance.now();
  const sink = path === undefined ? outputSink(context.stdout) : fileSink(path);
  const progress = await startProgress(context, "Exporting");
  let rows = 0;
  try {
    const writer = format.open({ host: host.name, columns, fromMs: host.fromMs }, sink);
    const show = (fraction: number) => progress.update(fraction, host.name);
    for await (const block of hostRows(source, run, host, series, show)) {
      await writer.write(block);
      rows += block.timeMs.length;
      if (interruption.aborted) throw new UserError("Interrupted.", "", 130);
    }
    await writer.end();
    sink.close();
  } catch (error) {
    sink.discard();
    throw error;
  } finally {
    progress.stop();
  }
  if (path === undefined) return;
  const took = formatDuration(performance.now() - startedMs);
  context.stdout.write(
    `${path}: ${host.name}, ${grouped(rows)} rows of ${grouped(columns.length)} counters in ${took}\n`,
  );
}
