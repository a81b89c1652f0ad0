/** Makes recordings of PDH text logs, one per host that their columns name. */
import { basename, join } from "node:path";
import type { CommandResult, RecordingIdentity } from "../../counter/recording-identity.ts";
import { gapLimitMs } from "../../recording/read-chunks.ts";
import { UsageError, UserError } from "../../util/errors.ts";
import { CookedRecording } from "../cooked/cooked-recording.ts";
import type { Series } from "../cooked/series.ts";
import { stableId } from "../cooked/stable-id.ts";
import { PdhReader, type PdhRow } from "./pdh-reader.ts";

export interface PdhImportOptions {
  readonly cluster: string;
  readonly run: string;
  readonly role: string;
  /** In place of the host that the columns name. */
  readonly host?: string;
  /** Minutes to add to the file's times for UTC, in place of what its first cell says. */
  readonly biasMinutes?: number;
  readonly encoding?: string;
  /** Of a recording in text form; else the id is made of the start of the first file. */
  readonly id?: string;
  readonly intervalMs?: number;
  readonly timeZone?: string;
  readonly inventory?: Readonly<Record<string, unknown>>;
  readonly command?: CommandResult;
  readonly onProgress?: (fraction: number) => void;
}

const HOUR_MS = 3_600_000;
/** Rows from which the usual distance of rows is taken. */
const FIRST_ROWS = 16;

/**
 * Writes the recordings into folders below `folder`.
 *
 * @param paths files that follow each other in time
 * @returns the folders
 * @throws UserError when a file is no PDH text log, or holds no values
 */
export async function importPdh(
  paths: readonly string[],
  folder: string,
  options: PdhImportOptions,
): Promise<string[]> {
  const hosts = new Map<string, HostImport>();
  try {
    for (const [i, path] of paths.entries()) {
      const reader = new PdhReader(path, options.encoding);
      try {
        await new FileImport(reader, hosts, paths, folder, options).run((fraction) =>
          options.onProgress?.((i + fraction) / paths.length),
        );
      } finally {
        reader.close();
      }
    }
    const folders = [];
    for (const host of hosts.values()) {
      const { values } = await host.recording.finish();
      if (values > 0) folders.push(host.recording.folder);
    }
    if (folders.length > 0) return folders;
  } catch (error) {
    for (const host of hosts.values()) await host.recording.abandon();
    throw error;
  }
  throw new UserError(
    `${paths.join(", ")} holds no values.`,
    "A log needs at least two rows: the first one only says when the first interval starts.",
  );
}

interface HostImport {
  readonly recording: CookedRecording;
  /** End of the last row that was taken, UTC. */
  lastMs: number;
}

interface Column {
  readonly position: number;
  readonly series: Series;
}

interface HostColumns {
  readonly host: HostImport;
  readonly columns: readonly Column[];
}

class FileImport {
  private readonly reader: PdhReader;
  private readonly hosts: Map<string, HostImport>;
  private readonly paths: readonly string[];
  private readonly folder: string;
  private readonly options: PdhImportOptions;
  /** To add to the times as written. */
  private shiftMs: number;
  private gapMs = Infinity;
  private usualMs = NaN;
  private outOfOrder = 0;

  constructor(
    reader: PdhReader,
    hosts: Map<string, HostImport>,
    paths: readonly string[],
    folder: string,
    options: PdhImportOptions,
  ) {
    this.reader = reader;
    this.hosts = hosts;
    this.paths = paths;
    this.folder = folder;
    this.options = options;
    this.shiftMs = (options.biasMinutes ?? reader.head.biasMinutes ?? 0) * 60_000;
  }

  async run(onProgress: (fraction: number) => void): Promise<void> {
    const rows = this.reader.rows();
    const first: PdhRow[] = [];
    // Not a `for`: leaving one ends what it goes through.
    while (first.length < FIRST_ROWS) {
      const next = rows.next();
      if (next.done) break;
      first.push({ ...next.value, values: next.value.values.slice() });
    }
    if (first.length === 0) return;
    this.usualMs = this.options.intervalMs ?? usualDistanceMs(first);
    this.gapMs = gapLimitMs(this.usualMs);
    const targets = this.targets(first[0]!.text);
    for (const row of first) await this.take(row, targets);
    for (const row of rows) {
      await this.take(row, targets);
      onProgress(row.fraction);
    }
    this.tell(targets);
  }

  /** Each host with its columns; a recording is begun for hosts that are new. */
  private targets(firstRow: string): HostColumns[] {
    const { head } = this.reader;
    const byHost = new Map<string, number[]>();
    head.columns.forEach((column, position) => {
      if (!column) return;
      const host = column.host.toLowerCase();
      byHost.set(host, [...(byHost.get(host) ?? []), position]);
    });
    if (byHost.size > 1 && this.options.host !== undefined) {
      throw new UsageError(
        `${this.reader.path} has columns of ${byHost.size} hosts: --host cannot name all of them.`,
        "Leave --host out; the hosts keep the names that they have in the file.",
      );
    }
    return [...byHost.values()].map((positions) => {
      const name = this.options.host ?? hostName(head.columns[positions[0]!]!.host);
      const host = this.hosts.get(name) ?? this.begin(name, firstRow);
      const columns = positions.map((position) => {
        const { host: _host, ...series } = head.columns[position]!;
        return { position, series: host.recording.series(series) };
      });
      return { host, columns };
    });
  }

  private begin(host: string, firstRow: string): HostImport {
    const { cluster, run, role, intervalMs, timeZone, inventory, command } = this.options;
    const { head } = this.reader;
    const names = { cluster, run, host, role };
    const identity: Omit<RecordingIdentity, "intervalMs"> = {
      ...names,
      id: this.options.id ?? stableId(cluster, run, host, role, head.text, firstRow),
    };
    const zone = timeZone ?? head.zone;
    const recording = new CookedRecording(join(this.folder, String(this.hosts.size + 1)), {
      identity,
      source: { format: `pdh-${head.format}`, files: this.paths.map((path) => basename(path)) },
      intervalMs: intervalMs ?? this.usualMs,
      ...(zone === undefined ? undefined : { timeZone: zone }),
      ...(inventory ? { inventory } : undefined),
      ...(command ? { command } : undefined),
    });
    const begun = { recording, lastMs: NaN };
    this.hosts.set(host, begun);
    return begun;
  }

  private async take({ localMs, values }: PdhRow, targets: readonly HostColumns[]): Promise<void> {
    for (const { host, columns } of targets) {
      const timeMs = this.timeOf(localMs, host);
      const { recording, lastMs } = host;
      const passedMs = timeMs - lastMs;
      const first = Number.isNaN(lastMs);
      const intervalMs =
        first && columns.some((column) => endsInterval(column, values))
          ? this.usualMs
          : passedMs <= this.gapMs
            ? passedMs
            : undefined;
      const taken = await recording.sample({ timeMs, intervalMs }, () => {
        for (const { position, series } of columns) recording.set(series, values[position]);
      });
      if (taken) host.lastMs = timeMs;
      else if (passedMs < 0) this.outOfOrder++;
    }
  }

  /** Times are local: in autumn the clock goes back by an hour, in the middle of a file. */
  private timeOf(localMs: number, { recording, lastMs }: HostImport): number {
    const timeMs = localMs + this.shiftMs;
    const later = timeMs + HOUR_MS - lastMs;
    if (!(timeMs <= lastMs) || !(later > 0 && later <= this.gapMs)) return timeMs;
    this.shiftMs += HOUR_MS;
    recording.event(timeMs + HOUR_MS, "clock-step", "the local clock went back by an hour");
    return timeMs + HOUR_MS;
  }

  private tell(targets: readonly HostColumns[]): void {
    const file = basename(this.reader.path);
    for (const { host } of targets) {
      const tell = (text: string) => host.recording.event(host.lastMs, "dropped", text);
      const { skippedLines } = this.reader;
      if (this.outOfOrder > 0) {
        tell(`${file}: ${this.outOfOrder} rows are earlier than the row before them`);
      }
      if (skippedLines > 0) tell(`${file}: ${skippedLines} lines are no rows`);
    }
  }
}

/** In a first row only counters that need no interval have values, unless rows before it were cut off. */
function endsInterval({ position, series }: Column, values: Float64Array): boolean {
  const { type } = series.object.counters[0]!;
  const value = values[position]!;
  return value === value && type !== "gauge" && type !== "elapsed" && type !== "fraction";
}

function usualDistanceMs(rows: readonly PdhRow[]): number {
  const distances = rows
    .slice(1)
    .map(({ localMs }, i) => localMs - rows[i]!.localMs)
    .filter((ms) => ms > 0)
    .sort((a, b) => a - b);
  return distances[Math.floor(distances.length / 2)] ?? 1000;
}

/** A file may come from anywhere: a name from it is not used as it is. */
function hostName(text: string): string {
  const name = text.replace(/[\s/@\\*]+/g, "_");
  return name === "" ? "unknown" : name;
}
