/** Questions about runs that the dimensions and the ledger answer. */
import type {
  HostDescription,
  RunDescription,
  RunEvent,
  RunSelector,
} from "../../analysis/source.ts";
import { roundTo9Digits as round } from "../significant-digits.ts";
import type { RunSummary } from "../store.ts";
import { integer } from "./dialect.ts";
import type { SqlEngine, SqlRow } from "./engine.ts";
import { compareText, findRun, windowClause, type RunRow } from "./series-selection.ts";

export async function describeRun(
  engine: SqlEngine,
  selector: RunSelector,
): Promise<RunDescription> {
  const run = await findRun(engine, selector);
  const hosts = await hostsOf(engine, run, selector);
  // Hosts without a sample in the window say nothing of when the run was.
  const ranges = hosts.some(({ samples }) => samples > 0)
    ? hosts.filter(({ samples }) => samples > 0)
    : hosts;
  const command = await commandOf(engine, run, selector);
  return {
    cluster: selector.cluster,
    run: selector.run,
    fromMs: ranges.reduce((least, { fromMs }) => Math.min(least, fromMs), Infinity),
    toMs: ranges.reduce((most, { toMs }) => Math.max(most, toMs), -Infinity),
    ...(command ? { command } : {}),
    hosts,
    events: await eventsOf(engine, run, selector),
  };
}

async function hostsOf(
  engine: SqlEngine,
  { runId, originMs }: RunRow,
  selector: RunSelector,
): Promise<HostDescription[]> {
  const recordings = await engine.rows(
    `SELECT host.host_id, host.hostname, host.role, recording.interval_ms, recording.started_ms,
       recording.inventory, loaded.from_ms, loaded.to_ms
     FROM host
     JOIN recording ON recording.host_id = host.host_id
     LEFT JOIN (SELECT recording_id, min(from_ms) AS from_ms, max(to_ms) AS to_ms
                FROM load WHERE samples > 0 GROUP BY recording_id) loaded
       ON loaded.recording_id = recording.recording_id
     WHERE host.run_id = ${integer(runId)}
     ORDER BY host.host_id, recording.started_ms, recording.recording_id`,
  );
  const counted = await engine.rows(
    `SELECT host_id, count(*) AS samples, max(offset_ms) AS last_ms,
       min(offset_ms) AS first_ms
     FROM instant
     WHERE host_id IN (SELECT host_id FROM host WHERE run_id = ${integer(runId)})
       ${windowClause("offset_ms", originMs, selector)}
     GROUP BY host_id`,
  );
  const instants = new Map(counted.map((row) => [Number(row["host_id"]), row]));
  const byHost = new Map<number, SqlRow[]>();
  for (const row of recordings) {
    const id = Number(row["host_id"]);
    byHost.set(id, [...(byHost.get(id) ?? []), row]);
  }
  return [...byHost]
    .map(([id, rows]) => hostDescription(id, rows, instants.get(id), originMs, selector))
    .sort((a, b) => compareText(a.name, b.name));
}

/** Several recordings of a host in one run: the latest one tells what the host is. */
function hostDescription(
  id: number,
  recordings: readonly SqlRow[],
  instants: SqlRow | undefined,
  originMs: number,
  { fromMs: windowFromMs = -Infinity, toMs: windowToMs = Infinity }: RunSelector,
): HostDescription {
  const latest = recordings[recordings.length - 1]!;
  const times = recordings.filter((row) => row["from_ms"] !== null);
  const startedMs = Number(recordings[0]!["started_ms"]);
  const firstMs =
    times.length > 0 ? Math.min(...times.map((row) => Number(row["from_ms"]))) : startedMs;
  const lastMs =
    times.length > 0 ? Math.max(...times.map((row) => Number(row["to_ms"]))) : startedMs;
  const narrowed = windowFromMs > firstMs || windowToMs < lastMs;
  // The sample at which the window opens starts the first interval inside it.
  const fromMs = Math.max(firstMs, windowFromMs);
  const toMs = narrowed && instants ? originMs + Number(instants["last_ms"]) : lastMs;
  return {
    id,
    name: String(latest["hostname"]),
    role: String(latest["role"]),
    intervalMs: Number(latest["interval_ms"]),
    inventory: JSON.parse(String(latest["inventory"])) as Record<string, unknown>,
    fromMs: Math.min(fromMs, Math.max(firstMs, toMs)),
    toMs: Math.max(toMs, Math.min(fromMs, lastMs)),
    samples: Number(instants?.["samples"] ?? 0),
  };
}

/** A window that cuts the command's time has no command: its duration would not be the window's. */
async function commandOf(
  engine: SqlEngine,
  { runId }: RunRow,
  { fromMs = -Infinity, toMs = Infinity }: RunSelector,
) {
  const [row] = await engine.rows(
    `SELECT recording.program, recording.command_started_ms, recording.command_seconds,
       recording.exit_code
     FROM recording JOIN host ON host.host_id = recording.host_id
     WHERE host.run_id = ${integer(runId)} AND recording.program IS NOT NULL
     ORDER BY recording.command_seconds DESC, host.hostname, recording.recording_id LIMIT 1`,
  );
  if (!row) return undefined;
  const startedMs = Number(row["command_started_ms"]);
  const durationSeconds = Number(row["command_seconds"]);
  if (startedMs < fromMs || startedMs + durationSeconds * 1000 > toMs) return undefined;
  return {
    program: String(row["program"]),
    durationSeconds: round(durationSeconds),
    exitCode: Number(row["exit_code"]),
  };
}

async function eventsOf(
  engine: SqlEngine,
  { runId }: RunRow,
  selector: RunSelector,
): Promise<RunEvent[]> {
  const rows = await engine.rows(
    `SELECT host.hostname, event.time_ms, event.kind, event.text
     FROM event JOIN host ON host.host_id = event.host_id
     WHERE host.run_id = ${integer(runId)}${windowClause("event.time_ms", 0, selector)}`,
  );
  return rows
    .map((row) => ({
      host: String(row["hostname"]),
      timeMs: Number(row["time_ms"]),
      kind: String(row["kind"]),
      text: String(row["text"]),
    }))
    .sort(
      (a, b) =>
        a.timeMs - b.timeMs ||
        compareText(a.host, b.host) ||
        compareText(a.kind, b.kind) ||
        compareText(a.text, b.text),
    );
}

export async function listRuns(engine: SqlEngine): Promise<RunSummary[]> {
  const rows = await engine.rows(
    `SELECT run.cluster, run.run, run.origin_ms, known.hosts, known.command_seconds,
       loaded.from_ms, loaded.to_ms, loaded.value_count, counted.series
     FROM run
     JOIN (SELECT host.run_id, count(DISTINCT host.host_id) AS hosts,
             max(recording.command_seconds) AS command_seconds
           FROM host JOIN recording ON recording.host_id = host.host_id
           GROUP BY host.run_id) known ON known.run_id = run.run_id
     LEFT JOIN (SELECT host.run_id, min(CASE WHEN load.samples > 0 THEN load.from_ms END) AS from_ms,
                  max(CASE WHEN load.samples > 0 THEN load.to_ms END) AS to_ms,
                  sum(load.value_count) AS value_count
                FROM host
                JOIN recording ON recording.host_id = host.host_id
                JOIN load ON load.recording_id = recording.recording_id
                GROUP BY host.run_id) loaded ON loaded.run_id = run.run_id
     LEFT JOIN (SELECT host.run_id, count(*) AS series
                FROM series
                JOIN host ON host.host_id = series.host_id
                WHERE series.series_id IN (SELECT series_id FROM series_summary)
                GROUP BY host.run_id) counted ON counted.run_id = run.run_id`,
  );
  return rows
    .map((row) => ({
      cluster: String(row["cluster"]),
      run: String(row["run"]),
      hosts: Number(row["hosts"]),
      fromMs: Number(row["from_ms"] ?? row["origin_ms"]),
      toMs: Number(row["to_ms"] ?? row["origin_ms"]),
      series: Number(row["series"] ?? 0),
      values: Number(row["value_count"] ?? 0),
      commandSeconds:
        row["command_seconds"] === null ? null : round(Number(row["command_seconds"])),
    }))
    .sort((a, b) => compareText(a.cluster, b.cluster) || compareText(a.run, b.run));
}
