/** From patterns to series: decided on the dimensions, before any sample is touched. */
import type { RunSelector, SeriesKey, SeriesPattern } from "../../analysis/source.ts";
import { formatCounterPath, globMatcher } from "../../counter/path.ts";
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

/** Of all values that a series has in the store. */
interface SeriesSummary {
  /** How many: what a query will cost. */
  readonly values: number;
  readonly weight: number;
  readonly min: number;
  readonly max: number;
}

export type SummedSeries = SelectedSeries & SeriesSummary;

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
  const counters = await allCounters(engine);
  const parameters: string[] = [];
  const matches = [...countersByInstance(patterns, counters)].map(([instance, ids]) =>
    seriesClause(engine, instance, ids, parameters),
  );
  if (matches.length === 0) return [];
  const hosts = await hostNames(engine, runId);
  // Hosts have the same series for the most part: each is told once, with its number on every host.
  const rows = await engine.rows(
    `SELECT series.counter_id, series.parent, series.instance, series.attributes,
       string_agg(CAST(series.host_id AS VARCHAR) || ':' || CAST(series.series_id AS VARCHAR), ',') AS on_hosts
     FROM series
     WHERE series.host_id IN (SELECT host_id FROM host WHERE run_id = ${integer(runId)})
       AND (${matches.join("\n OR ")})
     GROUP BY series.counter_id, series.parent, series.instance, series.attributes`,
    parameters,
  );
  const selected = rows.flatMap((row): SelectedSeries[] => {
    const { object, counter, unit, type } = counters.get(Number(row["counter_id"]))!;
    const named = {
      object,
      counter,
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

interface CounterRow {
  readonly object: string;
  readonly counter: string;
  readonly unit: string;
  readonly type: string;
}

async function allCounters(engine: SqlEngine): Promise<Map<number, CounterRow>> {
  const rows = await engine.rows("SELECT counter_id, object, counter, unit, type FROM counter");
  return new Map(
    rows.map((row) => [
      Number(row["counter_id"]),
      {
        object: String(row["object"]),
        counter: String(row["counter"]),
        unit: String(row["unit"]),
        type: String(row["type"]),
      },
    ]),
  );
}

/** Counters are few and series many, so that names are matched here, once. Instances: `*` for all. */
function countersByInstance(
  patterns: readonly SeriesPattern[],
  counters: ReadonlyMap<number, CounterRow>,
): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  for (const { object, counter, instance = "*" } of patterns) {
    const isObject = globMatcher(object);
    const isCounter = globMatcher(counter);
    for (const [id, names] of counters) {
      if (!isObject(names.object) || !isCounter(names.counter)) continue;
      const ids = found.get(instance) ?? new Set();
      found.set(instance, ids.add(id));
    }
  }
  return found;
}

async function hostNames(engine: SqlEngine, runId: number): Promise<Map<number, string>> {
  const rows = await engine.rows(
    `SELECT host_id, hostname FROM host WHERE run_id = ${integer(runId)}`,
  );
  return new Map(rows.map((row) => [Number(row["host_id"]), String(row["hostname"])]));
}

/** Those of them that have values, with what the summaries say of all of them. */
export async function withSummaries(
  engine: SqlEngine,
  selected: readonly SelectedSeries[],
): Promise<SummedSeries[]> {
  if (selected.length === 0) return [];
  const sums = new Map<number, SeriesSummary>();
  await engine.numbers(
    `SELECT series_id, sum(value_count) AS value_count, ${engine.dialect.sum("weight")} AS weight,
       min(minimum) AS minimum, max(maximum) AS maximum
     FROM series_summary WHERE ${rangeClause(selected)} GROUP BY series_id`,
    ([ids, values, weight, min, max]) => {
      for (let i = 0; i < ids!.length; i++) {
        sums.set(ids![i]!, {
          values: values![i]!,
          weight: weight![i]!,
          min: min![i]!,
          max: max![i]!,
        });
      }
    },
  );
  return selected.flatMap((series) => {
    const sum = sums.get(series.id);
    return sum ? [{ ...series, ...sum }] : [];
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

function seriesClause(
  engine: SqlEngine,
  instance: string,
  counterIds: ReadonlySet<number>,
  parameters: string[],
): string {
  const counters = `series.counter_id IN (${[...counterIds].map(integer).join(",")})`;
  if (instance === "*") return counters;
  const bind = (): string => {
    parameters.push(likePattern(instance));
    return engine.dialect.parameter(parameters.length);
  };
  const alone = likeClause("series.instance", bind());
  const below = likeClause("series.parent || '/' || series.instance", bind());
  return `(${counters} AND (${alone} OR (series.parent <> '' AND ${below})))`;
}

/** A statement names no more of them. */
const MOST_SERIES = 10_000;

/** Splits a selection by number into parts that a statement may name. */
export function inParts<T extends { readonly id: number }>(selected: readonly T[]): T[][] {
  const sorted = [...selected].sort((a, b) => a.id - b.id);
  const result: T[][] = [];
  for (let i = 0; i < sorted.length; i += MOST_SERIES)
    result.push(sorted.slice(i, i + MOST_SERIES));
  return result;
}

/**
 * Splits a selection so that no single query takes more than so many values: a result is held in
 * memory, and so are values of which exact quantiles are taken, which an engine's memory limit does not
 * bound.
 */
export function inBatches<T extends { readonly id: number; readonly values: number }>(
  selected: readonly T[],
  maxValues: number,
): T[][] {
  const batches: T[][] = [];
  let batch: T[] = [];
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
export function windowConditions(
  column: string,
  originMs: number,
  { fromMs, toMs }: Pick<RunSelector, "fromMs" | "toMs">,
): string[] {
  const bound = (ms: number) => integer(Math.floor(ms) - originMs);
  return [
    ...(fromMs === undefined ? [] : [`${column} > ${bound(fromMs)}`]),
    ...(toMs === undefined ? [] : [`${column} <= ${bound(toMs)}`]),
  ];
}

export function windowClause(
  column: string,
  originMs: number,
  window: Pick<RunSelector, "fromMs" | "toMs">,
): string {
  return windowConditions(column, originMs, window)
    .map((condition) => ` AND ${condition}`)
    .join("");
}
