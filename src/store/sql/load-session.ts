/**
 * A load as SQL transactions, one per segment: dimensions, values, events and the ledger's row
 * become visible together or not at all.
 */
import { UserError } from "../../util/errors.ts";
import type { CommandResult } from "../../counter/recording-identity.ts";
import type {
  LedgerEntry,
  LoadEvent,
  LoadSession,
  MinuteSummary,
  RecordingToLoad,
  SeriesDefinition,
  SeriesValues,
} from "../store.ts";
import { decimal, integer } from "./dialect.ts";
import { keysOf, SeriesNumbers, type HostKey } from "./dimensions.ts";
import type { BulkWriter, SqlEngine, SqlValue } from "./engine.ts";
import { refuseOverlap } from "./overlap.ts";

export async function beginSqlLoad(
  engine: SqlEngine,
  recording: RecordingToLoad,
  release: () => void,
): Promise<SqlLoadSession> {
  refuseImpossible(recording);
  await refuseOverlap(engine, recording, recording.startedMs, recording.finishedMs);
  const ledger = await readLedger(engine, recording.id);
  return new SqlLoadSession(engine, recording, ledger, release);
}

/** A manifest comes from elsewhere: JSON holds 1e999, and a whole number may have a fraction. */
function refuseImpossible({
  id,
  startedMs,
  finishedMs,
  intervalMs,
  command,
}: RecordingToLoad): void {
  const times = [startedMs, finishedMs ?? 0, command?.startedMs ?? 0];
  const possible =
    times.every((ms) => Math.abs(ms) <= MAX_TIME_MS) &&
    intervalMs > 0 &&
    Number.isFinite(intervalMs) &&
    Number.isFinite(command?.durationSeconds ?? 0) &&
    Number.isInteger(command?.exitCode ?? 0);
  if (possible) return;
  throw new UserError(
    `Recording ${id} cannot be loaded: its manifest holds impossible times or numbers.`,
    "Copy the recording again, or remove its recording.json: the log knows what is needed.",
  );
}

/** What a JavaScript Date holds, and every database's timestamp. */
const MAX_TIME_MS = 8.64e15;

export class SqlLoadSession implements LoadSession {
  readonly ledger: LedgerEntry[];
  private readonly engine: SqlEngine;
  private readonly recording: RecordingToLoad;
  private readonly release: () => void;
  private readonly instants = new Set<number>();
  private key: HostKey | undefined;
  private series: SeriesNumbers | undefined;
  private events: { readonly known: Set<string>; rows: SqlValue[][] } | undefined;
  private newInstants: SqlValue[][] = [];
  private writer: BulkWriter | undefined;
  private inTransaction = false;

  constructor(
    engine: SqlEngine,
    recording: RecordingToLoad,
    ledger: LedgerEntry[],
    release: () => void,
  ) {
    this.engine = engine;
    this.recording = recording;
    this.ledger = ledger;
    this.release = release;
  }

  seriesIds(definitions: readonly SeriesDefinition[]): readonly number[] {
    const { series } = this;
    if (!series) throw new Error("seriesIds before beginSegment");
    return definitions.map((definition) => series.idOf(definition));
  }

  async beginSegment(_segment: number): Promise<void> {
    await this.begin();
    this.writer = await this.engine.bulkWriter(this.key!.originMs);
  }

  appendSamples(series: SeriesValues): Promise<void> | void {
    return this.openWriter().samples(series);
  }

  appendSummary(summary: MinuteSummary): Promise<void> | void {
    return this.openWriter().summary(summary);
  }

  appendInstants(timesMs: Float64Array): void {
    const { hostId, originMs } = this.key!;
    for (const timeMs of timesMs) {
      const offsetMs = Math.round(timeMs) - originMs;
      if (this.instants.has(offsetMs)) continue;
      this.instants.add(offsetMs);
      this.newInstants.push([hostId, offsetMs]);
    }
  }

  appendEvent({ timeMs, kind, text }: LoadEvent): void {
    const time = Math.round(timeMs);
    const identity = `${time}\0${kind}\0${text}`;
    if (this.events!.known.has(identity)) return;
    this.events!.known.add(identity);
    this.events!.rows.push([this.key!.hostId, this.recording.id, time, kind, text]);
  }

  async commitSegment(entry: LedgerEntry): Promise<void> {
    const fromMs = Math.round(entry.fromMs);
    const toMs = Math.round(entry.toMs);
    if (entry.samples > 0) await refuseOverlap(this.engine, this.recording, fromMs, toMs);
    const writer = this.openWriter();
    this.writer = undefined;
    await writer.finish();
    await this.series!.write();
    await this.writeEvents();
    const instants = this.newInstants;
    this.newInstants = [];
    if (instants.length > 0)
      await this.engine.insert("instant", ["host_id", "offset_ms"], instants);
    await this.engine.insert("load", LEDGER_COLUMNS, [
      [
        entry.recordingId,
        entry.segment,
        entry.firstBlock,
        entry.blocks,
        entry.samples,
        entry.values,
        entry.segmentBytes,
        fromMs,
        toMs,
        "committed",
        Date.now(),
      ],
    ]);
    await this.commit();
    this.ledger.push(entry);
  }

  async finish(command?: CommandResult, events: readonly LoadEvent[] = []): Promise<void> {
    await this.begin();
    for (const event of events) this.appendEvent(event);
    await this.writeEvents();
    if (command) await this.writeCommand(command);
    await this.commit();
    this.release();
  }

  async abort(): Promise<void> {
    try {
      this.writer?.abandon();
      this.writer = undefined;
      if (this.inTransaction) await this.engine.execute("ROLLBACK");
      this.inTransaction = false;
    } finally {
      this.release();
    }
  }

  private openWriter(): BulkWriter {
    if (!this.writer) throw new Error("no segment has begun");
    return this.writer;
  }

  /** Begins a transaction, and in the first one finds or makes the dimensions. */
  private async begin(): Promise<void> {
    await this.engine.execute("BEGIN TRANSACTION");
    this.inTransaction = true;
    if (this.key) return;
    this.key = await keysOf(this.engine, this.recording);
    this.series = new SeriesNumbers(this.engine, this.key.hostId);
    await this.series.read();
    await this.readKnown(this.key.hostId);
  }

  private async commit(): Promise<void> {
    await this.engine.execute("COMMIT");
    this.inTransaction = false;
  }

  /** A segment that has grown is read again from its start: its events are not new. */
  private async readKnown(hostId: number): Promise<void> {
    const id = this.engine.dialect.parameter(1);
    const events = await this.engine.rows(
      `SELECT time_ms, kind, text FROM event WHERE recording_id = ${id}`,
      [this.recording.id],
    );
    const known = new Set(events.map((row) => `${row["time_ms"]}\0${row["kind"]}\0${row["text"]}`));
    this.events = { known, rows: [] };
    const instants = await this.engine.rows(
      `SELECT offset_ms FROM instant WHERE host_id = ${integer(hostId)}`,
    );
    for (const row of instants) this.instants.add(Number(row["offset_ms"]));
  }

  private async writeEvents(): Promise<void> {
    const { rows } = this.events!;
    this.events!.rows = [];
    const columns = ["host_id", "recording_id", "time_ms", "kind", "text"];
    if (rows.length > 0) await this.engine.insert("event", columns, rows);
  }

  private async writeCommand(command: CommandResult): Promise<void> {
    const { dialect } = this.engine;
    await this.engine.rows(
      `UPDATE recording SET program = ${dialect.parameter(1)},
         command_started_ms = ${integer(Math.round(command.startedMs))},
         command_seconds = ${decimal(command.durationSeconds)},
         exit_code = ${integer(command.exitCode)},
         signal = nullif(${dialect.parameter(2)}, '')
       WHERE recording_id = ${dialect.parameter(3)}`,
      [command.program, command.signal ?? "", this.recording.id],
    );
  }
}

const LEDGER_COLUMNS = [
  "recording_id",
  "segment",
  "first_block",
  "blocks",
  "samples",
  "value_count",
  "segment_bytes",
  "from_ms",
  "to_ms",
  "state",
  "loaded_ms",
];

async function readLedger(engine: SqlEngine, recordingId: string): Promise<LedgerEntry[]> {
  const rows = await engine.rows(
    `SELECT segment, first_block, blocks, samples, value_count, segment_bytes, from_ms, to_ms
     FROM load WHERE recording_id = ${engine.dialect.parameter(1)} AND state = 'committed'
     ORDER BY segment, first_block, loaded_ms`,
    [recordingId],
  );
  return rows.map((row) => ({
    recordingId,
    segment: Number(row["segment"]),
    firstBlock: Number(row["first_block"]),
    blocks: Number(row["blocks"]),
    samples: Number(row["samples"]),
    values: Number(row["value_count"]),
    segmentBytes: Number(row["segment_bytes"]),
    fromMs: Number(row["from_ms"]),
    toMs: Number(row["to_ms"]),
  }));
}
