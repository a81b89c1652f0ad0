/** From patterns to series: decided on the dimensions, before any sample is touched. */
import type { RunSelector, SeriesKey, SeriesPattern } from "../../analysis/source.ts";
import { formatCounterPath } from "../../counter/path.ts";
import { UserError } from "../../util/errors.ts";
import { integer, likeClause, likePattern } from "./dialect.ts";
import type { SqlEngine } from "./engine.ts";

export interface RunRow {
  readonly runId: number;
  readonly originMs: number;
}

export interface SelectedSeries {
  readonly id: number;
  readonly key: SeriesKey;
  readonly unit: string;
  readonly type: string;
  /** How many values it has in the store: what a query will cost. */
  readonly values: number;
}

/** @throws UserError when the store has no such run */
export async function findRun(engine: SqlEngine, { cluster, run }: RunSelector): Promise<RunRow> {
  const { dialect } = engine;
  const [row] = await engine.rows(
    `SELECT run_id, origin_ms FROM run
     WHERE cluster = ${dialect.parameter(1)} AND run = ${dialect.parameter(2)}`,
    [cluster, run],
  );
  if (row) return { runId: Number(row["run_id"]), originMs: Number(row["origin_ms"]) };
  throw new UserError(
    `${engine.location} holds no run ${cluster}/${run}.`,
    "`perfmon runs` lists what is there; `perfmon load` adds recordings.",
  );
}

/** The run's series that any of the patterns selects and that have values; in the order of answers. */
export async function selectSeries(
  engine: SqlEngine,
  { runId }: RunRow,
  patterns: readonly SeriesPattern[],
): Promise<SelectedSeries[]> {
  if (patterns.length === 0) return [];
  const parameters: string[] = [];
  const matches = patterns
    .map((pattern) => patternClause(engine, pattern, parameters))
    .join("\n OR ");
  const rows = await engine.rows(
    `SELECT series.series_id, host.host_id, host.hostname, counter.object, counter.counter,
       counter.unit, counter.type, series.parent, series.instance, series.attributes, counted.value_count
     FROM series
     JOIN host ON host.host_id = series.host_id
     JOIN counter ON counter.counter_id = series.counter_id
     JOIN (SELECT series_id, sum(value_count) AS value_count FROM series_summary
           GROUP BY series_id) counted ON counted.series_id = series.series_id
     WHERE host.run_id = ${integer(runId)} AND (${matches})`,
    parameters,
  );
  const selected = rows.map((row) => ({
    id: Number(row["series_id"]),
    values: Number(row["value_count"]),
    unit: String(row["unit"]),
    type: String(row["type"]),
    key: {
      hostId: Number(row["host_id"]),
      host: String(row["hostname"]),
      object: String(row["object"]),
      counter: String(row["counter"]),
      parent: String(row["parent"]),
      instance: String(row["instance"]),
      attributes: JSON.parse(String(row["attributes"])) as Record<string, string>,
    },
  }));
  return inOrder(selected);
}

/** By host name, then counter path; series of one path (a process id used again) by their number. */
function inOrder(selected: readonly SelectedSeries[]): SelectedSeries[] {
  const keyed = selected.map((series) => ({ series, path: formatCounterPath(series.key) }));
  keyed.sort((a, b) => compareText(a.path, b.path) || a.series.id - b.series.id);
  keyed.sort((a, b) => compareText(a.series.key.host, b.series.key.host));
  return keyed.map(({ series }) => series);
}

/** By code unit: the same everywhere, unlike a locale's or a database's order. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function patternClause(engine: SqlEngine, pattern: SeriesPattern, parameters: string[]): string {
  const bind = (glob: string): string => {
    parameters.push(likePattern(glob));
    return engine.dialect.parameter(parameters.length);
  };
  const clauses = [
    likeClause("counter.object", bind(pattern.object)),
    likeClause("counter.counter", bind(pattern.counter)),
  ];
  if (pattern.instance !== undefined && pattern.instance !== "*") {
    const alone = likeClause("series.instance", bind(pattern.instance));
    const below = likeClause("series.parent || '/' || series.instance", bind(pattern.instance));
    clauses.push(`(${alone} OR (series.parent <> '' AND ${below}))`);
  }
  return `(${clauses.join(" AND ")})`;
}

/**
 * Splits a selection so that no single query sorts more than so many values: exact quantiles hold
 * all of them in memory, and an engine's memory limit does not bound that.
 */
export function inBatches(
  selected: readonly SelectedSeries[],
  maxValues: number,
): SelectedSeries[][] {
  const batches: SelectedSeries[][] = [];
  let batch: SelectedSeries[] = [];
  let values = 0;
  // By number, so that a batch reads neighboring stretches of the table.
  for (const series of [...selected].sort((a, b) => a.id - b.id)) {
    if (batch.length > 0 && (values + series.values > maxValues || batch.length >= 10_000)) {
      batches.push(batch);
      batch = [];
      values = 0;
    }
    batch.push(series);
    values += series.values;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** The rows of `sample` that belong to a selection inside the window (fromMs, toMs]. */
export function sampleClause(
  selected: readonly Pick<SelectedSeries, "id">[],
  originMs: number,
  window: RunSelector,
): string {
  const ids = selected.map(({ id }) => integer(id)).join(",");
  return `series_id IN (${ids})${windowClause("offset_ms", originMs, window)}`;
}

/** Values lie on whole milliseconds, so bounds can be rounded down. */
export function windowClause(
  column: string,
  originMs: number,
  { fromMs, toMs }: Pick<RunSelector, "fromMs" | "toMs">,
): string {
  const bound = (ms: number) => integer(Math.floor(ms) - originMs);
  return [
    fromMs === undefined ? "" : ` AND ${column} > ${bound(fromMs)}`,
    toMs === undefined ? "" : ` AND ${column} <= ${bound(toMs)}`,
  ].join("");
}
