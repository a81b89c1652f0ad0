/**
 * A `Source` in memory: values of series as a store would hold them, answered by plain loops. A second
 * implementation of what the port promises, for tests of the analysis.
 */
import { patternMatcher, patternPath } from "../../src/analysis/counter-path.ts";
import type {
  BucketedSeries,
  CoverageRow,
  Evidence,
  RunDescription,
  RunEvent,
  RunSelector,
  SeriesKey,
  SeriesMean,
  SeriesPattern,
  SeriesStatistics,
  Source,
} from "../../src/analysis/source.ts";
import { significant } from "../../src/analysis/statistics/round.ts";
import { nearestRank } from "../../src/analysis/statistics/summary.ts";
import { evidenceSql } from "../../src/store/sql/evidence-sql.ts";
import { UserError } from "../../src/util/errors.ts";

export interface MemorySeries {
  readonly object: string;
  readonly counter: string;
  readonly instance?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** End of each interval, milliseconds since 1970. */
  readonly timeMs: readonly number[];
  readonly values: readonly number[];
  /** Seconds when left out: one per value. */
  readonly weights?: readonly number[];
}

export interface MemoryHost {
  readonly name: string;
  readonly role?: string;
  readonly intervalMs: number;
  readonly inventory?: Readonly<Record<string, unknown>>;
  readonly series: readonly MemorySeries[];
}

export interface MemoryRun {
  readonly cluster: string;
  readonly run: string;
  readonly hosts: readonly MemoryHost[];
  readonly command?: RunDescription["command"];
  readonly events?: readonly RunEvent[];
}

interface Windowed {
  readonly key: SeriesKey;
  readonly timeMs: readonly number[];
  readonly values: readonly number[];
  readonly weights: readonly number[];
}

const round = (value: number) => significant(value, 9);

export class MemorySource implements Source {
  private readonly runs: readonly MemoryRun[];
  /** Of questions asked before. */
  private readonly windows = new Map<string, Windowed[]>();
  private readonly answers = new Map<string, BucketedSeries[]>();

  constructor(runs: readonly MemoryRun[]) {
    this.runs = runs;
  }

  async describeRun(selector: RunSelector): Promise<RunDescription> {
    const run = this.find(selector);
    const windowed = this.windowed(selector);
    const hosts = run.hosts.map((host, id) => {
      const own = windowed.filter(({ key }) => key.hostId === id);
      const times = [...new Set(own.flatMap(({ timeMs }) => timeMs))];
      return {
        id,
        name: host.name,
        role: host.role ?? "",
        intervalMs: host.intervalMs,
        inventory: host.inventory ?? {},
        fromMs: times.length > 0 ? Math.min(...times) : 0,
        toMs: times.length > 0 ? Math.max(...times) : 0,
        samples: times.length,
      };
    });
    const known = hosts.filter(({ samples }) => samples > 0);
    return {
      cluster: run.cluster,
      run: run.run,
      fromMs: known.length > 0 ? Math.min(...known.map(({ fromMs }) => fromMs)) : 0,
      toMs: known.length > 0 ? Math.max(...known.map(({ toMs }) => toMs)) : 0,
      ...(run.command ? { command: run.command } : {}),
      hosts,
      events: run.events ?? [],
    };
  }

  async coverage(selector: RunSelector): Promise<CoverageRow[]> {
    const rows = new Map<string, Windowed[]>();
    for (const one of this.windowed(selector)) {
      const id = `${one.key.object}\n${one.key.counter}`;
      rows.set(id, [...(rows.get(id) ?? []), one]);
    }
    return [...rows.values()].map((all) => ({
      object: all[0]!.key.object,
      counter: all[0]!.key.counter,
      hosts: new Set(all.map(({ key }) => key.hostId)).size,
      instances: all.length,
      values: sum(all.map(({ timeMs }) => timeMs.length)),
    }));
  }

  async means(selector: RunSelector, patterns: readonly SeriesPattern[]): Promise<SeriesMean[]> {
    const found = await this.statistics(selector, patterns);
    return found.map(({ series, count, weight, mean }) => ({ series, count, weight, mean }));
  }

  async statistics(
    selector: RunSelector,
    patterns: readonly SeriesPattern[],
  ): Promise<SeriesStatistics[]> {
    return this.matching(selector, patterns).map(({ key, values, weights }) => {
      const weight = sum(weights);
      const mean = sum(values.map((value, i) => value * weights[i]!)) / weight;
      const variance = sum(values.map((value, i) => weights[i]! * (value - mean) ** 2)) / weight;
      const sorted = [...values].sort((a, b) => a - b);
      return {
        series: key,
        count: values.length,
        weight: round(weight),
        mean: round(mean),
        deviation: round(Math.sqrt(variance)),
        min: round(sorted[0]!),
        max: round(sorted[sorted.length - 1]!),
        p50: round(nearestRank(sorted, 0.5)),
        p95: round(nearestRank(sorted, 0.95)),
        p99: round(nearestRank(sorted, 0.99)),
      };
    });
  }

  async buckets(
    selector: RunSelector,
    patterns: readonly SeriesPattern[],
    originMs: number,
    bucketMs: number,
  ): Promise<BucketedSeries[]> {
    const key = JSON.stringify([selector, patterns, originMs, bucketMs]);
    const known = this.answers.get(key) ?? this.bucketed(selector, patterns, originMs, bucketMs);
    this.answers.set(key, known);
    return known;
  }

  private bucketed(
    selector: RunSelector,
    patterns: readonly SeriesPattern[],
    originMs: number,
    bucketMs: number,
  ): BucketedSeries[] {
    return this.matching(selector, patterns).map(({ key, timeMs, values, weights }) => {
      const cells = new Map<number, { sum: number; weight: number }>();
      timeMs.forEach((time, i) => {
        const k = Math.ceil((time - originMs) / bucketMs) - 1;
        const cell = cells.get(k) ?? { sum: 0, weight: 0 };
        cell.sum += values[i]! * weights[i]!;
        cell.weight += weights[i]!;
        cells.set(k, cell);
      });
      const first = Math.min(...cells.keys());
      const all = Array.from({ length: Math.max(...cells.keys()) - first + 1 }, (_, i) =>
        cells.get(first + i),
      );
      return {
        series: key,
        first,
        mean: Float64Array.from(all, (cell) => (cell ? round(cell.sum / cell.weight) : NaN)),
        weight: Float64Array.from(all, (cell) => round(cell?.weight ?? 0)),
      };
    });
  }

  explainSql({ cluster, run }: RunSelector, { object, counter, instance = "*" }: SeriesPattern) {
    return `select * from normalized where cluster = '${cluster}' and run = '${run}' and object = '${object}' and counter glob '${counter}' and instance glob '${instance}'`;
  }

  evidenceSql(evidence: Evidence) {
    return evidenceSql(evidence);
  }

  private find({ cluster, run }: RunSelector): MemoryRun {
    const found = this.runs.find((one) => one.cluster === cluster && one.run === run);
    if (!found) throw new UserError(`There is no run ${cluster}/${run}.`);
    return found;
  }

  private windowed(selector: RunSelector): Windowed[] {
    const { fromMs = -Infinity, toMs = Infinity } = selector;
    const key = JSON.stringify([selector.cluster, selector.run, fromMs, toMs]);
    const known = this.windows.get(key) ?? this.windowOf(selector, fromMs, toMs);
    this.windows.set(key, known);
    return known;
  }

  private windowOf(selector: RunSelector, fromMs: number, toMs: number): Windowed[] {
    return this.find(selector).hosts.flatMap((host, hostId) =>
      host.series.flatMap((series): Windowed[] => {
        const kept = series.timeMs.flatMap((time, i) => (time > fromMs && time <= toMs ? [i] : []));
        if (kept.length === 0) return [];
        const { object, counter, instance = "", attributes = {} } = series;
        return [
          {
            key: { hostId, host: host.name, object, counter, parent: "", instance, attributes },
            timeMs: kept.map((i) => series.timeMs[i]!),
            values: kept.map((i) => series.values[i]!),
            weights: kept.map((i) => series.weights?.[i] ?? host.intervalMs / 1000),
          },
        ];
      }),
    );
  }

  private matching(selector: RunSelector, patterns: readonly SeriesPattern[]): Windowed[] {
    const path = ({ key }: Windowed) =>
      `${key.host}\n${patternPath({ object: key.object, counter: key.counter, instance: key.instance })}`;
    const matchers = patterns.map(patternMatcher);
    return this.windowed(selector)
      .filter(({ key }) => matchers.some((matches) => matches(key)))
      .map((one) => ({ one, path: path(one) }))
      .sort((a, b) => (a.path < b.path ? -1 : 1))
      .map(({ one }) => one);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
