/**
 * The sum of a counter over instances that come and go. A plain sum of what the kernel shows would
 * jump when a device joins, and fall when one leaves or when one of its 32-bit counters wraps; so
 * the changes are summed, as integers, from the sum that the first sample found.
 */
const WRAP_32 = 2 ** 32;

/** What a total remembers of one instance. */
export interface TotalMember {
  /** Raw values of the sample before. */
  readonly last: Float64Array;
  /** Whether `last` holds a reading that was part of the total. */
  counted: boolean;
}

export function totalMember(width: number): TotalMember {
  return { last: new Float64Array(width), counted: false };
}

export class RunningTotal {
  /** The totals so far; gauges are of the current sample. */
  readonly values: Float64Array;
  /** Instances that are part of the current sample. */
  members = 0;
  private readonly fields: readonly { readonly kind: string; readonly bits?: number }[];
  private wasReset = false;
  private started = false;

  constructor(fields: readonly { readonly kind: "counter" | "gauge"; readonly bits?: 32 | 64 }[]) {
    this.fields = fields;
    this.values = new Float64Array(fields.length);
  }

  begin(): void {
    this.members = 0;
    for (let i = 0; i < this.fields.length; i++) {
      if (this.fields[i]!.kind === "gauge") this.values[i] = 0;
    }
  }

  /** Adds one instance's reading, the first `values.length` of `reading`. */
  add(member: TotalMember, reading: Float64Array): void {
    const { values, fields } = this;
    const { last } = member;
    this.members++;
    for (let i = 0; i < values.length; i++) {
      const field = fields[i]!;
      const now = reading[i]!;
      if (field.kind === "gauge") values[i] = values[i]! + now;
      else if (member.counted)
        values[i] = values[i]! + this.change(last[i]!, now, field.bits === 32);
      else if (!this.started) values[i] = values[i]! + now;
      last[i] = now;
    }
    member.counted = true;
  }

  /**
   * Ends the sample. Where an instance was reset, what it did since is not known: the total starts
   * again from zero, which readers take for what it is, a reset, and give no value.
   */
  end(): void {
    if (this.members > 0) this.started = true;
    if (!this.wasReset) return;
    this.wasReset = false;
    for (let i = 0; i < this.values.length; i++) {
      if (this.fields[i]!.kind === "counter") this.values[i] = 0;
    }
  }

  private change(before: number, now: number, is32Bit: boolean): number {
    if (now >= before) return now - before;
    if (is32Bit && before >= WRAP_32 / 2 && before < WRAP_32 && now < WRAP_32 / 2) {
      return now + WRAP_32 - before;
    }
    this.wasReset = true;
    return 0;
  }
}
