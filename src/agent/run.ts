/** `perfmon record`, from arguments to exit code. */
import type { Collector } from "../collectors/collector.ts";
import { collectors as allCollectors } from "../collectors/all.ts";
import { globMatcher } from "../counter/path.ts";
import type { CommandResult } from "../counter/recording-identity.ts";
import { FileGoneError } from "../log/append-file.ts";
import type { LogWriterOptions } from "../log/log-writer.ts";
import type { SampleLog } from "../log/sample-log.ts";
import { writeManifest } from "../recording/manifest.ts";
import { cannotWrite } from "../recording/new-folder.ts";
import { EXIT, UsageError, UserError } from "../util/errors.ts";
import { formatDuration, formatSize } from "../util/quantity.ts";
import { startCommand, type RunningCommand } from "./command.ts";
import { hostContext } from "./host-context.ts";
import { parseRecordOptions, recordHelp, type RecordOptions } from "./options.ts";
import { Recorder, type RecorderOptions } from "./recorder.ts";
import type { RunningRecorder, SourceOpener } from "./running-recorder.ts";
import { Watchdog, type WatchdogLimits } from "./watchdog.ts";
import { createRecording, discardRecording, type NewRecording } from "./recording-folder.ts";

/** Where it writes to, and what ends it; the process itself outside tests. */
export interface AgentSurroundings {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Calls back for SIGINT, SIGTERM and SIGHUP; returns a function that takes the handler away. */
  readonly onSignal: (handler: (signal: NodeJS.Signals) => void) => () => void;
  /** The terminal sends its signals to the command by itself. */
  readonly interactive: boolean;
  /** Everything is open; the first sample comes next. */
  readonly onOpened?: () => void;
  /** What `--format` can name beside the counter log: the installed program has some. */
  readonly formats?: Readonly<Record<string, (options: LogWriterOptions) => SampleLog>>;
  /**
   * What `--source` can name beside the kernel; each looks at the names from `--tools` before anything
   * is made.
   */
  readonly sources?: Readonly<Record<string, (tools: readonly string[]) => SourceOpener>>;
}

/** @returns the exit code. Errors that a person caused are told on `err`, others are thrown. */
export async function runAgent(argv: readonly string[], io: AgentSurroundings): Promise<number> {
  try {
    const options = parseRecordOptions(argv);
    if (options === "help") {
      io.out(recordHelp());
      return EXIT.done;
    }
    return await record(options, io);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    io.err(`perfmon: ${error.message}\n`);
    return error.exitCode;
  }
}

async function record(options: RecordOptions, io: AgentSurroundings): Promise<number> {
  const collectors = chooseCollectors(options.objects);
  const openLog = chooseFormat(options.format, io);
  const openSource = chooseSource(options, io);
  const recording = createRecording(options);
  const { folder, manifest } = recording;
  const ending = new Ending();
  let failure: UserError | undefined;
  const onFailure = (error: Error) => {
    failure = cannotWrite(folder, error instanceof FileGoneError ? gone(error) : error);
    if (options.command.length > 0) io.err(`perfmon: ${failure.message}\n`);
    ending.end();
  };
  const recorder = openSource
    ? openSource({
        folder,
        manifest,
        intervalMs: options.intervalMs,
        segments: segmentsOf(options),
        ...(openLog ? { openLog } : undefined),
        onFailure,
        onOver: () => {
          failure ??= new UserError(
            "None of the tools runs any more.",
            "Install them, name others with --tools, or record without --source.",
          );
          ending.end();
        },
        tell: (text) => io.err(`perfmon: ${text}.\n`),
      })
    : openRecorder(options, recording, collectors, openLog, onFailure);
  // Before anything can be seen of the recording or the command: whoever sees it may send a signal.
  let command: RunningCommand | undefined;
  const early: NodeJS.Signals[] = [];
  const release = io.onSignal((signal) => {
    if (options.command.length === 0) ending.end();
    else if (!command) early.push(signal);
    else if (!io.interactive || signal !== "SIGINT") command.signal(signal);
  });
  const watchdog = new Watchdog({
    folder,
    ...limitsOf(options),
    onLimit: (reason) => ending.end(reason),
  });
  io.onOpened?.();
  // Not where a limit is reached already: nobody would see that it has ended at once.
  if (!ending.isReached) recorder.start(options.atMs);
  tellStart(options, recording, recorder, io);
  if (options.command.length > 0) {
    command = await startCommand(options.command);
    for (const signal of early) command.signal(signal);
  }
  const result = await outcome(command, recorder, ending).catch((error: unknown) => {
    release();
    watchdog.stop();
    discardRecording(folder);
    throw error;
  });
  watchdog.stop();
  await recorder.stop();
  const finished = {
    ...manifest,
    finishedMs: Date.now(),
    ...(result ? { command: result } : undefined),
    ...(ending.reason === undefined ? undefined : { ended: ending.reason }),
  };
  try {
    if (!failure) writeManifest(folder, finished);
  } catch (error) {
    failure = cannotWrite(folder, error);
  }
  release();
  // A recording that was cut short must not cut the command short.
  const exitCode = command ? (result ?? (await command.result)).exitCode : EXIT.done;
  if (failure) {
    io.err(`perfmon: ${failure.message}\n${kept(recorder, folder)}\n`);
    return exitCode === EXIT.done ? EXIT.failed : exitCode;
  }
  tellEnd(options, recording, recorder, ending.reason, io);
  return exitCode;
}

/** Something that happens once. */
class Ending {
  readonly reached: Promise<undefined>;
  /** Which limit was reached, if it was one. */
  reason: string | undefined;
  isReached = false;
  private resolve: (() => void) | undefined;

  constructor() {
    this.reached = new Promise((resolve) => {
      this.resolve = () => resolve(undefined);
    });
  }

  end(reason?: string): void {
    if (!this.isReached) this.reason = reason;
    this.isReached = true;
    this.resolve?.();
  }
}

/** Waits for the command or the ending, whichever is first; the command's result if it was. */
async function outcome(
  command: RunningCommand | undefined,
  recorder: RunningRecorder,
  ending: Ending,
): Promise<CommandResult | undefined> {
  if (!command) return ending.reached;
  try {
    recorder.event("command-start", "");
    const result = await Promise.race([command.result, ending.reached]);
    if (result) recorder.event("command-end", `exit code ${result.exitCode}`);
    return result;
  } catch (error) {
    await recorder.stop();
    throw error;
  }
}

function openRecorder(
  options: RecordOptions,
  { folder, manifest }: NewRecording,
  collectors: readonly Collector[],
  openLog: RecorderOptions["openLog"],
  onFailure: (error: Error) => void,
): Recorder {
  const { id, host, cluster, run, role, intervalMs } = manifest;
  const { allDevices, maxControlGroups, pss } = options;
  try {
    return new Recorder({
      folder,
      recording: { id, host, cluster, run, role, intervalMs },
      collectors,
      host: (agent) => hostContext({ allBlockDevices: allDevices, maxControlGroups, pss }, agent),
      ...segmentsOf(options),
      ...(openLog ? { openLog } : undefined),
      onFailure,
    });
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

function chooseFormat(
  format: string,
  { formats = {} }: AgentSurroundings,
): RecorderOptions["openLog"] {
  if (format === "log") return undefined;
  const openLog = formats[format];
  if (openLog) return openLog;
  const names = ["log", ...Object.keys(formats)].join(", ");
  throw new UsageError(`There is no format "${format}" here.`, `There are: ${names}.`);
}

function segmentsOf({ segmentBytes, segmentMs, keepSegments }: RecordOptions) {
  return { segmentBytes, segmentMs, keepSegments };
}

/** The time counts from the first sample on. */
function limitsOf({ forMs, atMs, maxBytes, minFreeBytes }: RecordOptions): WatchdogLimits {
  const waitMs = atMs === undefined ? 0 : Math.max(0, atMs - Date.now());
  return {
    ...(forMs === undefined ? undefined : { forMs: forMs + waitMs }),
    ...(maxBytes === undefined ? undefined : { maxBytes }),
    ...(minFreeBytes === undefined ? undefined : { minFreeBytes }),
  };
}

function chooseSource(
  { source, tools, objects, atMs }: RecordOptions,
  { sources = {} }: AgentSurroundings,
): SourceOpener | undefined {
  if (source === "kernel") {
    if (tools.length === 0) return undefined;
    throw new UsageError("--tools is for --source tools.", "Add --source tools.");
  }
  const choose = sources[source];
  if (!choose) {
    const names = ["kernel", ...Object.keys(sources)].join(", ");
    throw new UsageError(`There is no source "${source}" here.`, `There are: ${names}.`);
  }
  if (atMs !== undefined) {
    throw new UsageError("--at is for the kernel's counters.", "Leave out --at or --source.");
  }
  if (objects.length === 0) return choose(tools);
  throw new UsageError("--objects is for the kernel's counters.", "Name tools with --tools.");
}

function chooseCollectors(objects: readonly string[]): readonly Collector[] {
  if (objects.length === 0) return allCollectors;
  const chosen = new Set<Collector>();
  for (const object of objects) {
    const matches = globMatcher(object);
    const found = allCollectors.filter((collector) => matches(collector.object.name));
    if (found.length === 0) {
      const names = allCollectors.map((collector) => collector.object.name).join(", ");
      throw new UsageError(`There is no counter object ${object}.`, `There are: ${names}.`);
    }
    for (const collector of found) chosen.add(collector);
  }
  return allCollectors.filter((collector) => chosen.has(collector));
}

function gone(error: FileGoneError): Error {
  return Object.assign(new Error(error.message), { code: "ENOENT" });
}

function kept({ samples }: RunningRecorder, folder: string): string {
  return `The ${samples} samples until then are in ${folder}, and can be loaded.`;
}

function tellStart(
  options: RecordOptions,
  { folder, manifest }: NewRecording,
  recorder: RunningRecorder,
  io: AgentSurroundings,
): void {
  if (options.quiet) return;
  const end = options.command.length > 0 ? "" : " Ctrl-C stops.";
  io.err(
    `Recording ${manifest.host} as ${manifest.cluster}/${manifest.run} into ${folder}: ` +
      `${recorder.what} every ${formatDuration(options.intervalMs)}.${end}\n`,
  );
  if (!(recorder instanceof Recorder)) return;
  for (const { object, error } of recorder.failures) {
    io.err(`perfmon: ${object} is not recorded: ${error.message}\n`);
  }
}

function tellEnd(
  options: RecordOptions,
  { folder, manifest }: NewRecording,
  recorder: RunningRecorder,
  reason: string | undefined,
  io: AgentSurroundings,
): void {
  if (options.quiet) return;
  const { samples, droppedSamples, writtenBytes } = recorder;
  const dropped = droppedSamples > 0 ? `, ${droppedSamples} dropped because the disk stalled` : "";
  const duration = formatDuration(Date.now() - manifest.startedMs);
  if (reason !== undefined) io.err(`Stopped: ${reason}.\n`);
  io.err(
    `Recorded ${samples} samples${dropped} in ${duration}, ${formatSize(writtenBytes)}.\n` +
      `Next: perfmon load ${folder}\n`,
  );
}
