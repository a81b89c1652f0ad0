/**
 * A file that is only appended to, from a queue, off the calling thread: a disk that stalls stalls
 * the queue and not the sampling. At most one write and one fdatasync are under way.
 */
import { close, fdatasync, fstat, ftruncate, openSync, write } from "node:fs";

export interface AppendFileOptions {
  /** Least time between two fdatasyncs. */
  readonly syncIntervalMs: number;
  /** Called once, with the first error of a write or sync; the file takes nothing more then. */
  readonly onError: (error: Error) => void;
}

export class AppendFile {
  readonly path: string;
  /** Bytes handed over so far. */
  bytes = 0;
  private readonly fd: number;
  private readonly options: AppendFileOptions;
  private readonly queue: Buffer[] = [];
  /** Bytes of whole buffers that are in the kernel: what is kept when a write fails half-way. */
  private written = 0;
  private writing = false;
  private syncing: Promise<void> | undefined;
  private lastSyncMs = Date.now();
  private failed = false;
  private closing = false;
  private onIdle: (() => void) | undefined;

  /** Makes the file. @throws the system's error; EEXIST when it is there already. */
  constructor(path: string, options: AppendFileOptions) {
    this.path = path;
    this.options = options;
    this.fd = openSync(path, "ax", 0o644);
  }

  /** Buffers that are not in the kernel yet. */
  get backlog(): number {
    return this.queue.length;
  }

  append(bytes: Buffer): void {
    if (this.failed) return;
    this.queue.push(bytes);
    this.bytes += bytes.length;
    if (!this.writing) this.writeNext(0);
  }

  /** Resolves when all is written, synced and closed, or has failed (`onError` tells). */
  async close(): Promise<void> {
    this.closing = true;
    await this.idle();
    await this.syncing;
    if (!this.failed) await this.sync();
    await new Promise<void>((resolve) => close(this.fd, () => resolve()));
  }

  private writeNext(offset: number): void {
    const bytes = this.queue[0];
    if (!bytes) return;
    this.writing = true;
    write(this.fd, bytes, offset, bytes.length - offset, null, (error, count) => {
      if (error) return this.fail(error);
      if (offset + count < bytes.length) return this.writeNext(offset + count);
      this.queue.shift();
      this.written += bytes.length;
      this.writing = false;
      if (this.queue.length > 0) return this.writeNext(0);
      this.onIdle?.();
      if (Date.now() - this.lastSyncMs >= this.options.syncIntervalMs) void this.sync();
    });
  }

  private fail(error: Error): void {
    const first = !this.failed;
    this.failed = true;
    this.queue.length = 0;
    // A frame cut in half would read as damage: take it back, where that is possible.
    ftruncate(this.fd, this.written, () => {
      this.writing = false;
      this.onIdle?.();
      if (first) this.options.onError(error);
    });
  }

  /** Resolves when all that was handed over is in the kernel, or has failed; one caller at a time. */
  idle(): Promise<void> {
    if (!this.writing && this.queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.onIdle = () => {
        this.onIdle = undefined;
        resolve();
      };
    });
  }

  private sync(): Promise<void> {
    if (this.failed) return Promise.resolve();
    this.syncing ??= new Promise((resolve) => {
      fdatasync(this.fd, (syncError) => {
        fstat(this.fd, (_error, stats) => {
          this.syncing = undefined;
          this.lastSyncMs = Date.now();
          // Writing to a deleted file succeeds, but nobody would ever see the data. A closed segment
          // may have been deleted by circular mode.
          if (syncError) this.fail(syncError);
          else if (stats && stats.nlink === 0 && !this.closing) {
            this.fail(new FileGoneError(this.path));
          }
          resolve();
        });
      });
    });
    return this.syncing;
  }
}

/** The file was deleted while it was written. */
export class FileGoneError extends Error {
  constructor(path: string) {
    super(`${path} was deleted while it was being written`);
    this.name = "FileGoneError";
  }
}
