/**
 * Calls back on a fixed grid of the monotonic clock, without drift: tick n is due at start + n·interval,
 * however late the ones before were. Ticks that were missed altogether are skipped, not made up for.
 */
export interface GridTimerOptions {
  readonly intervalMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** When the grid starts, of the same clock; now when left out. */
  readonly startMs?: number;
  /** @param lateMs how long after its due time it is called, 0 for the first */
  readonly onTick: (lateMs: number) => void;
}

export class GridTimer {
  private readonly options: GridTimerOptions;
  private readonly startMs: number;
  private tick = 0;
  private timer: NodeJS.Timeout | undefined;

  /**
   * Starts the grid now and makes the first call at once; or, where a start is given, makes it then, or
   * at the next tick if that time has gone by.
   */
  constructor(options: GridTimerOptions) {
    this.options = options;
    this.startMs = options.startMs ?? options.now();
    if (options.startMs === undefined) options.onTick(0);
    else this.tick = -1;
    this.arm();
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = undefined;
  }

  private arm(): void {
    const { intervalMs, now } = this.options;
    const elapsed = now() - this.startMs;
    // Node's timers count whole milliseconds and may fire one early: that tick must not come twice.
    this.tick = Math.max(this.tick + 1, Math.floor(elapsed / intervalMs) + 1);
    const delay = this.tick * intervalMs - elapsed;
    this.timer = setTimeout(() => this.fire(), Math.max(1, Math.round(delay)));
  }

  private fire(): void {
    const due = this.startMs + this.tick * this.options.intervalMs;
    // `stop` may be called from inside the tick.
    const timer = this.timer;
    this.options.onTick(Math.max(0, this.options.now() - due));
    if (this.timer === timer) this.arm();
  }
}
