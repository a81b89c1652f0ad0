/** `perfmon load`: recordings into a store, one line for each. */
import { loadRecording, type LoadResult } from "../../load/load-recording.ts";
import { ReadAhead } from "../../load/read-ahead.ts";
import type { Recording } from "../../recording/recording.ts";
import { openStore } from "../../store/open.ts";
import type { Store } from "../../store/store.ts";
import { UsageError, UserError } from "../../util/errors.ts";
import { formatDuration } from "../../util/quantity.ts";
import type { CliContext } from "../context.ts";
import { openInputs, type TextLogOptions } from "../inputs.ts";
import { grouped, jsonDocument } from "../output/numbers.ts";
import { startProgress } from "../output/progress.ts";
import { storeUrl } from "../store-option.ts";

interface LoadOptions extends Omit<TextLogOptions, "biasMinutes"> {
  readonly db?: string;
  readonly json?: true;
  readonly bias?: string;
}

export async function loadRecordings(
  paths: readonly string[],
  options: LoadOptions,
  context: CliContext,
): Promise<void> {
  const { db, json, bias, ...names } = options;
  const inputs = await openInputs(paths, context, {
    ...names,
    ...(bias === undefined ? undefined : { biasMinutes: parseBias(bias) }),
  });
  const url = storeUrl(db, context);
  try {
    await loadInto(url, inputs.recordings, json === true, context);
  } finally {
    inputs.close();
  }
}

async function loadInto(
  url: string,
  recordings: readonly Recording[],
  json: boolean,
  context: CliContext,
): Promise<void> {
  const store = await openStore(url, { mode: "write" });
  const results: LoadResult[] = [];
  const failures: { folder: string; message: string }[] = [];
  try {
    await loadAll(store, recordings, context, {
      onLoaded: (recording, result, elapsedMs) => {
        results.push(result);
        if (!json) context.stdout.write(`${summaryLine(recording, result, elapsedMs)}\n`);
      },
      // One recording that cannot be loaded does not keep the others out.
      onFailed: (recording, error) => {
        const folder = recording.manifest.imported?.files.join(", ") ?? recording.folder;
        failures.push({ folder, message: error.message });
        context.stderr.write(`perfmon: ${folder} was not loaded: ${error.message}\n`);
      },
    });
  } finally {
    await store.close();
  }
  if (json) context.stdout.write(jsonDocument({ store: url, loaded: results, failures }));
  if (failures.length > 0) context.exitCode = 1;
}

function parseBias(text: string): number {
  if (/^-?\d{1,4}$/.test(text)) return Number(text);
  throw new UsageError(
    `--bias ${text} is not a number of minutes.`,
    "Write UTC minus local time: 240 for New York in summer, -60 for Berlin in winter.",
  );
}

export interface LoadCallbacks {
  readonly onLoaded?: (recording: Recording, result: LoadResult, elapsedMs: number) => void;
  /** Without it, the first failure is thrown. */
  readonly onFailed?: (recording: Recording, error: UserError) => void;
}

/** Loads one after the other, with one progress bar for all of them. */
export async function loadAll(
  store: Store,
  recordings: readonly Recording[],
  context: CliContext,
  { onLoaded, onFailed }: LoadCallbacks = {},
): Promise<void> {
  const sizes = recordings.map(({ segments }) => segments.reduce((sum, s) => sum + s.bytes, 0));
  const total = Math.max(
    1,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  const reader = new ReadAhead(recordings);
  let before = 0;
  for (const [i, recording] of recordings.entries()) {
    // A bar of its own for each: lines that are printed in between would break it.
    const progress = await startProgress(context, "Loading");
    const startedMs = performance.now();
    try {
      const result = await loadRecording(store, recording, {
        reader,
        onProgress: ({ fraction }) =>
          progress.update((before + fraction * sizes[i]!) / total, recording.manifest.host),
      });
      progress.stop();
      onLoaded?.(recording, result, performance.now() - startedMs);
    } catch (error) {
      progress.stop();
      if (!(error instanceof UserError) || !onFailed) throw error;
      onFailed(recording, error);
    }
    before += sizes[i]!;
  }
  reader.close();
}

function summaryLine(recording: Recording, result: LoadResult, elapsedMs: number): string {
  const { cluster, run, host } = recording.manifest;
  const name = `${cluster}/${run} ${host}`;
  const lost = result.lost.length > 0 ? `; lost: ${result.lost.join("; ")}` : "";
  if (result.values === 0 && result.alreadyLoaded) return `${name}: nothing new${lost}`;
  const open = recording.over ? "" : "; still recording, its open segment is left for later";
  return (
    `${name}: ${grouped(result.samples)} samples, ${grouped(result.values)} values ` +
    `in ${formatDuration(elapsedMs)}${lost}${open}`
  );
}
