/**
 * A file that is read again and again from its start, as the files of /proc and /sys are: opened
 * once, read with positioned reads into a buffer that is shared by all, because stat sizes of such
 * files lie and opening costs more than reading.
 */
import { closeSync, openSync, readSync } from "./host-files.ts";
import type { ByteScanner } from "./byte-scanner.ts";
import { systemErrorCode } from "./errors.ts";

const BUFFER_BYTES = 64 * 1024;
/** Tens of thousands of devices fit in; whatever is larger would only cost memory and time. */
const MAX_BYTES = 4 * 2 ** 20;
/** /proc/interrupts has 20 MB where there are 1,024 CPUs and 2,000 interrupts. */
const MAX_LINES_BYTES = 64 * 2 ** 20;

/** Shared by all files: what was read is valid until the next read of any file. */
let shared = Buffer.allocUnsafe(BUFFER_BYTES);

/**
 * How the kernel hands a file out. `whole`: in one read, if the buffer is large enough (files of a
 * single record: stat, meminfo, loadavg, uptime, net/snmp, net/netstat, pressure/*, PID/*, files of
 * /sys). `pieces`: about a page per read, cut between records (vmstat, diskstats, net/dev,
 * interrupts): only a read that gives nothing says that it is over. One more read costs 1 us.
 */
export type ReadManner = "whole" | "pieces";

/** Takes the text of a file in stretches of whole lines; must not read another file meanwhile. */
export interface LineTaker {
  takeLines(scanner: ByteScanner): void;
}

const NEWLINE = 10;

/** Doubles the buffer, of which the first `used` bytes are kept. */
function growShared(used: number): void {
  const larger = Buffer.allocUnsafe(shared.length * 2);
  shared.copy(larger, 0, 0, used);
  shared = larger;
}

export class RereadFile {
  readonly path: string;
  private readonly fd: number;
  private readonly manner: ReadManner;

  /** @throws the system's error (ENOENT, EACCES) when it cannot be opened. */
  constructor(path: string, manner: ReadManner = "pieces") {
    this.path = path;
    this.manner = manner;
    this.fd = openSync(path, "r");
  }

  /** Opens it, or gives `undefined` when there is no such file. Other errors are thrown. */
  static openIfPresent(path: string, manner: ReadManner = "pieces"): RereadFile | undefined {
    try {
      return new RereadFile(path, manner);
    } catch (error) {
      if (systemErrorCode(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  /** The whole content, in the shared buffer. @throws when it is larger than 4 MiB */
  read(): Uint8Array {
    // In two steps: `fill` may replace the buffer.
    const length = this.fill();
    return shared.subarray(0, length);
  }

  /** As `read`, but sets a scanner on the content, which makes no garbage. */
  scan(scanner: ByteScanner): ByteScanner {
    const length = this.fill();
    scanner.bytes = shared;
    scanner.position = 0;
    scanner.end = length;
    return scanner;
  }

  /**
   * For files that may be many megabytes: sets the scanner on one stretch of whole lines after the
   * other and has it taken, in a buffer of 64 KiB (more only where a line is longer).
   *
   * @param mostBytes of it; what comes after is not read
   * @returns the length of the file, or of what was read of it
   * @throws when a line is longer than 4 MiB, or the file than 64 MiB
   */
  scanLines(scanner: ByteScanner, taker: LineTaker, mostBytes = Infinity): number {
    let length = 0;
    let kept = 0;
    for (;;) {
      if (kept >= MAX_BYTES) throw this.tooLarge(MAX_BYTES);
      if (length >= MAX_LINES_BYTES) throw this.tooLarge(MAX_LINES_BYTES);
      if (kept === shared.length) growShared(kept);
      const read = readSync(this.fd, shared, kept, shared.length - kept, length);
      length += read;
      const filled = kept + read;
      const lineEnd = read === 0 ? filled : shared.lastIndexOf(NEWLINE, filled - 1) + 1;
      if (lineEnd > 0) {
        scanner.bytes = shared;
        scanner.position = 0;
        scanner.end = lineEnd;
        taker.takeLines(scanner);
      }
      if (read === 0 || length >= mostBytes) return length;
      shared.copyWithin(0, lineEnd, filled);
      kept = filled - lineEnd;
    }
  }

  /** Reads the file into the shared buffer; returns its length. @throws when it is too large */
  private fill(): number {
    let length = readSync(this.fd, shared, 0, shared.length, 0);
    if (this.manner === "whole" && length < shared.length) return length;
    while (length > 0) {
      if (length >= MAX_BYTES) throw this.tooLarge(MAX_BYTES);
      if (length === shared.length) {
        growShared(length);
      }
      const more = readSync(this.fd, shared, length, shared.length - length, length);
      if (more === 0) break;
      length += more;
    }
    return length;
  }

  /** Gives back the room that was taken for it. */
  private tooLarge(limit: number): Error {
    shared = Buffer.allocUnsafe(BUFFER_BYTES);
    return new Error(`${this.path} is larger than ${limit} bytes, which no such file is`);
  }

  close(): void {
    closeSync(this.fd);
  }
}
