/** Statistics of series with exact quantiles: the engine sorts all of their values. */
import type {
  RunSelector,
  SeriesMean,
  SeriesPattern,
  SeriesStatistics,
} from "../../analysis/source.ts";
import { roundTo9Digits as round } from "../significant-digits.ts";
import type { SqlEngine } from "./engine.ts";
import {
  findRun,
  inBatches,
  sampleClause,
  selectSeries,
  withSummaries,
} from "./series-selection.ts";
import { sumsInWindow } from "./summed-series.ts";

/** About 500 MB of sorting in DuckDB; smaller batches cost time, larger ones memory. */
const QUANTILE_BATCH_VALUES = 8_000_000;

export async function statistics(
  engine: SqlEngine,
  selector: RunSelector,
  patterns: readonly SeriesPattern[],
): Promise<SeriesStatistics[]> {
  const run = await findRun(engine, selector);
  const selected = await withSummaries(engine, await selectSeries(engine, run, patterns));
  const found = new Map<number, Omit<SeriesStatistics, "series">>();
  // Of a series that never changes there is nothing to sort.
  const steady = selected.filter(({ min, max }) => min === max);
  for (const [id, sums] of await sumsInWindow(engine, run, selector, steady)) {
    found.set(id, steadyStatistics(sums));
  }
  const changing = selected.filter(({ min, max }) => min !== max);
  for (const batch of inBatches(changing, QUANTILE_BATCH_VALUES)) {
    const sql = statisticsSql(engine, sampleClause(batch, run.originMs, selector));
    await engine.numbers(sql, (columns) => {
      const ids = columns[0]!;
      for (let i = 0; i < ids.length; i++) found.set(ids[i]!, statisticsAt(columns, i));
    });
  }
  return selected.flatMap(({ id, key }) => {
    const values = found.get(id);
    return values ? [{ series: key, ...values }] : [];
  });
}

function steadyStatistics({
  count,
  weight,
  mean,
}: Omit<SeriesMean, "series">): Omit<SeriesStatistics, "series"> {
  return {
    count,
    weight,
    mean,
    deviation: 0,
    min: mean,
    max: mean,
    p50: mean,
    p95: mean,
    p99: mean,
  };
}

/** In two passes: the sum of squares around the mean keeps its digits for large, steady values. */
function statisticsSql({ dialect }: SqlEngine, where: string): string {
  const chosen = `(SELECT series_id, value, CAST(weight AS ${dialect.types.double}) AS weight
        FROM sample WHERE ${where})`;
  const apart = "(chosen.value - center.mean)";
  return `SELECT series_id, value_count, weight, mean, m2, minimum, maximum, q[1], q[2], q[3]
    FROM (
      SELECT chosen.series_id, count(*) AS value_count, min(center.weight) AS weight,
        min(center.mean) AS mean, ${dialect.sum(`chosen.weight * ${apart} * ${apart}`)} AS m2,
        min(chosen.value) AS minimum, max(chosen.value) AS maximum,
        ${dialect.quantiles("chosen.value", ["0.5", "0.95", "0.99"])} AS q
      FROM ${chosen} chosen
      JOIN (
        SELECT series_id, ${dialect.sum("weight")} AS weight,
          ${dialect.sum("value * weight")} / ${dialect.sum("weight")} AS mean
        FROM ${chosen} all_chosen GROUP BY series_id
      ) center ON center.series_id = chosen.series_id
      GROUP BY chosen.series_id
    ) answers`;
}

function statisticsAt(
  columns: readonly Float64Array[],
  i: number,
): Omit<SeriesStatistics, "series"> {
  const [, count, weight, mean, m2, min, max, p50, p95, p99] = columns.map((column) => column[i]!);
  // A mean of equal values must not differ from them in its last bits, nor have a deviation.
  const constant = min === max;
  return {
    count: count!,
    weight: round(weight!),
    mean: round(constant ? min! : mean!),
    deviation: constant ? 0 : round(Math.sqrt(m2! / weight!)),
    min: round(min!),
    max: round(max!),
    p50: round(p50!),
    p95: round(p95!),
    p99: round(p99!),
  };
}
