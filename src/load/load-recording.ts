/** Loads a recording into a store: whatever of it the store does not have yet. */
import type { Recording, SegmentFile } from "../recording/recording.ts";
import type { LedgerEntry, LoadSession, Store } from "../store/store.ts";
import { ChunkLoader } from "./chunk-loader.ts";
import { ReadAhead } from "./read-ahead.ts";

export interface LoadProgress {
  /** Of the recording's bytes, 0 to 1. */
  readonly fraction: number;
  readonly values: number;
}

export interface LoadOptions {
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Shared by loads that follow each other, so that the next one is read during a commit. */
  readonly reader?: ReadAhead;
}

export interface LoadResult {
  readonly recordingId: string;
  readonly host: string;
  /** Segments of which something was added. */
  readonly segments: number;
  readonly samples: number;
  readonly values: number;
  /** Everything that could be loaded had been loaded before. */
  readonly alreadyLoaded: boolean;
  /** One sentence per stretch that could not be read or was never written. */
  readonly lost: readonly string[];
}

/** Events that tell of samples which are missing. */
const LOSSES = new Set(["damage", "dropped", "cut"]);

/**
 * Can be repeated at any time: after a kill, or when the recording has grown, it adds exactly what is
 * missing. Segments are added one by one, each wholly or not at all; the one that is being recorded
 * is left for later.
 *
 * @throws UserError when the recording cannot be read, or another one claims the same host and time
 */
export async function loadRecording(
  store: Store,
  recording: Recording,
  options: LoadOptions = {},
): Promise<LoadResult> {
  const { manifest, inventory } = recording;
  const session = await store.beginLoad({ ...manifest, inventory });
  try {
    const totals = await loadSegments(session, recording, options);
    await session.finish(manifest.command, recording.events);
    const { id, host } = manifest;
    return { recordingId: id, host, ...totals, alreadyLoaded: totals.segments === 0 };
  } catch (error) {
    await session.abort();
    throw error;
  }
}

async function loadSegments(
  session: LoadSession,
  recording: Recording,
  { onProgress, reader = new ReadAhead([recording]) }: LoadOptions,
) {
  const closed = recording.segments.filter((segment) => segment.closed);
  const totalBytes = closed.reduce((sum, { bytes }) => sum + bytes, 0);
  const totals = { segments: 0, samples: 0, values: 0, lost: [] as string[] };
  let doneBytes = 0;
  for (const segment of closed) {
    const before = session.ledger.filter((entry) => entry.segment === segment.number);
    if (!before.some(({ segmentBytes }) => segmentBytes >= segment.bytes)) {
      await loadSegment(session, recording, segment, reader, before, totals, (values) =>
        onProgress?.({
          fraction: Math.min(1, (doneBytes + segment.bytes / 2) / Math.max(1, totalBytes)),
          values: totals.values + values,
        }),
      );
    }
    doneBytes += segment.bytes;
    onProgress?.({ fraction: doneBytes / Math.max(1, totalBytes), values: totals.values });
  }
  return totals;
}

async function loadSegment(
  session: LoadSession,
  recording: Recording,
  segment: SegmentFile,
  reader: ReadAhead,
  before: readonly LedgerEntry[],
  totals: { segments: number; samples: number; values: number; lost: string[] },
  onChunk: (values: number) => void,
): Promise<void> {
  const loaded = before.reduce((sum, { samples }) => sum + samples, 0);
  const firstBlock = before.reduce(
    (next, entry) => Math.max(next, entry.firstBlock + entry.blocks),
    0,
  );
  await session.beginSegment(segment.number);
  const loader = new ChunkLoader(session);
  const lost: string[] = [];
  let seen = 0;
  let values = 0;
  let endBlock = firstBlock;
  let fromMs = Infinity;
  let toMs = -Infinity;
  for (const chunk of reader.chunks(recording, segment.number)) {
    const own = chunk.clock.timeMs.length - chunk.carried;
    const skip = Math.min(own, Math.max(0, loaded - seen));
    seen += own;
    endBlock = Math.max(endBlock, chunk.firstBlock + chunk.blocks);
    for (const event of chunk.events) {
      await session.appendEvent(event);
      if (LOSSES.has(event.kind)) lost.push(event.text);
    }
    if (skip === own) {
      chunk.release();
      continue;
    }
    fromMs = Math.min(fromMs, chunk.clock.timeMs[chunk.carried + skip]!);
    toMs = Math.max(toMs, chunk.clock.timeMs[chunk.clock.timeMs.length - 1]!);
    values += await loader.load(chunk, skip);
    chunk.release();
    onChunk(values);
  }
  const samples = Math.max(0, seen - loaded);
  const { manifest } = recording;
  const committed = session.commitSegment({
    recordingId: manifest.id,
    segment: segment.number,
    firstBlock,
    blocks: endBlock - firstBlock,
    samples,
    values,
    segmentBytes: segment.bytes,
    fromMs: samples > 0 ? fromMs : manifest.startedMs,
    toMs: samples > 0 ? toMs : manifest.startedMs,
  });
  reader.readOn();
  await committed;
  totals.segments++;
  totals.samples += samples;
  totals.values += values;
  totals.lost.push(...lost);
}
