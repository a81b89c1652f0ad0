import type { CounterObject } from "../counter/declaration.ts";
import { type RecordedObject, recordedObject } from "../counter/recorded.ts";
import type { InstanceIdentity, SampleRow, Unit } from "../counter/sample-row.ts";
import { type InterruptLine, Interrupts } from "../procfs/interrupts.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { declareFor } from "./declare.ts";
import { ReadPace } from "./read-pace.ts";
import { type SharedSource, openShared } from "./shared-source.ts";

const declare = declareFor({
  file: "/proc/interrupts",
  doc: "https://docs.kernel.org/filesystems/proc.html#kernel-data",
  resource: "cpu",
});

const object: CounterObject = {
  name: "Interrupts",
  help:
    "Interrupts by what raised them, over all CPUs: queues of network cards and disks by the name " +
    "that the driver gave them, and the processor's own (LOC: timer, RES: rescheduling, CAL: function " +
    "call, TLB: shootdown, MCE: machine check). Those that have never come are not listed.",
  instances: { what: "one per interrupt that has come since boot", total: false },
  cadence: 10_000,
  // 32 bits per CPU, so their sum is kept in as many: it wraps with each of them.
  groups: [{ id: "interrupt", fields: [{ id: "count", kind: "counter", bits: 32 }] }],
  counters: [
    declare(
      "Interrupts/sec",
      "count",
      "How often the interrupt came. Queues of one network card should be near each other: one that " +
        "does it all means that its traffic is not spread (RSS), and a single CPU has to serve it.",
      { field: "sum of the line", defaultScale: -3, equivalents: ["sar -I ALL", "mpstat -I CPU"] },
    ),
  ],
};

/** Beyond this length the file is read less often than every 10 s. */
const LONG_BYTES = 128 * 1024;

class OpenInterrupts implements OpenCollector {
  readonly object: RecordedObject = recordedObject(object);
  private readonly source: SharedSource<Interrupts>;
  private readonly pace: ReadPace;
  private units: (Unit | undefined)[] = [];
  private version = -1;
  private cpus: readonly number[] = [];

  constructor(host: HostContext, source: SharedSource<Interrupts>) {
    this.source = source;
    this.pace = new ReadPace(host, 0, LONG_BYTES);
  }

  collect(row: SampleRow): void {
    if (!this.pace.isDue) return;
    const interrupts = this.source.refresh(row);
    this.pace.hasRead(interrupts.sizeBytes);
    // What a CPU that goes offline had counted is in the sums no more: they begin anew.
    if (interrupts.cpus !== this.cpus) this.forget(row);
    this.cpus = interrupts.cpus;
    if (interrupts.version !== this.version) this.adopt(row, interrupts);
    const { lines, counts } = interrupts;
    for (let i = 0; i < lines.length; i++) {
      let unit = this.units[i];
      if (!unit) {
        if (counts[i] === 0) continue;
        unit = row.add(this.object, 0, identityOf(lines, i));
        this.units[i] = unit;
      }
      row.values[unit.slot] = counts[i]!;
      row.read(unit);
    }
  }

  close(): void {
    this.source.release();
  }

  private forget(row: SampleRow): void {
    for (const unit of this.units) if (unit) row.remove(unit);
    this.units = [];
  }

  /** Interrupts came or went: keeps the units of those that are the same. */
  private adopt(row: SampleRow, { lines, version }: Interrupts): void {
    this.version = version;
    const known = new Map(
      this.units.flatMap((unit) => (unit ? [[keyOf(unit.instance), unit]] : [])),
    );
    this.units = lines.map((_, i) => {
      const key = keyOf(identityOf(lines, i));
      const unit = known.get(key);
      known.delete(key);
      return unit;
    });
    for (const unit of known.values()) row.remove(unit);
  }
}

/**
 * Named by who handles it, since the number differs from host to host; with the number where several
 * share a name.
 */
function identityOf(lines: readonly InterruptLine[], index: number): InstanceIdentity {
  const { label, action, isDevice } = lines[index]!;
  if (!isDevice) return { name: label, attributes: { what: action } };
  if (action === "") return { name: label };
  const isShared = lines.some((line, i) => i !== index && line.isDevice && line.action === action);
  return { name: isShared ? `${action}:${label}` : action, attributes: { irq: label } };
}

function keyOf({ name, attributes }: InstanceIdentity): string {
  return `${name} ${attributes?.["irq"] ?? ""}`;
}

/** Interrupts by kind, from /proc/interrupts. */
export const interrupts: Collector = {
  object,
  open(host) {
    const source = openShared(host, "interrupts", "pieces", () => new Interrupts());
    return source && new OpenInterrupts(host, source);
  },
};
