/** Values as they are stored, for those who take them elsewhere. */
import type { RunSelector, SeriesPattern } from "../../analysis/source.ts";
import type { StoredSamples, StoredSeries } from "../store.ts";
import { allNumbers, joined } from "./all-numbers.ts";
import type { SqlEngine } from "./engine.ts";
import { findRun, inParts, sampleClause, selectSeries, withSummaries } from "./series-selection.ts";

export async function storedSeries(
  engine: SqlEngine,
  selector: RunSelector,
  patterns: readonly SeriesPattern[],
): Promise<StoredSeries[]> {
  const run = await findRun(engine, selector);
  const selected = await selectSeries(engine, run, patterns);
  if (selector.fromMs === undefined && selector.toMs === undefined) {
    return withSummaries(engine, selected);
  }
  const present = new Set<number>();
  for (const batch of inParts(selected)) {
    const [ids = []] = await allNumbers(
      engine,
      `SELECT DISTINCT series_id FROM sample WHERE ${sampleClause(batch, run.originMs, selector)}`,
    );
    for (const id of ids) present.add(id);
  }
  return selected.filter(({ id }) => present.has(id));
}

export async function storedSamples(
  engine: SqlEngine,
  selector: RunSelector,
  series: readonly StoredSeries[],
): Promise<StoredSamples> {
  const { originMs } = await findRun(engine, selector);
  const parts: Float64Array[][] = [];
  for (const batch of inParts(series)) {
    parts.push(
      await allNumbers(
        engine,
        `SELECT series_id, offset_ms, value, CAST(weight AS ${engine.dialect.types.double}) AS weight
         FROM sample WHERE ${sampleClause(batch, originMs, selector)}`,
      ),
    );
  }
  const column = (position: number) => joined(parts.flatMap((part) => part[position] ?? []));
  const timeMs = column(1).map((offsetMs) => originMs + offsetMs);
  return { seriesId: column(0), timeMs, value: column(2), weight: column(3) };
}
