/** How often a file is read that is not read for every sample. */
import type { HostContext } from "./collector.ts";

/** A timer may fire a little early: not to be put off by a whole interval for that. */
const EARLY_SECONDS = 0.005;
const LONG_SECONDS = 10;
const MAX_SECONDS = 600;

/**
 * Every so many seconds; where the file is long, every 10 s for each of the lengths given that it
 * has: some of /proc have a line or a column per CPU and grow to megabytes.
 */
export class ReadPace {
  private readonly host: HostContext;
  private readonly seconds: number;
  private readonly longBytes: number;
  private nextDueSeconds = -Infinity;

  /** @param seconds 0 for whenever the collector is asked */
  constructor(host: HostContext, seconds: number, longBytes: number) {
    this.host = host;
    this.seconds = seconds;
    this.longBytes = longBytes;
  }

  /** Whether it is time to read. */
  get isDue(): boolean {
    return this.host.monotonicSeconds() >= this.nextDueSeconds;
  }

  /** Call after reading, with the length that the file had. */
  hasRead(sizeBytes: number): void {
    const lengths = Math.floor(sizeBytes / this.longBytes);
    const seconds = Math.max(this.seconds, Math.min(MAX_SECONDS, LONG_SECONDS * lengths));
    this.nextDueSeconds = this.host.monotonicSeconds() + seconds - EARLY_SECONDS;
  }
}
