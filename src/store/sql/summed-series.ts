/**
 * What summaries of minutes suffice for: how many values series have, and their means. Of a window
 * that begins or ends inside a minute, the rest of that minute is read from the samples.
 */
import type { CoverageRow, RunSelector, SeriesMean, SeriesPattern } from "../../analysis/source.ts";
import { roundTo9Digits as round } from "../significant-digits.ts";
import { integer } from "./dialect.ts";
import type { SqlEngine } from "./engine.ts";
import {
  compareText,
  findRun,
  rangeClause,
  selectSeries,
  windowClause,
  type RunRow,
  type SelectedSeries,
} from "./series-selection.ts";

const MINUTE_MS = 60_000;

export async function coverage(engine: SqlEngine, selector: RunSelector): Promise<CoverageRow[]> {
  const run = await findRun(engine, selector);
  const selected = await selectSeries(engine, run, [{ object: "*", counter: "*" }]);
  const counts = new Map<number, number>();
  await summed(engine, run, selector, selected, ([ids, count]) => {
    for (let i = 0; i < ids!.length; i++) counts.set(ids![i]!, count![i]!);
  });
  const rows = new Map<string, CoverageRow>();
  for (const { id, key } of selected) {
    const values = counts.get(id);
    if (values === undefined) continue;
    const { host, object, counter } = key;
    const name = `${host}\0${object}\0${counter}`;
    const { instances = 0, values: before = 0 } = rows.get(name) ?? {};
    rows.set(name, { host, object, counter, instances: instances + 1, values: before + values });
  }
  return [...rows.values()].sort(
    (a, b) =>
      compareText(a.host, b.host) ||
      compareText(a.object, b.object) ||
      compareText(a.counter, b.counter),
  );
}

export async function means(
  engine: SqlEngine,
  selector: RunSelector,
  patterns: readonly SeriesPattern[],
): Promise<SeriesMean[]> {
  const run = await findRun(engine, selector);
  const selected = await selectSeries(engine, run, patterns);
  const found = new Map<number, Omit<SeriesMean, "series">>();
  await summed(engine, run, selector, selected, ([ids, count, weight, mean]) => {
    for (let i = 0; i < ids!.length; i++) {
      found.set(ids![i]!, {
        count: count![i]!,
        weight: round(weight![i]!),
        mean: round(mean![i]!),
      });
    }
  });
  return selected.flatMap(({ id, key }) => {
    const sums = found.get(id);
    return sums ? [{ series: key, ...sums }] : [];
  });
}

/** Gives columns of series, count, weight and mean: one row for each that has values in the window. */
async function summed(
  engine: SqlEngine,
  { originMs }: RunRow,
  selector: RunSelector,
  selected: readonly SelectedSeries[],
  take: (columns: readonly Float64Array[]) => void,
): Promise<void> {
  if (selected.length === 0) return;
  const { double } = engine.dialect.types;
  const series = rangeClause(selected);
  const { minutes, edges } = splitWindow(selector);
  const parts = edges.map(
    (
      edge,
    ) => `SELECT series_id, 1 AS value_count, CAST(weight AS ${double}) AS weight, value AS mean,
        value AS minimum, value AS maximum
      FROM sample WHERE ${series}${windowClause("offset_ms", originMs, edge)}`,
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
  const { sum } = engine.dialect;
  // A mean of equal values must not differ from them in its last bits.
  await engine.numbers(
    `SELECT series_id, value_count, weight,
      CASE WHEN minimum = maximum THEN minimum ELSE moment / weight END AS mean
    FROM (
      SELECT series_id, sum(value_count) AS value_count, ${sum("weight")} AS weight,
        ${sum("mean * weight")} AS moment, min(minimum) AS minimum, max(maximum) AS maximum
      FROM (${parts.join("\n      UNION ALL ")}) stretches
      GROUP BY series_id
    ) added`,
    take,
  );
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
