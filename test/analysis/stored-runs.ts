/** Synthetic runs in a real store: what the analysis computes can be asked of it in SQL. */
import { randomUUID } from "node:crypto";
import { summarizeMinutes } from "../../src/load/minute-summaries.ts";
import { roundTo9Digits } from "../../src/store/significant-digits.ts";
import type { Store } from "../../src/store/store.ts";
import type { MemoryHost, MemoryRun } from "./memory-source.ts";

export async function storeRun(store: Store, run: MemoryRun): Promise<void> {
  for (const [position, host] of run.hosts.entries()) {
    await storeHost(store, run, host, position === 0);
  }
}

async function storeHost(
  store: Store,
  run: MemoryRun,
  host: MemoryHost,
  first: boolean,
): Promise<void> {
  const times = host.series[0]!.timeMs;
  const fromMs = times[0]! - host.intervalMs;
  const { command } = run;
  const id = randomUUID();
  const load = await store.beginLoad({
    id,
    host: host.name,
    cluster: run.cluster,
    run: run.run,
    role: host.role ?? "",
    intervalMs: host.intervalMs,
    startedMs: fromMs,
    inventory: host.inventory ?? {},
  });
  await load.beginSegment(0);
  const ids = await load.seriesIds(
    host.series.map(({ object, counter, instance = "" }) => ({
      object,
      counter: { name: counter, type: "gauge", unit: "count", group: 0, value: [], scale: 1 },
      instance: { name: instance },
    })),
  );
  await load.appendInstants(Float64Array.from(times));
  let values = 0;
  for (const [i, series] of host.series.entries()) {
    const length = series.values.length;
    const weights = Float64Array.from(series.values, () => host.intervalMs / 1000);
    const stored = Float64Array.from(series.values, roundTo9Digits);
    values += length;
    await load.appendSamples({
      seriesId: ids[i]!,
      length,
      timeMs: Float64Array.from(series.timeMs),
      values: stored,
      weights,
    });
    summarizeMinutes(
      ids[i]!,
      length,
      Float64Array.from(series.timeMs),
      stored,
      weights,
      (summary) => void load.appendSummary(summary),
    );
  }
  for (const { host: name, timeMs, kind, text } of run.events ?? []) {
    if (name === host.name) await load.appendEvent({ timeMs, kind, text });
  }
  await load.commitSegment({
    recordingId: id,
    segment: 0,
    firstBlock: 0,
    blocks: 1,
    samples: times.length,
    values,
    segmentBytes: 1,
    fromMs,
    toMs: times[times.length - 1]!,
  });
  await load.finish(
    command && first ? { ...command, startedMs: times[0]! - host.intervalMs } : undefined,
  );
}
