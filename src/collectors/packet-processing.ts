import { type CounterObject, counterFields, gaugeFields } from "../counter/declaration.ts";
import { type RecordedObject, recordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { SOFTNET_COLUMNS, SOFTNET_WIDTH, SoftnetStat } from "../procfs/softnet-stat.ts";
import type { Collector, OpenCollector } from "./collector.ts";
import { COUNT_GAUGE, declareFor } from "./declare.ts";
import { type SharedSource, openShared } from "./shared-source.ts";

const declare = declareFor({
  file: "/proc/net/softnet_stat",
  doc: "https://docs.kernel.org/networking/scaling.html",
  resource: "network",
});

const GAUGES: ReadonlySet<string> = new Set(["backlog_len", "input_qlen", "process_qlen"]);
const FIELDS = Object.keys(SOFTNET_COLUMNS);

const object: CounterObject = {
  name: "Packet Processing",
  help:
    "How each CPU gets along with the packets that arrive. If one CPU does nearly all of it while " +
    "the others are idle, the network card's queues (RSS) or receive packet steering (RPS) are not " +
    "set up.",
  instances: { what: "one per online logical CPU", total: true },
  cadence: "every-sample",
  groups: [
    {
      id: "softnet",
      fields: [
        // 32 bits wide: unsigned int in struct softnet_data.
        ...counterFields(
          FIELDS.filter((id) => !GAUGES.has(id)),
          32,
        ),
        ...gaugeFields([...GAUGES]),
      ],
    },
  ],
  counters: [
    declare(
      "Packets Processed/sec",
      "processed",
      "Packets that this CPU took from network cards and passed up the stack.",
      { field: "1st number", defaultScale: -3, equivalents: ["sar -n SOFT total/s"] },
    ),
    declare(
      "Packets Dropped/sec",
      "dropped",
      "Packets thrown away because this CPU's input queue was full (net.core.netdev_max_backlog): the " +
        "CPU does not keep up. These drops show in no interface's counters.",
      { field: "2nd number", use: "errors", better: "lower", equivalents: ["sar -n SOFT dropd/s"] },
    ),
    declare(
      "Time Squeezes/sec",
      "time_squeeze",
      "Times that this CPU had to stop although packets were left, because its turn was over " +
        "(net.core.netdev_budget). Now and then is normal; many per second is a CPU at its limit.",
      {
        field: "3rd number",
        use: "saturation",
        better: "lower",
        equivalents: ["sar -n SOFT squeezd/s"],
      },
    ),
    declare(
      "Packets Steered Here/sec",
      "received_rps",
      "Wake-ups of this CPU to process packets that another CPU received (RPS).",
      { field: "10th number", level: "advanced", equivalents: ["sar -n SOFT rx_rps/s"] },
    ),
    declare(
      "Flow Limit Drops/sec",
      "flow_limit_count",
      "Packets of a single large flow dropped early so that small flows get through a full queue.",
      {
        field: "11th number",
        level: "advanced",
        use: "errors",
        better: "lower",
        equivalents: ["sar -n SOFT flw_lim/s"],
      },
    ),
    declare("Backlog Length", "backlog_len", "Packets in this CPU's input queue at this instant.", {
      ...COUNT_GAUGE,
      since: "5.10",
      field: "12th number",
      level: "advanced",
      use: "saturation",
      better: "lower",
      equivalents: ["sar -n SOFT blg_len"],
    }),
  ],
};

interface PerCpu {
  readonly unit: Unit;
  /** Numbers of the sample before, in the order of the fields. */
  readonly before: Float64Array;
}

const WRAP = 2 ** 32;

class OpenPacketProcessing implements OpenCollector {
  readonly object: RecordedObject;
  private readonly source: SharedSource<SoftnetStat>;
  /** Per recorded field its column of the file. */
  private readonly columns: Int32Array;
  /** Position of the first field that is a gauge. */
  private readonly gauges: number;
  private readonly units = new Map<number, PerCpu>();
  private total: Unit | undefined;
  /** Sums over CPUs; a CPU that comes or goes leaves no step in them. */
  private readonly sums: Float64Array;

  constructor(source: SharedSource<SoftnetStat>) {
    this.source = source;
    const { columns } = source.parser;
    this.object = recordedObject(object, (field) => SOFTNET_COLUMNS[field]! < columns);
    this.columns = Int32Array.from(this.object.groups[0]!.fields, ({ id }) => SOFTNET_COLUMNS[id]!);
    this.sums = new Float64Array(this.columns.length);
    this.gauges = this.object.groups[0]!.fields.filter(({ kind }) => kind === "counter").length;
  }

  collect(row: SampleRow): void {
    const stat = this.source.refresh(row);
    const total = (this.total ??= row.add(this.object, 0, { name: "_Total" }));
    const { columns, sums } = this;
    // Gauges come last.
    const { gauges } = this;
    sums.fill(0, gauges);
    for (let line = 0; line < stat.count; line++) {
      const { unit, before } = this.perCpu(row, stat.cpus[line]!, line);
      for (let i = 0; i < columns.length; i++) {
        const now = stat.values[line * SOFTNET_WIDTH + columns[i]!]!;
        let change = i >= gauges ? now : now - before[i]!;
        if (change < 0) change += WRAP;
        sums[i] = sums[i]! + change;
        before[i] = now;
        row.values[unit.slot + i] = now;
      }
      row.read(unit);
    }
    row.values.set(sums, total.slot);
    row.read(total);
    if (stat.count < this.units.size) this.dropUnread(row);
  }

  /** A CPU seen for the first time counts into the sums from here on. */
  private perCpu(row: SampleRow, cpu: number, line: number): PerCpu {
    let found = this.units.get(cpu);
    if (!found) {
      const { values } = this.source.parser;
      const before = Float64Array.from(
        this.columns,
        (column) => values[line * SOFTNET_WIDTH + column]!,
      );
      found = { unit: row.add(this.object, 0, { name: String(cpu) }), before };
      this.units.set(cpu, found);
    }
    return found;
  }

  close(): void {
    this.source.release();
  }

  /** CPUs went offline. */
  private dropUnread(row: SampleRow): void {
    for (const [cpu, { unit }] of this.units) {
      if (row.isRead(unit)) continue;
      row.remove(unit);
      this.units.delete(cpu);
    }
  }
}

/** Packet processing per CPU, from /proc/net/softnet_stat. */
export const packetProcessing: Collector = {
  object,
  open(host) {
    const source = openShared(host, "net/softnet_stat", "pieces", () => new SoftnetStat());
    return source && new OpenPacketProcessing(source);
  },
};
