/** The values of one host as rows: read from a store window by window, so that memory stays bounded. */
import type { HostDescription, RunSelector } from "../../analysis/source.ts";
import type { ExportRows } from "../../formats/export-format.ts";
import { gapLimitMs } from "../../recording/read-chunks.ts";
import type { Store, StoredSamples, StoredSeries } from "../../store/store.ts";

/** Cells of the rows that are in memory at once, 8 bytes each. */
const MAX_CELLS = 1_000_000;

/** Types whose values weigh the seconds of their interval. */
const WEIGH_SECONDS = new Set(["gauge", "rate", "delta", "elapsed"]);

/**
 * Rows in order of time. After a gap a row without values says when the next interval starts.
 *
 * @param series the columns, in their order; of that host only
 * @param run narrowed or not; its window is respected
 */
export async function* hostRows(
  store: Store,
  run: RunSelector,
  host: Pick<HostDescription, "fromMs" | "toMs" | "intervalMs">,
  series: readonly StoredSeries[],
  onProgress: (fraction: number) => void,
  maxCells = MAX_CELLS,
): AsyncGenerator<ExportRows> {
  const { fromMs, toMs, intervalMs } = host;
  const rows = Math.max(1, Math.floor(maxCells / Math.max(1, series.length)));
  const windowMs = Math.max(1, Math.floor(rows * intervalMs));
  const table = new RowTable(series, fromMs, gapLimitMs(intervalMs));
  // Windows are open at their start: what the first sample has must be inside, unless it was left out.
  for (let start = Math.max(fromMs - 1, run.fromMs ?? -Infinity); start < toMs; start += windowMs) {
    const end = Math.min(start + windowMs, toMs);
    const samples = await store.samples({ ...run, fromMs: start, toMs: end }, series);
    if (samples.timeMs.length > 0) yield table.rows(samples);
    onProgress(Math.min(1, (end - fromMs) / Math.max(1, toMs - fromMs)));
  }
}

class RowTable {
  private readonly columnOf: ReadonlyMap<number, number>;
  private readonly weighsSeconds: readonly boolean[];
  private readonly gapMs: number;
  private lastMs: number;

  constructor(series: readonly StoredSeries[], startMs: number, gapMs: number) {
    this.columnOf = new Map(series.map(({ id }, column) => [id, column]));
    this.weighsSeconds = series.map(({ type }) => WEIGH_SECONDS.has(type));
    this.lastMs = startMs;
    this.gapMs = gapMs;
  }

  rows(samples: StoredSamples): ExportRows {
    const secondsAt = this.intervals(samples);
    const times: number[] = [];
    for (const timeMs of [...secondsAt.keys()].sort((a, b) => a - b)) {
      const startMs = timeMs - 1000 * secondsAt.get(timeMs)!;
      if (timeMs - this.lastMs > this.gapMs && startMs > this.lastMs) times.push(startMs);
      times.push(timeMs);
      this.lastMs = timeMs;
    }
    const timeMs = Float64Array.from(times);
    const rowOf = new Map(times.map((time, row) => [time, row]));
    const width = this.columnOf.size;
    const values = new Float64Array(times.length * width).fill(NaN);
    for (let i = 0; i < samples.timeMs.length; i++) {
      const column = this.columnOf.get(samples.seriesId[i]!)!;
      values[rowOf.get(samples.timeMs[i]!)! * width + column] = samples.value[i]!;
    }
    return { timeMs, values };
  }

  /** Per instant the shortest interval, in seconds, that ends there; NaN where nothing tells. */
  private intervals({ seriesId, timeMs, weight }: StoredSamples): Map<number, number> {
    const seconds = new Map<number, number>();
    for (let i = 0; i < timeMs.length; i++) {
      const known = seconds.get(timeMs[i]!) ?? NaN;
      const own = this.weighsSeconds[this.columnOf.get(seriesId[i]!)!] ? weight[i]! : NaN;
      seconds.set(timeMs[i]!, known < own || own !== own ? known : own);
    }
    return seconds;
  }
}
