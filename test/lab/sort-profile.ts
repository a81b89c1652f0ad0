import { createHash } from "node:crypto";
import { performance } from "node:perf_hooks";

/** What the lab's job consists of; `job/sort-job.cjs` reads it as JSON. */
export interface SortProfile {
  /** Chunks of its input that a node has on its disk, and their size. */
  readonly inputChunks: number;
  readonly chunkKib: number;
  readonly rounds: number;
  readonly chunksPerRound: number;
  /** Chunks that are worked on at a time. */
  readonly lanes: number;
  /** Chunks are read here and there, again and again: what a page cache is for. */
  readonly randomReads: boolean;
  /** CPU time for what was read, and for what is written, per MiB; on a CPU that all of it is for. */
  readonly mapMsPerMib: number;
  readonly reduceMsPerMib: number;
  /** Memory of the job's own, and how many of its pages each chunk touches. */
  readonly heapMib: number;
  readonly touchesPerChunk: number;
  /** Time that the one lock of the job is held for each chunk; 0 for none. */
  readonly lockMs: number;
  /** Time that nothing is done for each chunk. */
  readonly pauseMs: number;
  /** Records go to the node that owns their key; else each node sorts what it has read. */
  readonly exchange: boolean;
  readonly writeKib: number;
  /** Every write waits for the disk, as a log does. */
  readonly syncEachWrite: boolean;
}

/** A little of everything, by two tasks at a time. */
export const MIXED: SortProfile = {
  inputChunks: 128,
  chunkKib: 256,
  rounds: 18,
  chunksPerRound: 16,
  lanes: 2,
  randomReads: false,
  mapMsPerMib: 110,
  reduceMsPerMib: 30,
  heapMib: 16,
  touchesPerChunk: 20,
  lockMs: 0,
  pauseMs: 0,
  exchange: true,
  writeKib: 512,
  syncEachWrite: true,
};

/** The same, in many small exchanges. */
export const CHATTY: SortProfile = { ...MIXED, chunkKib: 128, chunksPerRound: 32 };

/**
 * What one of this machine's CPUs hashes, KiB/ms: processors differ tenfold in it, and the job is to
 * take about as long on each.
 */
export function hashingSpeed(): number {
  const block = Buffer.alloc(2 ** 20);
  const measure = () => {
    const before = performance.now();
    const hash = createHash("sha256");
    for (let i = 0; i < 64; i++) hash.update(block);
    hash.digest();
    return (64 * 1024) / (performance.now() - before);
  };
  // The fastest of some: what else the machine does makes it slower, never faster.
  return Math.round(Math.max(...Array.from({ length: 5 }, measure)));
}
