/** Values as they are stored, for those who take them elsewhere. */
import type { RunSelector, SeriesPattern } from "../../analysis/source.ts";
import type { StoredSamples, StoredSeries } from "../store.ts";
import type { SqlEngine } from "./engine.ts";
import {
  findRun,
  inBatches,
  sampleClause,
  selectSeries,
  type SelectedSeries,
} from "./series-selection.ts";

export async function storedSeries(
  engine: SqlEngine,
  selector: RunSelector,
  patterns: readonly SeriesPattern[],
): Promise<StoredSeries[]> {
  const run = await findRun(engine, selector);
  const selected = await selectSeries(engine, run, patterns);
  if (selector.fromMs === undefined && selector.toMs === undefined) return selected;
  const present = new Set<number>();
  for (const batch of inBatches(selected, Infinity)) {
    const [ids] = await engine.numbers(
      `SELECT DISTINCT series_id FROM sample WHERE ${sampleClause(batch, run.originMs, selector)}`,
    );
    for (const id of ids!) present.add(id);
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
  const batches = inBatches(
    series.map((one): SelectedSeries => ({ ...one, values: 0 })),
    Infinity,
  );
  for (const batch of batches) {
    parts.push(
      await engine.numbers(
        `SELECT series_id, offset_ms, value, CAST(weight AS ${engine.dialect.types.double}) AS weight
         FROM sample WHERE ${sampleClause(batch, originMs, selector)}`,
      ),
    );
  }
  const column = (position: number) => joined(parts.map((part) => part[position]!));
  const timeMs = column(1).map((offsetMs) => originMs + offsetMs);
  return { seriesId: column(0), timeMs, value: column(2), weight: column(3) };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let next = 0;
  for (const part of parts) {
    all.set(part, next);
    next += part.length;
  }
  return all;
}
