import { join } from "node:path";
import { type CounterObject, gaugeFields } from "../counter/declaration.ts";
import { type RecordedObject, recordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { TcpQueues } from "../procfs/net-tcp.ts";
import { ByteScanner } from "../util/byte-scanner.ts";
import { RereadFile } from "../util/reread-file.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { CostPace } from "./cost-pace.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";

const declare = declareFor({
  file: "/proc/net/tcp, /proc/net/tcp6",
  doc: "https://docs.kernel.org/networking/proc_net_tcp.html",
  resource: "network",
});

const gauge: CounterParts = { ...COUNT_GAUGE, use: "saturation", better: "lower" };
const FIELDS = ["connections", "unacknowledged", "unread", "sending", "reading", "timeout_ms"];

const object: CounterObject = {
  name: "TCP Queue",
  help:
    "What waits in the queues of TCP connections to other hosts at this instant: data on its way, or on " +
    "the far side, or not read yet. A host that is idle while it has sent what is not acknowledged " +
    "waits for the network. Of hosts with many sockets only a part is looked at; where memory is large, " +
    "and with it the kernel's table, every 10 or 60 seconds only.",
  instances: "none",
  cadence: "every-sample",
  groups: [{ id: "queues", fields: gaugeFields(FIELDS) }],
  counters: [
    declare(
      "Connections Sending",
      "sending",
      "Connections with two full segments and more that the other side has not acknowledged. Far sides " +
        "acknowledge every second segment at once, so these are on their way, lost, or held up by a " +
        "program over there that does not read. Its mean is the share of time spent sending.",
      { ...gauge, field: "tx_queue >= 2896" },
    ),
    declare(
      "Connections Unread",
      "reading",
      "Connections with data that the program on this host has not read: it does not keep up.",
      { ...gauge, field: "rx_queue > 0" },
    ),
    declare(
      "Bytes Unacknowledged",
      "unacknowledged",
      "Bytes that programs have sent and the other side has not acknowledged. Divided by Bytes Sent/sec " +
        "of the network interfaces: how long a byte is under way.",
      { ...gauge, unit: "bytes", field: "tx_queue", defaultScale: -3, equivalents: ["ss Send-Q"] },
    ),
    declare("Bytes Unread", "unread", "Bytes that have arrived and that no program has read.", {
      ...gauge,
      unit: "bytes",
      field: "rx_queue",
      defaultScale: -3,
      equivalents: ["ss Recv-Q"],
    }),
    declare(
      "Avg. Retransmission Timeout",
      "timeout_ms",
      "After how long connections would send again, in the mean: what answers have taken lately, and 200 ms " +
        "(the kernel's least) or four times their spread. So it tells how far the other hosts are.",
      {
        ...gauge,
        use: "latency",
        unit: "seconds",
        scale: 0.001,
        level: "advanced",
        field: "13th word",
      },
    ),
    declare(
      "Connections Read",
      "connections",
      "Established connections to other hosts that these numbers are of.",
      { ...COUNT_GAUGE, level: "advanced", field: "lines with st 01" },
    ),
  ],
};

const FILES = ["tcp", "tcp6"];
/**
 * Sockets come in the order of a hash, so that the first ones are a fair sample of all. More than some
 * hundreds would cost more than they tell.
 */
const MOST_BYTES = 128 * 1024;

/** What the files' text is read with. */
const scanner = new ByteScanner();

class OpenTcpQueue implements OpenCollector {
  readonly object: RecordedObject = recordedObject(object, () => true);
  private readonly files: readonly RereadFile[];
  private readonly msPerTick: number;
  private readonly queues = new TcpQueues();
  /**
   * The kernel goes through its whole table of connections, of which most places are empty: 7 ms where
   * there are 24 GB of memory and two sockets, a tenth of a millisecond in a small guest.
   */
  private readonly pace: CostPace;
  private unit: Unit | undefined;

  constructor(files: readonly RereadFile[], host: HostContext) {
    this.files = files;
    this.msPerTick = 1000 / host.clockTicksPerSecond;
    this.pace = new CostPace(host);
  }

  collect(row: SampleRow): void {
    if (!this.pace.isDue) return;
    const { queues } = this;
    queues.clear();
    this.pace.read(() => {
      for (const file of this.files) file.scanLines(scanner, queues, MOST_BYTES);
    });
    const unit = (this.unit ??= row.add(this.object, 0, { name: "" }));
    const { values } = row;
    const { slot } = unit;
    const { connections } = queues;
    values[slot] = connections;
    values[slot + 1] = queues.unacknowledgedBytes;
    values[slot + 2] = queues.unreadBytes;
    values[slot + 3] = queues.sending;
    values[slot + 4] = queues.unread;
    values[slot + 5] =
      connections > 0 ? Math.round((queues.timeoutTicks * this.msPerTick) / connections) : 0;
    row.read(unit);
  }

  close(): void {
    for (const file of this.files) file.close();
  }
}

/** Queues of TCP connections, from /proc/net/tcp and tcp6. */
export const tcpQueue: Collector = {
  object,
  open(host) {
    const files = FILES.flatMap(
      (name) => RereadFile.openIfPresent(join(host.procRoot, "net", name)) ?? [],
    );
    return files.length > 0 ? new OpenTcpQueue(files, host) : undefined;
  },
};
