/** Makes one recording of the text that tools printed on one host during one capture. */
import { existsSync } from "node:fs";
import { UserError } from "../../util/errors.ts";
import { CookedRecording, type CookedTotals } from "../cooked/cooked-recording.ts";
import { stableId } from "../cooked/stable-id.ts";
import { type CellTally, emptyTally } from "./report-values.ts";
import { scanFile, type Scan } from "./scan.ts";
import { localOfUtc, type TimeZone } from "./time-zone.ts";
import { fileValues } from "./timed-values.ts";
import {
  gridTimeline,
  printedTimeline,
  wholeTimeline,
  type Capture,
  type TimeOptions,
  type Timeline,
} from "./timeline.ts";
import { openToolFile } from "./tool-file.ts";
import { ToolRecording, type MergeTally, type TimedValues } from "./tool-recording.ts";

export interface ToolImportOptions {
  /** Folder of the recording; made of host and run when left out. */
  readonly folder?: string;
  readonly cluster: string;
  readonly run: string;
  readonly role: string;
  /** In place of the host that the text names. */
  readonly host?: string;
  readonly zone: TimeZone;
  readonly startMs?: number;
  readonly intervalMs?: number;
  /** Id of the tool that all files are of. */
  readonly tool?: string;
  readonly encoding?: string;
  readonly onProgress?: (fraction: number, text: string) => void;
}

/** What was made of one file. */
export interface ImportedFile {
  readonly name: string;
  readonly tool: string;
  readonly reports: number;
  /** Left out: averages since boot, and over the whole run. */
  readonly sinceBoot: number;
  readonly summaries: number;
  readonly cells: CellTally;
  readonly unknown: Scan["unknown"];
}

export interface ToolImport {
  readonly folder: string;
  readonly host: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalMs: number;
  readonly files: readonly ImportedFile[];
  readonly totals: CookedTotals & MergeTally;
  /** What was assumed. */
  readonly notes: readonly string[];
}

/** Lines of a file that tell it from others: a file may grow. */
const IDENTITY_LINES = 16;

/**
 * @param paths files of one host; those of one moment become one sample
 * @throws UserError when a file is no tool's text, its times are not known, or it has no measurement
 */
export async function importTools(
  paths: readonly string[],
  options: ToolImportOptions,
): Promise<ToolImport> {
  const scans: Scan[] = [];
  const progress = new Progress(options);
  for (const path of paths) {
    const { tool: forced, encoding } = options;
    const file = await openToolFile(path, {
      ...(forced === undefined ? undefined : { forced }),
      ...(encoding === undefined ? undefined : { encoding }),
    });
    progress.totalBytes += 2 * file.sizeBytes;
    scans.push(await scanFile(file, (bytes) => progress.add(bytes, file.name)));
  }
  const notes: string[] = [];
  const usable = scans.filter((scan) => isUsable(scan, notes));
  if (usable.length === 0) throw nothingUsable(scans);
  const host = options.host ?? hostOf(scans, notes);
  const timelines = timelinesOf(usable, options);
  notes.push(...timelines.flatMap((timeline) => timeline.notes));
  tellZone(usable, options.zone, notes);
  const intervalMs = Math.min(...timelines.map((timeline) => timeline.intervalMs));
  const recording = new CookedRecording(options.folder ?? folderFor(host, options), {
    identity: {
      id: idOf(host, scans, options),
      host,
      cluster: options.cluster,
      run: options.run,
      role: options.role,
    },
    source: {
      format: [...new Set(scans.map(({ file }) => file.tool.id))].join("+"),
      files: scans.map(({ file }) => file.name),
    },
    intervalMs,
    timeZone: options.zone.name,
    inventory: inventoryOf(scans),
    markSpan: true,
  });
  const merged = new ToolRecording(recording, intervalMs / 2);
  const files = usable.map((scan, i) =>
    fileValues(i, scan, timelines[i]!, (bytes) => progress.add(bytes, scan.file.name)),
  );
  try {
    const sources = files.map((file) => file.values);
    // With one file there is nobody to step in.
    const onNext = (next: TimedValues) => (sources.length > 1 ? merged.expect(next) : undefined);
    for await (const values of inOrder(sources, onNext)) {
      await merged.add(values);
    }
    await merged.flush();
    const fromMs = recording.startedMs;
    const totals = await recording.finish();
    if (totals.values === 0) throw nothingUsable(scans);
    return {
      folder: recording.folder,
      host,
      fromMs,
      toMs: recording.endedMs,
      intervalMs,
      files: scans.map((scan) => summaryOf(scan, files[usable.indexOf(scan)]?.tally)),
      totals: { ...totals, ...merged.tally },
      notes,
    };
  } catch (error) {
    await recording.abandon();
    throw error;
  }
}

class Progress {
  totalBytes = 0;
  private readBytes = 0;
  private readonly options: ToolImportOptions;

  constructor(options: ToolImportOptions) {
    this.options = options;
  }

  add(bytes: number, text: string): void {
    this.readBytes += bytes;
    this.options.onProgress?.(this.readBytes / Math.max(1, this.totalBytes), text);
  }
}

/** A run of `iostat` without an interval tells of the time since boot only, however often it is run. */
function isUsable({ file, stamps }: Scan, notes: string[]): boolean {
  if (stamps.some(({ sinceBoot }) => !sinceBoot)) return true;
  if (stamps.length > 0) {
    notes.push(
      `${file.name} is left out: it holds nothing but averages since boot, which tell nothing of the capture`,
    );
  }
  return false;
}

function nothingUsable(scans: readonly Scan[]): UserError {
  const names = scans.map(({ file }) => file.path).join(", ");
  const [{ file }] = scans as [Scan];
  const some = scans.find(({ stamps }) => stamps.length > 0);
  return some
    ? new UserError(
        `${names} holds nothing but averages since boot, which tell nothing of the capture.`,
        `Let the tool run with an interval, not again and again: ${some.file.tool.id} 1.`,
      )
    : new UserError(
        `${names} holds no whole report of ${file.tool.id}.`,
        "Was it stopped before its first one?",
      );
}

function hostOf(scans: readonly Scan[], notes: string[]): string {
  const hosts = new Map<string, string>();
  for (const { banner, file } of scans) {
    if (banner.host) hosts.set(hostName(banner.host), file.name);
  }
  const [first, second] = [...hosts];
  if (first && second) {
    throw new UserError(
      `${first[1]} is of ${first[0]}, and ${second[1]} of ${second[0]}: a recording is of one host.`,
      "Import each host's files by themselves, or name the host with --host.",
    );
  }
  if (first) return first[0];
  notes.push(`no file names its host: it is called "unknown"; --host names it`);
  return "unknown";
}

/** A file may come from anywhere: a name from it is not used as it is. */
function hostName(text: string): string {
  const name = text.replace(/[\s/@\\*]+/g, "_");
  return name === "" || /^\.+$/.test(name) ? "unknown" : name;
}

function folderFor(host: string, { run }: ToolImportOptions): string {
  const name = `perfmon-${host}-${run}`;
  if (!existsSync(name)) return name;
  throw new UserError(
    `${name} is there already.`,
    "Give another folder with -o, or another name of the run with --run.",
  );
}

/** Files that print times first: they tell those that print none when the capture was. */
function timelinesOf(scans: readonly Scan[], options: TimeOptions): Timeline[] {
  const printed = scans.map((scan) => printedTimeline(scan, options));
  const known = printed.filter((timeline) => timeline !== undefined);
  const intervals = known.flatMap(({ intervalMs }) => intervalMs ?? []);
  const capture: Capture | undefined =
    known.length === 0
      ? undefined
      : {
          startMs: Math.min(...known.map(({ times }) => times[0]!)),
          ...(intervals.length > 0 ? { intervalMs: Math.min(...intervals) } : undefined),
        };
  return scans.map((scan, i) => {
    const own = printed[i];
    return own ? wholeTimeline(scan, own, capture) : gridTimeline(scan, options, capture);
  });
}

function tellZone(scans: readonly Scan[], zone: TimeZone, notes: string[]): void {
  const isLocal = scans.some(({ stamps }) =>
    stamps.some((s) => !Number.isNaN(s.localSeconds) && s.offsetMinutes === undefined),
  );
  if (isLocal) notes.push(`times are taken to be of ${zone.name}; --timezone says otherwise`);
}

function idOf(host: string, scans: readonly Scan[], options: ToolImportOptions): string {
  const { cluster, run, role, startMs, intervalMs, zone } = options;
  const heads = scans.flatMap(({ file }) => [
    file.tool.id,
    file.head.slice(0, IDENTITY_LINES).join("\n"),
  ]);
  const time = `${startMs ?? ""} ${intervalMs ?? ""} ${localOfUtc(zone, 0)}`;
  return stableId(cluster, run, host, role, time, ...heads);
}

function inventoryOf(scans: readonly Scan[]): Record<string, unknown> {
  const kernel = scans.find(({ banner }) => banner.kernel)?.banner.kernel;
  const cpus = scans.find(({ banner }) => banner.cpus)?.banner.cpus;
  return {
    ...(kernel === undefined ? undefined : { kernel: { release: kernel } }),
    ...(cpus === undefined ? undefined : { cpu: { logicalCpus: cpus } }),
  };
}

/** The next of all files, by time. */
async function* inOrder(
  files: readonly AsyncGenerator<TimedValues>[],
  onNext: (values: TimedValues) => void,
): AsyncGenerator<TimedValues> {
  const take = async (file: AsyncGenerator<TimedValues>) => {
    const result = await file.next();
    if (!result.done) onNext(result.value);
    return result;
  };
  const next = await Promise.all(files.map(take));
  for (;;) {
    let first = -1;
    next.forEach((result, i) => {
      if (result.done) return;
      const other = next[first];
      if (!other || other.done || result.value.timeMs < other.value.timeMs) first = i;
    });
    const result = next[first];
    if (!result || result.done) return;
    yield result.value;
    next[first] = await take(files[first]!);
  }
}

function summaryOf(scan: Scan, cells = emptyTally()): ImportedFile {
  const { file, stamps, summaries, unknown } = scan;
  const sinceBoot = stamps.filter((stamp) => stamp.sinceBoot).length;
  const reports = stamps.length - sinceBoot;
  return { name: file.name, tool: file.tool.id, reports, sinceBoot, summaries, cells, unknown };
}
