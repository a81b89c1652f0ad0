/** Series as weighted means per bucket of time. */
import type { BucketedSeries, RunSelector, SeriesPattern } from "../../analysis/source.ts";
import { BucketColumns } from "./bucket-columns.ts";
import { decimal, integer } from "./dialect.ts";
import type { SqlEngine } from "./engine.ts";
import {
  findRun,
  inParts,
  sampleClause,
  selectSeries,
  type RunRow,
  type SelectedSeries,
} from "./series-selection.ts";

/** From so many values per bucket on, the engine adds them up; fewer are fetched as they are, which is faster. */
const ADDED_UP_VALUES = 4;

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
  const found = new Map(selected.map(({ id }) => [id, new BucketColumns()]));
  const addsUp = bucketMs / (await shortestIntervalMs(engine, run)) >= ADDED_UP_VALUES;
  await Promise.all(
    inParts(selected, engine.parallelQueries).map((part) =>
      engine.numbers(
        bucketsSql(engine, part, run.originMs, selector, originMs, bucketMs, addsUp),
        (columns) => take(found, columns),
      ),
    ),
  );
  return selected.flatMap(({ id, key }) => {
    const columns = found.get(id)!;
    return columns.length > 0 ? [{ series: key, ...columns.inOrder() }] : [];
  });
}

async function shortestIntervalMs(engine: SqlEngine, { runId }: RunRow): Promise<number> {
  const [row] = await engine.rows(
    `SELECT min(recording.interval_ms) AS interval_ms
     FROM recording JOIN host ON host.host_id = recording.host_id
     WHERE host.run_id = ${integer(runId)}`,
  );
  return Number(row?.["interval_ms"] ?? 1000);
}

function bucketsSql(
  { dialect }: SqlEngine,
  part: readonly SelectedSeries[],
  runOriginMs: number,
  selector: RunSelector,
  originMs: number,
  bucketMs: number,
  addsUp: boolean,
): string {
  const weight = `CAST(weight AS ${dialect.types.double})`;
  const position = `(offset_ms - ${decimal(originMs - runOriginMs)}) / ${decimal(bucketMs)}`;
  const bucket = `ceil(${position}) - 1`;
  const where = sampleClause(part, runOriginMs, selector);
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
