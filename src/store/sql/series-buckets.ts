/** Series as weighted means per bucket of time. */
import type { BucketedSeries, RunSelector, SeriesPattern } from "../../analysis/source.ts";
import { BucketColumns, type BucketWindow } from "./bucket-columns.ts";
import { constantSeries } from "./constant-series.ts";
import { bucketSql, type Division } from "./division.ts";
import type { SqlEngine } from "./engine.ts";
import { extentOf, type RunExtent } from "./run-extent.ts";
import {
  findRun,
  inBatches,
  sampleClause,
  selectSeries,
  withSummaries,
  type SelectedSeries,
} from "./series-selection.ts";

/** From so many values per bucket on, the engine adds them up; else they are fetched as they are, which is faster. */
const ADDED_UP_VALUES = 1.5;
/** Values that a query reads, 32 bytes each in its result; a query takes a few milliseconds by itself. */
const BATCH_VALUES = 400_000;

export async function buckets(
  engine: SqlEngine,
  selector: RunSelector,
  patterns: readonly SeriesPattern[],
  originMs: number,
  bucketMs: number,
): Promise<BucketedSeries[]> {
  if (!(bucketMs > 0)) throw new RangeError(`a bucket of ${bucketMs} ms`);
  const run = await findRun(engine, selector);
  const division = { selector, runOriginMs: run.originMs, originMs, bucketMs };
  const selected = await selectSeries(engine, run, patterns);
  const extent = await extentOf(engine, run);
  const addsUp = bucketMs / extent.intervalMs >= ADDED_UP_VALUES;
  const most = (selected.length * (extent.toMs - extent.fromMs)) / extent.intervalMs;
  // For few values it takes longer to ask what they are like than to read them.
  const summed = most > BATCH_VALUES ? await withSummaries(engine, selected) : undefined;
  const answers = await constantSeries(engine, run, summed ?? [], division);
  const counted: readonly (SelectedSeries & { readonly values: number })[] =
    summed ?? selected.map((series) => ({ ...series, values: 0 }));
  const others = counted.filter(({ id }) => !answers.has(id));
  const window = windowOf(extent, division);
  const found = new Map(others.map(({ id }) => [id, new BucketColumns(window, addsUp)]));
  const batches = inBatches(others, BATCH_VALUES);
  const next = async (): Promise<void> => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) {
      const sql = bucketsSql(engine, batch, division, addsUp);
      await engine.numbers(sql, (columns) => take(found, columns));
    }
  };
  await Promise.all(Array.from({ length: engine.parallelQueries }, next));
  for (const [id, columns] of found) if (!columns.isEmpty) answers.set(id, columns.columns());
  return selected.flatMap(({ id, key }) => {
    const columns = answers.get(id);
    return columns ? [{ series: key, ...columns }] : [];
  });
}

/** The buckets that values of the run can lie in. */
function windowOf(
  { fromMs, toMs }: RunExtent,
  { selector, originMs, bucketMs }: Division,
): BucketWindow {
  const first = Math.max(fromMs, selector.fromMs ?? fromMs);
  const last = Math.min(toMs, selector.toMs ?? toMs);
  return {
    first: Math.floor((first - originMs) / bucketMs),
    last: Math.ceil((last - originMs) / bucketMs),
  };
}

function bucketsSql(
  { dialect }: SqlEngine,
  part: readonly SelectedSeries[],
  division: Division,
  addsUp: boolean,
): string {
  const weight = `CAST(weight AS ${dialect.types.double})`;
  const bucket = bucketSql(division);
  const where = sampleClause(part, division.runOriginMs, division.selector);
  if (!addsUp) {
    return `SELECT series_id, ${bucket} AS bucket, value, ${weight} AS weight
    FROM sample WHERE ${where}`;
  }
  const mean = `${dialect.sum(`value * ${weight}`)} / ${dialect.sum(weight)}`;
  // A mean of equal values must not differ from them in its last bits.
  return `SELECT series_id, bucket,
      CASE WHEN minimum = maximum THEN minimum ELSE mean END AS mean, weight
    FROM (
      SELECT series_id, ${bucket} AS bucket, ${mean} AS mean, ${dialect.sum(weight)} AS weight,
        min(value) AS minimum, max(value) AS maximum
      FROM sample WHERE ${where}
      GROUP BY series_id, ${bucket}
    ) added`;
}

/** Rows of one series come together, mostly. */
function take(
  found: ReadonlyMap<number, BucketColumns>,
  [ids, bucket, value, weight]: readonly Float64Array[],
): void {
  const length = ids!.length;
  for (let start = 0, end = 0; start < length; start = end) {
    const id = ids![start]!;
    do end++;
    while (end < length && ids![end] === id);
    found.get(id)!.add(bucket!, value!, weight!, start, end);
  }
}
