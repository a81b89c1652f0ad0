/**
 * A file that is read again and again from its start, as the files of /proc and /sys are: opened
 * once, read with one positioned read into a buffer that is shared by all, because stat sizes of
 * such files lie and opening costs more than reading.
 */
import { closeSync, openSync, readSync } from "node:fs";

/** Shared by all files: what `read` returned is valid until the next `read` of any file. */
let shared = Buffer.allocUnsafe(64 * 1024);

export class RereadFile {
  readonly path: string;
  private readonly fd: number;

  /** @throws the system's error (ENOENT, EACCES) when it cannot be opened. */
  constructor(path: string) {
    this.path = path;
    this.fd = openSync(path, "r");
  }

  /** Opens it, or gives `undefined` when there is no such file. Other errors are thrown. */
  static openIfPresent(path: string): RereadFile | undefined {
    try {
      return new RereadFile(path);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** The whole content, in the shared buffer. */
  read(): Uint8Array {
    let length = readSync(this.fd, shared, 0, shared.length, 0);
    while (length === shared.length) {
      const larger = Buffer.allocUnsafe(shared.length * 2);
      shared.copy(larger, 0, 0, length);
      shared = larger;
      length += readSync(this.fd, shared, length, shared.length - length, length);
    }
    return shared.subarray(0, length);
  }

  close(): void {
    closeSync(this.fd);
  }
}
