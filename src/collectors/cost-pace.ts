/** How often something is read whose cost depends on the host. */
import type { HostContext } from "./collector.ts";

/** A timer may fire a little early: not to be put off by a whole interval for that. */
const EARLY_SECONDS = 0.005;
/** So many readings in a row tell what one costs: the quickest of them, which nothing has held up. */
const TRIALS = 3;
/** What takes up to `costSeconds` is read every `seconds`. Steps, so that hosts alike read at the same time. */
const STEPS = [
  { costSeconds: 0.0005, seconds: 0 },
  { costSeconds: 0.005, seconds: 10 },
  { costSeconds: Infinity, seconds: 60 },
] as const;

/** With every sample where that is cheap, else every 10 or 60 s. */
export class CostPace {
  private readonly host: HostContext;
  private readonly costs: number[] = [];
  private nextDueSeconds = -Infinity;

  constructor(host: HostContext) {
    this.host = host;
  }

  get isDue(): boolean {
    return this.host.monotonicSeconds() >= this.nextDueSeconds;
  }

  /** Reads, and sees how long that takes. */
  read(action: () => void): void {
    const before = this.host.monotonicSeconds();
    action();
    this.costs.push(this.host.monotonicSeconds() - before);
    if (this.costs.length < TRIALS) return;
    if (this.costs.length > TRIALS) this.costs.shift();
    const cost = Math.min(...this.costs);
    const step = STEPS.find(({ costSeconds }) => cost <= costSeconds) ?? STEPS[STEPS.length - 1]!;
    this.nextDueSeconds = before + step.seconds - EARLY_SECONDS;
  }
}
