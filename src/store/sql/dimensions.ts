/** Rows of the dimensions that a recording needs: found, or made with the next free number. */
import type { RecordingToLoad, SeriesDefinition } from "../store.ts";
import { integer } from "./dialect.ts";
import type { SqlEngine, SqlValue } from "./engine.ts";

export interface HostKey {
  readonly runId: number;
  readonly hostId: number;
  readonly originMs: number;
}

/** Next free number of a dimension. */
async function nextId(engine: SqlEngine, table: string): Promise<number> {
  const [row] = await engine.rows(`SELECT max(${table}_id) AS last FROM ${table}`);
  return Number(row?.["last"] ?? 0) + 1;
}

/** Finds or makes run, host and recording; within the caller's transaction. */
export async function keysOf(engine: SqlEngine, recording: RecordingToLoad): Promise<HostKey> {
  const run = await runOf(engine, recording);
  const hostId = await hostOf(engine, recording, run.runId);
  const known = await engine.rows(
    `SELECT recording_id FROM recording WHERE recording_id = ${engine.dialect.parameter(1)}`,
    [recording.id],
  );
  if (known.length === 0) await addRecording(engine, recording, hostId);
  return { ...run, hostId };
}

async function runOf(engine: SqlEngine, recording: RecordingToLoad) {
  const { dialect } = engine;
  const [known] = await engine.rows(
    `SELECT run_id, origin_ms FROM run
     WHERE cluster = ${dialect.parameter(1)} AND run = ${dialect.parameter(2)}`,
    [recording.cluster, recording.run],
  );
  if (known) return { runId: Number(known["run_id"]), originMs: Number(known["origin_ms"]) };
  const runId = await nextId(engine, "run");
  const originMs = Math.floor(recording.startedMs);
  const columns = ["run_id", "cluster", "run", "origin_ms"];
  await engine.insert("run", columns, [[runId, recording.cluster, recording.run, originMs]]);
  return { runId, originMs };
}

async function hostOf(engine: SqlEngine, recording: RecordingToLoad, runId: number) {
  const [known] = await engine.rows(
    `SELECT host_id FROM host
     WHERE run_id = ${integer(runId)} AND hostname = ${engine.dialect.parameter(1)}`,
    [recording.host],
  );
  if (known) return Number(known["host_id"]);
  const hostId = await nextId(engine, "host");
  const columns = ["host_id", "run_id", "hostname", "role"];
  await engine.insert("host", columns, [[hostId, runId, recording.host, recording.role]]);
  return hostId;
}

async function addRecording(engine: SqlEngine, recording: RecordingToLoad, hostId: number) {
  const columns = ["recording_id", "host_id", "interval_ms", "started_ms", "inventory"];
  const inventory = JSON.stringify(recording.inventory);
  const startedMs = Math.round(recording.startedMs);
  await engine.insert("recording", columns, [
    [recording.id, hostId, recording.intervalMs, startedMs, inventory],
  ]);
}

/**
 * Numbers of a host's series. Known ones are read once; new ones are numbered here and written
 * together, so that asking costs a look-up and short-lived processes cost little.
 */
export class SeriesNumbers {
  private readonly engine: SqlEngine;
  private readonly hostId: number;
  private readonly ids = new Map<string, number>();
  private readonly counterIds = new Map<string, number>();
  private readonly attributeTexts = new WeakMap<object, string>();
  private nextSeries = 1;
  private nextCounter = 1;
  private newSeries: SqlValue[][] = [];
  private newCounters: SqlValue[][] = [];

  constructor(engine: SqlEngine, hostId: number) {
    this.engine = engine;
    this.hostId = hostId;
  }

  async read(): Promise<void> {
    const counters = await this.engine.rows(
      "SELECT counter_id, object, counter, unit, type FROM counter",
    );
    for (const row of counters) {
      const key = keyOf(row["object"], row["counter"], row["unit"], row["type"]);
      this.counterIds.set(key, Number(row["counter_id"]));
    }
    const series = await this.engine.rows(
      `SELECT series_id, counter_id, parent, instance, attributes FROM series
       WHERE host_id = ${integer(this.hostId)}`,
    );
    for (const row of series) {
      const key = keyOf(row["counter_id"], row["parent"], row["instance"], row["attributes"]);
      this.ids.set(key, Number(row["series_id"]));
    }
    this.nextSeries = await nextId(this.engine, "series");
    this.nextCounter = await nextId(this.engine, "counter");
  }

  idOf({ object, counter, instance }: SeriesDefinition): number {
    const counterId = this.counterIdOf(object, counter.name, counter.unit, counter.type);
    const attributes = this.attributesOf(instance.attributes);
    const parent = instance.parent ?? "";
    const key = keyOf(counterId, parent, instance.name, attributes);
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.nextSeries++;
      this.ids.set(key, id);
      this.newSeries.push([id, this.hostId, counterId, parent, instance.name, attributes]);
    }
    return id;
  }

  /** Writes the rows that `idOf` promised. */
  async write(): Promise<void> {
    const counters = this.newCounters;
    const series = this.newSeries;
    this.newCounters = [];
    this.newSeries = [];
    const counterColumns = ["counter_id", "object", "counter", "unit", "type"];
    if (counters.length > 0) await this.engine.insert("counter", counterColumns, counters);
    const columns = ["series_id", "host_id", "counter_id", "parent", "instance", "attributes"];
    if (series.length > 0) await this.engine.insert("series", columns, series);
  }

  private counterIdOf(object: string, counter: string, unit: string, type: string): number {
    const key = keyOf(object, counter, unit, type);
    let id = this.counterIds.get(key);
    if (id === undefined) {
      id = this.nextCounter++;
      this.counterIds.set(key, id);
      this.newCounters.push([id, object, counter, unit, type]);
    }
    return id;
  }

  /** Attributes as text that is the same whatever order they come in. */
  private attributesOf(attributes: Readonly<Record<string, string>> | undefined): string {
    if (!attributes) return "{}";
    let text = this.attributeTexts.get(attributes);
    if (text === undefined) {
      const entries = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
      text = JSON.stringify(Object.fromEntries(entries));
      this.attributeTexts.set(attributes, text);
    }
    return text;
  }
}

/** No name of the kernel holds a NUL, so that parts cannot run into each other. */
function keyOf(...parts: readonly unknown[]): string {
  return parts.join("\0");
}
