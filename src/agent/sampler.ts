/**
 * Reads all chosen collectors into one sample row, each at its own cadence. What the recorder and
 * the live views share.
 */
import type { Collector, HostContext, OpenCollector } from "../collectors/collector.ts";
import { openCollector } from "../collectors/shared-source.ts";
import type { RecordedObject } from "../counter/recorded.ts";
import { SampleRow, type Unit } from "../counter/sample-row.ts";
import { monotonicMs } from "../util/monotonic.ts";

/** A collector's own account; all numbers only grow. */
export interface CollectorAccount {
  collectUs: number;
  samples: number;
  errors: number;
}

const EARLY_MS = 5;
/** The kernel's counters have 64 bits at most. */
const MAX_VALUE = 2 ** 64;

interface Source {
  readonly name: string;
  readonly cadenceMs: number;
  readonly collector: OpenCollector;
  readonly account: CollectorAccount;
  nextDueMs: number;
}

export interface CollectorFailure {
  readonly object: string;
  readonly error: Error;
}

export class Sampler {
  readonly row = new SampleRow();
  readonly accounts = new Map<string, CollectorAccount>();
  /** Collectors that could not be opened; the others go on. */
  readonly failures: CollectorFailure[] = [];
  private readonly sources: Source[] = [];

  constructor(collectors: readonly Collector[], host: HostContext) {
    for (const collector of collectors) this.open(collector, host);
  }

  /** What is recorded: of every object the fields that this kernel has. */
  get objects(): RecordedObject[] {
    return this.sources.map(({ collector }) => collector.object);
  }

  /** Reads what is due at `nowMs` of the monotonic clock. A collector that fails stops no other. */
  sample(nowMs: number): void {
    this.row.begin();
    let beforeMs = monotonicMs();
    for (const source of this.sources) {
      if (source.cadenceMs > 0) {
        const isDue = nowMs >= source.nextDueMs;
        if (!isDue && source.collector.hasNews !== true) continue;
        // A timer may fire a little early: not to be put off by a whole interval for that.
        if (isDue) source.nextDueMs = nowMs + source.cadenceMs - EARLY_MS;
      }
      this.collect(source);
      // One look at the clock between two collectors is enough for both.
      const afterMs = monotonicMs();
      source.account.collectUs += Math.round((afterMs - beforeMs) * 1000);
      beforeMs = afterMs;
    }
    this.dropImpossible();
  }

  close(): void {
    for (const { collector } of this.sources) collector.close();
  }

  private open(collector: Collector, host: HostContext): void {
    const { name, cadence } = collector.object;
    try {
      const open = openCollector(collector, host);
      if (!open) return;
      const account = { collectUs: 0, samples: 0, errors: 0 };
      this.accounts.set(name, account);
      const cadenceMs = cadence === "every-sample" ? 0 : cadence;
      this.sources.push({ name, cadenceMs, collector: open, account, nextDueMs: 0 });
    } catch (error) {
      this.failures.push({ object: name, error: asError(error) });
    }
  }

  private collect({ collector, account, name }: Source): void {
    try {
      collector.collect(this.row);
    } catch (error) {
      this.fail(name, account, asError(error));
    }
    account.samples++;
  }

  /** Said once, counted always. */
  private fail(object: string, account: CollectorAccount, error: Error): void {
    if (account.errors === 0) this.failures.push({ object, error });
    account.errors++;
  }

  /** A file that is not what it should be may hold anything: no value is better than a wrong one. */
  private dropImpossible(): void {
    const { row } = this;
    const { values } = row;
    for (const unit of row.units) {
      if (unit.readAt !== row.sample) continue;
      for (let i = unit.slot, end = i + unit.width; i < end; i++) {
        const value = values[i]!;
        if (value <= MAX_VALUE && value >= -MAX_VALUE) continue;
        this.drop(unit, i - unit.slot, value);
        break;
      }
    }
  }

  private drop(unit: Unit, position: number, value: number): void {
    const { name, groups } = unit.object;
    unit.readAt = 0;
    const account = this.accounts.get(name);
    const field = groups[unit.group]!.fields[position]!.id;
    const error = new Error(`${field} of "${unit.instance.name}" cannot be ${value}`);
    if (account) this.fail(name, account, error);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
