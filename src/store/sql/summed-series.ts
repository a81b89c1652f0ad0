/**
 * What summaries of minutes suffice for: how many values series have, and their means. Of a window
 * that begins or ends inside a minute, the rest of that minute is read from the samples.
 */
import type { CoverageRow, RunSelector, SeriesMean, SeriesPattern } from "../../analysis/source.ts";
import { roundTo9Digits as round } from "../significant-digits.ts";
import { integer } from "./dialect.ts";
import type { SqlEngine } from "./engine.ts";
import { extentOf } from "./run-extent.ts";
import {
  compareText,
  findRun,
  rangeClause,
  selectSeries,
  windowConditions,
  type RunRow,
  type SelectedSeries,
} from "./series-selection.ts";

const MINUTE_MS = 60_000;

export async function coverage(engine: SqlEngine, selector: RunSelector): Promise<CoverageRow[]> {
  const run = await findRun(engine, selector);
  const runSeries = `series_id IN (SELECT series.series_id FROM series
        JOIN host ON host.host_id = series.host_id WHERE host.run_id = ${integer(run.runId)})`;
  const rows = await engine.rows(
    `SELECT counter.object, counter.counter, count(DISTINCT series.host_id) AS hosts,
       count(*) AS instances, sum(counted.value_count) AS value_count
     FROM (${summedSql(engine, run, await clipped(engine, run, selector), runSeries)}) counted
     JOIN series ON series.series_id = counted.series_id
     JOIN counter ON counter.counter_id = series.counter_id
     GROUP BY counter.object, counter.counter`,
  );
  return rows
    .map((row) => ({
      object: String(row["object"]),
      counter: String(row["counter"]),
      hosts: Number(row["hosts"]),
      instances: Number(row["instances"]),
      values: Number(row["value_count"]),
    }))
    .sort((a, b) => compareText(a.object, b.object) || compareText(a.counter, b.counter));
}

export async function means(
  engine: SqlEngine,
  selector: RunSelector,
  patterns: readonly SeriesPattern[],
): Promise<SeriesMean[]> {
  const run = await findRun(engine, selector);
  const selected = await selectSeries(engine, run, patterns);
  const found = await sumsInWindow(engine, run, selector, selected);
  return selected.flatMap(({ id, key }) => {
    const sums = found.get(id);
    return sums ? [{ series: key, ...sums }] : [];
  });
}

/** By number of the series; those without values in the window are left out. */
export async function sumsInWindow(
  engine: SqlEngine,
  run: RunRow,
  selector: RunSelector,
  selected: readonly SelectedSeries[],
): Promise<Map<number, Omit<SeriesMean, "series">>> {
  const found = new Map<number, Omit<SeriesMean, "series">>();
  if (selected.length === 0) return found;
  const wanted = new Set(selected.map(({ id }) => id));
  const window = await clipped(engine, run, selector);
  const sql = summedSql(engine, run, window, rangeClause(selected));
  await engine.numbers(sql, ([ids, count, weight, mean]) => {
    for (let i = 0; i < ids!.length; i++) {
      if (!wanted.has(ids![i]!)) continue;
      found.set(ids![i]!, {
        count: count![i]!,
        weight: round(weight![i]!),
        mean: round(mean![i]!),
      });
    }
  });
  return found;
}

/** The window without ends that lie where the run has no values anyway: then no minute is cut there. */
async function clipped(
  engine: SqlEngine,
  run: RunRow,
  { fromMs, toMs }: RunSelector,
): Promise<Window> {
  if (fromMs === undefined && toMs === undefined) return {};
  const extent = await extentOf(engine, run);
  return {
    ...(fromMs === undefined || fromMs < Math.floor(extent.fromMs) ? undefined : { fromMs }),
    ...(toMs === undefined || toMs >= Math.ceil(extent.toMs) ? undefined : { toMs }),
  };
}

/** Rows of series, count, weight and mean: one for each that has values in the window. */
function summedSql(
  { dialect }: SqlEngine,
  { originMs }: RunRow,
  window: Window,
  series: string,
): string {
  const { double } = dialect.types;
  const { minutes, edges } = splitWindow(window);
  const inEdges = edges.map(
    (edge) => `(${windowConditions("offset_ms", originMs, edge).join(" AND ")})`,
  );
  // All of them in one scan: none is cheaper than the others.
  const parts = inEdges.slice(0, 1).map(
    () => `SELECT series_id, 1 AS value_count, CAST(weight AS ${double}) AS weight, value AS mean,
        value AS minimum, value AS maximum
      FROM sample WHERE ${series} AND (${inEdges.join(" OR ")})`,
  );
  if (minutes) {
    const bounds = [
      minutes.first === undefined ? "" : ` AND minute >= ${integer(minutes.first)}`,
      minutes.last === undefined ? "" : ` AND minute <= ${integer(minutes.last)}`,
    ].join("");
    parts.push(
      `SELECT series_id, value_count, weight, mean, minimum, maximum
      FROM series_summary WHERE ${series}${bounds}`,
    );
  }
  // A mean of equal values must not differ from them in its last bits.
  return `SELECT series_id, value_count, weight,
      CASE WHEN minimum = maximum THEN minimum ELSE moment / weight END AS mean
    FROM (
      SELECT series_id, sum(value_count) AS value_count, ${dialect.sum("weight")} AS weight,
        ${dialect.sum("mean * weight")} AS moment, min(minimum) AS minimum, max(maximum) AS maximum
      FROM (${parts.join("\n      UNION ALL ")}) stretches
      GROUP BY series_id
    ) added`;
}

interface Window {
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** The minutes that lie wholly inside (fromMs, toMs], and what of the window is beside them. */
export function splitWindow({ fromMs, toMs }: Window): {
  readonly minutes?: { readonly first?: number; readonly last?: number };
  readonly edges: readonly Window[];
} {
  // Values lie on whole milliseconds.
  const from = fromMs === undefined ? undefined : Math.floor(fromMs);
  const to = toMs === undefined ? undefined : Math.floor(toMs);
  const first = from === undefined ? undefined : Math.floor(from / MINUTE_MS) + 1;
  const last = to === undefined ? undefined : Math.floor((to + 1) / MINUTE_MS) - 1;
  if (first !== undefined && last !== undefined && last < first) {
    return { edges: [{ fromMs: from!, toMs: to! }] };
  }
  const edges: Window[] = [];
  if (first !== undefined && first * MINUTE_MS - 1 > from!) {
    edges.push({ fromMs: from!, toMs: first * MINUTE_MS - 1 });
  }
  if (last !== undefined && (last + 1) * MINUTE_MS - 1 < to!) {
    edges.push({ fromMs: (last + 1) * MINUTE_MS - 1, toMs: to! });
  }
  const minutes = {
    ...(first === undefined ? undefined : { first }),
    ...(last === undefined ? undefined : { last }),
  };
  return { minutes, edges };
}
