/** Questions that read samples: coverage, statistics, buckets. All work is done by the engine. */
import type {
  BucketedSeries,
  CoverageRow,
  RunSelector,
  SeriesPattern,
  SeriesStatistics,
} from "../../analysis/source.ts";
import { roundTo9Digits as round } from "../significant-digits.ts";
import { decimal, integer } from "./dialect.ts";
import type { SqlEngine } from "./engine.ts";
import {
  compareText,
  findRun,
  inBatches,
  sampleClause,
  selectSeries,
  windowClause,
  type SelectedSeries,
} from "./series-selection.ts";

/** About 500 MB of sorting in DuckDB; smaller batches cost time, larger ones memory. */
const QUANTILE_BATCH_VALUES = 8_000_000;

export async function coverage(engine: SqlEngine, selector: RunSelector): Promise<CoverageRow[]> {
  const { runId, originMs } = await findRun(engine, selector);
  const rows = await engine.rows(
    `SELECT host.hostname, counter.object, counter.counter, count(*) AS instances,
       sum(counted.value_count) AS value_count,
       min(counted.first_ms) AS first_ms, max(counted.last_ms) AS last_ms
     FROM (SELECT series_id, count(*) AS value_count,
             min(offset_ms) AS first_ms, max(offset_ms) AS last_ms
           FROM sample
           WHERE series_id IN (
             SELECT series.series_id FROM series
             JOIN host ON host.host_id = series.host_id
             WHERE host.run_id = ${integer(runId)})${windowClause("offset_ms", originMs, selector)}
           GROUP BY series_id) counted
     JOIN series ON series.series_id = counted.series_id
     JOIN host ON host.host_id = series.host_id
     JOIN counter ON counter.counter_id = series.counter_id
     GROUP BY host.hostname, counter.object, counter.counter`,
  );
  return rows
    .map((row) => ({
      host: String(row["hostname"]),
      object: String(row["object"]),
      counter: String(row["counter"]),
      instances: Number(row["instances"]),
      values: Number(row["value_count"]),
      fromMs: originMs + Number(row["first_ms"]),
      toMs: originMs + Number(row["last_ms"]),
    }))
    .sort(
      (a, b) =>
        compareText(a.host, b.host) ||
        compareText(a.object, b.object) ||
        compareText(a.counter, b.counter),
    );
}

export async function statistics(
  engine: SqlEngine,
  selector: RunSelector,
  patterns: readonly SeriesPattern[],
): Promise<SeriesStatistics[]> {
  const run = await findRun(engine, selector);
  const selected = await selectSeries(engine, run, patterns);
  const found = new Map<number, Omit<SeriesStatistics, "series">>();
  for (const batch of inBatches(selected, QUANTILE_BATCH_VALUES)) {
    const columns = await engine.numbers(
      statisticsSql(engine, sampleClause(batch, run.originMs, selector)),
    );
    const ids = columns[0]!;
    for (let i = 0; i < ids.length; i++) found.set(ids[i]!, statisticsAt(columns, i));
  }
  return selected.flatMap(({ id, key }) => {
    const values = found.get(id);
    return values ? [{ series: key, ...values }] : [];
  });
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

export async function buckets(
  engine: SqlEngine,
  selector: RunSelector,
  patterns: readonly SeriesPattern[],
  originMs: number,
  bucketMs: number,
): Promise<BucketedSeries[]> {
  if (!(bucketMs > 0)) throw new RangeError(`a bucket of ${bucketMs} ms`);
  const run = await findRun(engine, selector);
  const selected = await selectSeries(engine, run, patterns);
  const found = new Map<number, Omit<BucketedSeries, "series">>();
  for (const batch of inBatches(selected, Infinity)) {
    const sql = bucketsSql(engine, batch, run.originMs, selector, originMs, bucketMs);
    addBuckets(found, await engine.numbers(sql));
  }
  return selected.flatMap(({ id, key }) => {
    const bucketed = found.get(id);
    return bucketed ? [{ series: key, ...bucketed }] : [];
  });
}

function bucketsSql(
  { dialect }: SqlEngine,
  batch: readonly SelectedSeries[],
  runOriginMs: number,
  selector: RunSelector,
  originMs: number,
  bucketMs: number,
): string {
  const weight = `CAST(weight AS ${dialect.types.double})`;
  const position = `(offset_ms - ${decimal(originMs - runOriginMs)}) / ${decimal(bucketMs)}`;
  return `SELECT series_id, CAST(ceil(${position}) - 1 AS INTEGER) AS bucket,
      ${dialect.sum(`value * ${weight}`)} / ${dialect.sum(weight)} AS mean,
      ${dialect.sum(weight)} AS weight, min(value) AS minimum, max(value) AS maximum
    FROM sample WHERE ${sampleClause(batch, runOriginMs, selector)}
    GROUP BY series_id, bucket ORDER BY series_id, bucket`;
}

/** Cuts the rows, which come ordered by series and bucket, into one answer per series. */
function addBuckets(
  found: Map<number, Omit<BucketedSeries, "series">>,
  [ids, bucket, mean, weight, min, max]: readonly Float64Array[],
): void {
  let start = 0;
  for (let i = 1; i <= ids!.length; i++) {
    if (i < ids!.length && ids![i] === ids![start]) continue;
    const means = mean!.slice(start, i);
    for (let k = start; k < i; k++) {
      means[k - start] = round(min![k] === max![k] ? min![k]! : mean![k]!);
    }
    found.set(ids![start]!, {
      bucket: Int32Array.from(bucket!.subarray(start, i)),
      mean: means,
      weight: weight!.slice(start, i).map(round),
      max: max!.slice(start, i).map(round),
    });
    start = i;
  }
}
