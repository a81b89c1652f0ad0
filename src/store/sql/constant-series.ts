/**
 * Series that never change, which on a real host are most: summaries tell their value, and when their
 * host has values at all, so that none of theirs need be read.
 */
import type { BucketedSeries } from "../../analysis/source.ts";
import { roundTo9Digits as round } from "../significant-digits.ts";
import { integer } from "./dialect.ts";
import { bucketSql, type Division } from "./division.ts";
import type { SqlEngine } from "./engine.ts";
import { windowClause, type RunRow, type SummedSeries } from "./series-selection.ts";

type Columns = Pick<BucketedSeries, "first" | "mean" | "weight">;

/** Weighed by what was done, which has no steady rate. */
const WEIGHED_BY_BASE = new Set(["average", "fraction"]);

/** By number of the series; those that change, or have not a value at all of their host's instants, are not among them. */
export async function constantSeries(
  engine: SqlEngine,
  { runId }: RunRow,
  selected: readonly SummedSeries[],
  division: Division,
): Promise<Map<number, Columns>> {
  const steady = selected.filter(({ min, max, type }) => min === max && !WEIGHED_BY_BASE.has(type));
  if (steady.length === 0) return new Map();
  const ofRun = `host_id IN (SELECT host_id FROM host WHERE run_id = ${integer(runId)})`;
  const instants = new Map<number, number>();
  await engine.numbers(
    `SELECT host_id, count(*) AS instants FROM instant WHERE ${ofRun} GROUP BY host_id`,
    ([ids, counts]) => ids!.forEach((id, i) => instants.set(id, counts![i]!)),
  );
  const constants = steady.filter(({ key, values }) => instants.get(key.hostId) === values);
  const presence = new Map<number, Presence>();
  await engine.numbers(
    `SELECT host_id, bucket, count(*) AS instants
     FROM (SELECT host_id, ${bucketSql(division)} AS bucket FROM instant
           WHERE ${ofRun}${windowClause("offset_ms", division.runOriginMs, division.selector)}) placed
     GROUP BY host_id, bucket`,
    ([hosts, buckets, counts]) => {
      for (let i = 0; i < hosts!.length; i++) {
        const own = presence.get(hosts![i]!) ?? new Presence();
        presence.set(hosts![i]!, own);
        own.add(buckets![i]!, counts![i]!);
      }
    },
  );
  return new Map(
    constants.flatMap(({ id, key, min, weight, values }) => {
      const columns = presence.get(key.hostId)?.columns(round(min), weight / values);
      return columns ? [[id, columns] as const] : [];
    }),
  );
}

/** How many instants of a host lie in which bucket. */
class Presence {
  private readonly buckets: number[] = [];
  private readonly counts: number[] = [];
  private readonly made = new Map<string, Columns>();
  private first = Infinity;
  private last = -Infinity;

  add(bucket: number, instants: number): void {
    this.buckets.push(bucket);
    this.counts.push(instants);
    if (bucket < this.first) this.first = bucket;
    if (bucket > this.last) this.last = bucket;
  }

  /** The same arrays for the same numbers: most are zeros of a second each. */
  columns(value: number, weightOfOne: number): Columns {
    const key = `${value} ${weightOfOne}`;
    const columns = this.made.get(key) ?? this.make(value, weightOfOne);
    this.made.set(key, columns);
    return columns;
  }

  private make(value: number, weightOfOne: number): Columns {
    const length = this.last - this.first + 1;
    const mean = new Float64Array(length).fill(NaN);
    const weight = new Float64Array(length);
    const roundedWeight = round(weightOfOne);
    for (let i = 0; i < this.buckets.length; i++) {
      const at = this.buckets[i]! - this.first;
      const count = this.counts[i]!;
      mean[at] = value;
      weight[at] = count === 1 ? roundedWeight : round(count * weightOfOne);
    }
    return { first: this.first, mean, weight };
  }
}
