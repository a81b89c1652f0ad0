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
  /** Without a host. */
  readonly path: string;
}

export interface CountedSeries extends SelectedSeries {
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

/** The run's series that any of the patterns selects; in the order of answers. */
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
  const hosts = await hostNames(engine, runId);
  // Hosts have the same series for the most part: each is told once, with its number on every host.
  const rows = await engine.rows(
    `SELECT counter.object, counter.counter, counter.unit, counter.type,
       series.parent, series.instance, series.attributes,
       string_agg(CAST(series.host_id AS VARCHAR) || ':' || CAST(series.series_id AS VARCHAR), ',') AS on_hosts
     FROM series
     JOIN host ON host.host_id = series.host_id
     JOIN counter ON counter.counter_id = series.counter_id
     WHERE host.run_id = ${integer(runId)} AND (${matches})
     GROUP BY counter.object, counter.counter, counter.unit, counter.type,
       series.parent, series.instance, series.attributes`,
    parameters,
  );
  const selected = rows.flatMap((row): SelectedSeries[] => {
    const unit = String(row["unit"]);
    const type = String(row["type"]);
    const named = {
      object: String(row["object"]),
      counter: String(row["counter"]),
      parent: String(row["parent"]),
      instance: String(row["instance"]),
      attributes: JSON.parse(String(row["attributes"])) as Record<string, string>,
    };
    const path = formatCounterPath(named);
    return String(row["on_hosts"])
      .split(",")
      .map((pair) => {
        const [hostId = NaN, id = NaN] = pair.split(":").map(Number);
        return { id, key: { hostId, host: hosts.get(hostId)!, ...named }, unit, type, path };
      });
  });
  return inOrder(selected);
}

async function hostNames(engine: SqlEngine, runId: number): Promise<Map<number, string>> {
  const rows = await engine.rows(
    `SELECT host_id, hostname FROM host WHERE run_id = ${integer(runId)}`,
  );
  return new Map(rows.map((row) => [Number(row["host_id"]), String(row["hostname"])]));
}

/** Those of them that have values, and how many. */
export async function withValueCounts(
  engine: SqlEngine,
  selected: readonly SelectedSeries[],
): Promise<CountedSeries[]> {
  if (selected.length === 0) return [];
  const counts = new Map<number, number>();
  await engine.numbers(
    `SELECT series_id, sum(value_count) AS value_count FROM series_summary
     WHERE ${rangeClause(selected)} GROUP BY series_id`,
    ([ids, count]) => ids!.forEach((id, i) => counts.set(id, count![i]!)),
  );
  return selected.flatMap((series) => {
    const values = counts.get(series.id);
    return values === undefined ? [] : [{ ...series, values }];
  });
}

/** By host name, then counter path; series of one path (a process id used again) by their number. */
function inOrder(selected: readonly SelectedSeries[]): SelectedSeries[] {
  const paths = ranks(selected.map(({ path }) => path));
  const hosts = ranks(selected.map(({ key }) => key.host));
  return [...selected].sort(
    (a, b) =>
      hosts.get(a.key.host)! - hosts.get(b.key.host)! ||
      paths.get(a.path)! - paths.get(b.path)! ||
      a.id - b.id,
  );
}

/** Few texts come many times: each is compared with the others once. */
function ranks(texts: readonly string[]): Map<string, number> {
  return new Map([...new Set(texts)].sort(compareText).map((text, rank) => [text, rank]));
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

/** A statement names no more of them. */
const MOST_SERIES = 10_000;
/** A query for fewer is not worth a thread of its own. */
const FEWEST_SERIES = 100;

/** Splits a selection by number into about so many parts of equal size, to be asked side by side. */
export function inParts<T extends { readonly id: number }>(
  selected: readonly T[],
  parts: number,
): T[][] {
  const sorted = [...selected].sort((a, b) => a.id - b.id);
  const size = Math.min(
    MOST_SERIES,
    Math.max(FEWEST_SERIES, Math.ceil(sorted.length / Math.max(1, parts))),
  );
  const result: T[][] = [];
  for (let i = 0; i < sorted.length; i += size) result.push(sorted.slice(i, i + size));
  return result;
}

/**
 * Splits a selection so that no single query sorts more than so many values: exact quantiles hold
 * all of them in memory, and an engine's memory limit does not bound that.
 */
export function inBatches(
  selected: readonly CountedSeries[],
  maxValues: number,
): CountedSeries[][] {
  const batches: CountedSeries[][] = [];
  let batch: CountedSeries[] = [];
  let values = 0;
  // By number, so that a batch reads neighboring stretches of the table.
  for (const series of [...selected].sort((a, b) => a.id - b.id)) {
    if (batch.length > 0 && (values + series.values > maxValues || batch.length >= MOST_SERIES)) {
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

/** All series from the first to the last of a selection: where most of them are wanted anyway, or many. */
export function rangeClause(selected: readonly Pick<SelectedSeries, "id">[]): string {
  let first = Infinity;
  let last = -Infinity;
  for (const { id } of selected) {
    first = Math.min(first, id);
    last = Math.max(last, id);
  }
  const range = `series_id BETWEEN ${integer(first)} AND ${integer(last)}`;
  if (selected.length > MOST_SERIES || 2 * selected.length > last - first) return range;
  return `${range} AND series_id IN (${selected.map(({ id }) => integer(id)).join(",")})`;
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
