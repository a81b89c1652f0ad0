/**
 * Ends a recording by itself: nobody may be there any more to stop it, and a full disk would harm more
 * than the recording.
 */
import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  localStatFileSystem,
  parseStatAnswer,
  statCommand,
  type FileSystemSpace,
} from "../collectors/file-system-space.ts";
import { hostTools } from "../collectors/tools/shell-session.ts";
import type { ToolSession } from "../collectors/tools/tools.ts";
import { formatDuration, formatSize } from "../util/quantity.ts";

export interface WatchdogLimits {
  /** From now on. */
  readonly forMs?: number;
  readonly maxBytes?: number;
  readonly minFreeBytes?: number;
}

export interface WatchdogOptions extends WatchdogLimits {
  readonly folder: string;
  /** @param reason `it has lasted 1 h` */
  readonly onLimit: (reason: string) => void;
}

const CHECK_INTERVAL_MS = 10_000;
/** What Node's timers can count to. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class Watchdog {
  private readonly options: WatchdogOptions;
  private readonly timers: NodeJS.Timeout[] = [];
  private tools: ToolSession | undefined;

  constructor(options: WatchdogOptions) {
    this.options = options;
    const { forMs, maxBytes, minFreeBytes } = options;
    if (forMs !== undefined) {
      const reason = `it has lasted ${formatDuration(forMs)}`;
      const wait = Math.min(forMs, LONGEST_TIMER_MS);
      this.timers.push(setTimeout(() => options.onLimit(reason), wait));
    }
    if (maxBytes !== undefined || minFreeBytes !== undefined) {
      this.check();
      this.timers.push(setInterval(() => this.check(), CHECK_INTERVAL_MS));
    }
  }

  stop(): void {
    for (const timer of this.timers.splice(0)) clearTimeout(timer);
    this.tools?.close();
  }

  private check(): void {
    const { folder, maxBytes, minFreeBytes, onLimit } = this.options;
    if (maxBytes !== undefined && folderBytes(folder) >= maxBytes) {
      onLimit(`it has reached ${formatSize(maxBytes)}`);
    }
    if (minFreeBytes !== undefined) this.askForSpace(minFreeBytes);
  }

  private askForSpace(minFreeBytes: number): void {
    const stat = localStatFileSystem();
    if (stat) return this.checkSpace(stat(this.options.folder), minFreeBytes);
    // Node before 18.15 cannot tell.
    this.tools ??= hostTools().open();
    if (this.tools.busy) return;
    this.tools.run([statCommand(resolve(this.options.folder))], ([answer]) =>
      this.checkSpace(parseStatAnswer(answer), minFreeBytes),
    );
  }

  private checkSpace(space: FileSystemSpace | undefined, minFreeBytes: number): void {
    if (!space || space.blockBytes * space.availableBlocks >= minFreeBytes) return;
    this.options.onLimit(`its disk has less than ${formatSize(minFreeBytes)} left`);
  }
}

/** Bytes of the files in a folder; circular recordings shrink, too. */
function folderBytes(folder: string): number {
  let total = 0;
  for (const name of namesIn(folder)) {
    try {
      total += statSync(join(folder, name)).size;
    } catch {
      // Deleted in between.
    }
  }
  return total;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
