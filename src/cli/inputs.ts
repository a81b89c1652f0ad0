/**
 * What people name on the command line as recordings: folders, and text logs of Performance Monitor,
 * which become recordings in a temporary folder.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { checkName } from "../agent/options.ts";
import { importPdh, type PdhImportOptions } from "../formats/pdh/import-pdh.ts";
import { textSegmentNumber } from "../formats/pdh/pdh-log.ts";
import { findRecordings, openRecording, type Recording } from "../recording/recording.ts";
import { UsageError } from "../util/errors.ts";
import type { CliContext } from "./context.ts";
import { startProgress } from "./output/progress.ts";

/** How text logs are to be read, and called: they say little of themselves. */
export interface TextLogOptions {
  readonly cluster?: string;
  /** The file's name when left out. */
  readonly run?: string;
  readonly host?: string;
  readonly role?: string;
  readonly biasMinutes?: number;
  readonly encoding?: string;
}

export interface Inputs {
  readonly recordings: readonly Recording[];
  /** Takes away what was made for the time being. */
  close(): void;
}

/** @throws UserError when a path is not there, or is no recording */
export async function openInputs(
  paths: readonly string[],
  context: CliContext,
  options: TextLogOptions = {},
): Promise<Inputs> {
  const given = Object.keys(options);
  if (given.length > 0 && !paths.some(isTextLog)) {
    throw new UsageError(
      `--${given[0]} is for text logs (FILE.csv, FILE.tsv): a recording knows what it is.`,
      "Leave the option out, or name it when recording: perfmon record --cluster, --run, ...",
    );
  }
  const folders = paths.filter((path) => !isTextLog(path));
  const found = folders.length > 0 ? findRecordings(folders) : [];
  const temporary = new TemporaryRecordings(context);
  try {
    const recordings: Recording[] = [];
    for (const recording of found) {
      const files = textSegments(recording);
      if (files.length === 0) recordings.push(recording);
      else recordings.push(...(await temporary.make(files, fromManifest(recording))));
    }
    for (const path of paths.filter(isTextLog)) {
      recordings.push(...(await temporary.make([path], fromOptions(path, options))));
    }
    return { recordings, close: () => temporary.remove() };
  } catch (error) {
    temporary.remove();
    throw error;
  }
}

function isTextLog(path: string): boolean {
  const named = /^\.[ct]sv$/i.test(extname(path));
  return named && !(existsSync(path) && statSync(path).isDirectory());
}

function textSegments({ folder, segments }: Recording): string[] {
  if (segments.length > 0) return [];
  return readdirSync(folder)
    .filter((name) => textSegmentNumber(name) !== undefined)
    .sort()
    .map((name) => join(folder, name));
}

function fromManifest({ manifest, inventory }: Recording): PdhImportOptions {
  const { id, cluster, run, host, role, intervalMs, timeZone, command } = manifest;
  return {
    id,
    cluster,
    run,
    host,
    role,
    intervalMs,
    timeZone,
    inventory,
    ...(command ? { command } : undefined),
  };
}

function fromOptions(path: string, options: TextLogOptions): PdhImportOptions {
  const { cluster = "local", role = "worker", host, ...rest } = options;
  const file = basename(path, extname(path)).replace(/[\s/@\\*]+/g, "_");
  return {
    ...rest,
    cluster: checkName(cluster, "cluster"),
    role: checkName(role, "role"),
    run: checkName(options.run ?? file, "run"),
    ...(host === undefined ? undefined : { host: checkName(host, "host") }),
  };
}

class TemporaryRecordings {
  private readonly context: CliContext;
  private folder: string | undefined;
  private made = 0;

  constructor(context: CliContext) {
    this.context = context;
  }

  async make(files: readonly string[], options: PdhImportOptions): Promise<Recording[]> {
    if (this.folder === undefined) {
      this.folder = mkdtempSync(join(tmpdir(), "perfmon-text-"));
      // Also when the process is ended in between.
      process.once("exit", this.remove);
    }
    const progress = await startProgress(this.context, "Reading");
    try {
      const onProgress = (fraction: number) => progress.update(fraction, basename(files[0]!));
      const below = join(this.folder, String(++this.made));
      return (await importPdh(files, below, { ...options, onProgress })).map(openRecording);
    } finally {
      progress.stop();
    }
  }

  readonly remove = (): void => {
    if (this.folder === undefined) return;
    rmSync(this.folder, { recursive: true, force: true });
    process.off("exit", this.remove);
    this.folder = undefined;
  };
}
