/**
 * Reads files of many instances (processes, control groups) at little cost: descriptors stay open
 * from sample to sample (an open descriptor also tells a process from a later one with the same
 * number), up to a limit; beyond it files are opened for each read.
 */
import { closeSync, openSync, readSync } from "../util/host-files.ts";
import { systemErrorCode } from "../util/errors.ts";
import { readAttribute } from "./sysfs.ts";

/** A file that is not kept open. */
export const CLOSED = -1;

/** What `read` gives instead of a length. */
export const GONE = -1;
export const DENIED = -2;

export class InstanceFiles {
  /** Content of the last read; room for the longest `status` that ordinary hosts have. */
  readonly buffer = Buffer.allocUnsafe(16 * 1024);
  /** Descriptor of the file last read, or `CLOSED`. */
  fd = CLOSED;
  private limit: number;
  private open = 0;

  /**
   * @param maxOpen descriptors to keep open at most
   * @param share of the descriptors that the agent may have; the rest is for others
   */
  constructor(procRoot: string, maxOpen: number, share: number) {
    this.limit = Math.min(maxOpen, Math.floor(descriptorLimit(procRoot) * share));
  }

  /**
   * Reads a file from its start.
   *
   * @param fd its descriptor of the time before, or `CLOSED`
   * @param keep whether to leave it open, if there is room; `this.fd` tells
   * @returns bytes in `buffer`, `GONE` or `DENIED`
   * @throws when the process is out of descriptors or the file cannot be read for another reason
   */
  read(fd: number, path: string, keep: boolean): number {
    this.fd = fd;
    try {
      if (fd !== CLOSED) return readSync(fd, this.buffer, 0, this.buffer.length, 0);
      const opened = openSync(path, "r");
      try {
        const length = readSync(opened, this.buffer, 0, this.buffer.length, 0);
        if (keep && this.open < this.limit) this.fd = opened;
        return length;
      } finally {
        if (this.fd === opened) this.open++;
        else closeSync(opened);
      }
    } catch (error) {
      return this.failure(error);
    }
  }

  close(fd: number): void {
    if (fd === CLOSED) return;
    closeSync(fd);
    this.open--;
  }

  private failure(error: unknown): number {
    switch (systemErrorCode(error)) {
      case "ENOENT":
      case "ESRCH":
      // A control group that was removed while its file was open.
      case "ENODEV":
      case "ENOTDIR":
        return GONE;
      case "EACCES":
      case "EPERM":
      // Pressure of a control group, where it is switched off.
      case "ENOTSUP":
      // Something else in its place: one instance must not cost all others.
      case "EISDIR":
        return DENIED;
      case "EMFILE":
        // Others took what was left: keep none beyond what is open now.
        this.limit = Math.floor(this.open / 2);
        throw error;
      default:
        throw error;
    }
  }
}

/** The soft limit, which Node raises to the hard one when it starts. */
function descriptorLimit(procRoot: string): number {
  const limits = readAttribute(`${procRoot}/self/limits`) ?? "";
  const value = /^Max open files\s+(\d+|unlimited)/m.exec(limits)?.[1];
  if (value === "unlimited") return Infinity;
  return value === undefined ? 1024 : Number(value);
}
