/** The counters of a network interface, the same for physical and virtual ones, and their fields. */
import type { Counter, Field, FieldGroup } from "../counter/declaration.ts";
import { NETWORK_COLUMNS } from "./network-lines.ts";

export const NETWORK_FIELDS: readonly Field[] = NETWORK_COLUMNS.map((id) => ({
  id,
  kind: id === "speed_bits" ? "gauge" : "counter",
}));

export const NETWORK_GROUP: FieldGroup = { id: "net-dev", fields: NETWORK_FIELDS };

const DOC = "https://docs.kernel.org/networking/statistics.html";

type Rest = Omit<Counter, "source" | "resource" | "better"> &
  Partial<Pick<Counter, "better" | "source">> & { readonly field?: string };

function network({ field, ...rest }: Rest): Counter {
  return {
    resource: "network",
    better: "neutral",
    source: { file: "/proc/net/dev", field: field ?? rest.value.join(" + "), doc: DOC },
    ...rest,
  };
}

function traffic(
  name: string,
  value: readonly string[],
  help: string,
  equivalents: readonly string[],
): Counter {
  const isBytes = name.startsWith("Bytes");
  return network({
    name,
    help,
    unit: isBytes ? "bytes/s" : "count/s",
    type: "rate",
    value,
    use: "throughput",
    ...(isBytes ? { defaultScale: -4 } : {}),
    ...(equivalents.length > 0 ? { equivalents } : {}),
  });
}

function fault(
  name: string,
  field: string,
  help: string,
  equivalents: readonly string[],
  level: "standard" | "advanced" = "standard",
): Counter {
  return network({
    name,
    help,
    unit: "count/s",
    type: "rate",
    value: [field],
    use: "errors",
    better: "lower",
    level,
    equivalents,
  });
}

export const NETWORK_COUNTERS: readonly Counter[] = [
  traffic(
    "Bytes Received/sec",
    ["rx_bytes"],
    "Bytes that arrived per second, with link-layer headers but without preamble and checksum, so " +
      "a full 10 Gbit/s link shows about 1.18 GB/s. Cloud instances have limits below their link " +
      "speed: a flat top at a round number is one.",
    ["sar -n DEV rxkB/s", "ifstat KB/s in"],
  ),
  traffic(
    "Bytes Sent/sec",
    ["tx_bytes"],
    "Bytes sent per second. Retransmitted data is in it: compare with TCP\\Segments " +
      "Retransmitted/sec before you call it useful work.",
    ["sar -n DEV txkB/s", "ifstat KB/s out"],
  ),
  traffic(
    "Bytes Total/sec",
    ["rx_bytes", "tx_bytes"],
    "Bytes received and sent per second. Links carry both directions at once: for saturation look " +
      "at % Utilization, which takes the busier one.",
    [],
  ),
  traffic(
    "Packets Received/sec",
    ["rx_packets"],
    "Packets that arrived per second, after the card or the driver joined neighbors (GRO, LRO): " +
      "hosts with and without that are not comparable by packets. Cloud instances often limit " +
      "packets per second too.",
    ["sar -n DEV rxpck/s"],
  ),
  traffic(
    "Packets Sent/sec",
    ["tx_packets"],
    "Packets handed to the card per second, before it cuts large ones into segments (TSO).",
    ["sar -n DEV txpck/s"],
  ),
  traffic("Packets/sec", ["rx_packets", "tx_packets"], "Packets received and sent per second.", []),
  network({
    name: "% Utilization",
    help:
      "How much of the link's speed the busier direction used (both directions together on a half " +
      "duplex link). Above some 80 percent over seconds, packets begin to queue. There is no value " +
      "where the speed is not known (virtual cards say -1): then compare Bytes Total/sec with the " +
      "limit of the instance type. The speed of a cloud instance's card says nothing of its " +
      "bandwidth allowance. Of virtual interfaces the kernel's made-up speed is not used.",
    unit: "%",
    type: "fraction",
    value: ["busier_bytes"],
    base: ["capacity_bytes"],
    use: "utilization",
    better: "lower",
    source: {
      file: "/proc/net/dev, /sys/class/net/<interface>/speed",
      field: "larger change of rx_bytes and tx_bytes / (speed / 8 · elapsed time)",
      doc: DOC,
    },
    equivalents: ["sar -n DEV %ifutil"],
  }),
  network({
    name: "Current Bandwidth",
    help:
      "Speed of the link in bits per second, 0 when it is not known or the cable is out; read every " +
      "10 seconds. A card that negotiated 1 Gbit/s instead of 10 shows here. The _Total is the " +
      "sum over the interfaces that count.",
    unit: "bits/s",
    type: "gauge",
    value: ["speed_bits"],
    use: "capacity",
    better: "higher",
    defaultScale: -6,
    source: { file: "/sys/class/net/<interface>/speed", field: "speed (Mbit/s)", doc: DOC },
    equivalents: ["ethtool Speed"],
  }),
  fault(
    "Receive Errors/sec",
    "rx_errors",
    "Packets that arrived damaged per second (checksum, length, frame). Any steady rate means a bad " +
      "cable, optic, port or a duplex mismatch: look at the counters of its kinds.",
    ["sar -n EDEV rxerr/s"],
  ),
  fault(
    "Transmit Errors/sec",
    "tx_errors",
    "Packets that could not be sent per second (carrier lost, aborted, underrun). Should be 0.",
    ["sar -n EDEV txerr/s"],
  ),
  fault(
    "Receive Drops/sec",
    "rx_dropped",
    "Packets per second that arrived well but were thrown away: the host or its driver's ring was " +
      "too slow or too small (then TCP retransmits and slows down), or nobody wanted them (unknown " +
      "protocol or VLAN, which is harmless; steady small rates are usually that). Errors are the " +
      "wire's fault, drops are the host's.",
    ["sar -n EDEV rxdrop/s"],
  ),
  fault(
    "Transmit Drops/sec",
    "tx_dropped",
    "Packets per second that the host could not hand to the card, mostly because a queue was full " +
      "or a traffic shaper said no.",
    ["sar -n EDEV txdrop/s"],
  ),
  network({
    name: "Multicast Received/sec",
    help: "Multicast packets that arrived per second. Not kept by all drivers.",
    unit: "count/s",
    type: "rate",
    value: ["multicast"],
    use: "information",
    level: "advanced",
    equivalents: ["sar -n DEV rxmcst/s"],
  }),
  fault(
    "Receive Overruns/sec",
    "rx_fifo_errors",
    "Packets per second lost in the card because its buffer was full: the host did not fetch them " +
      "in time. Larger rings (ethtool -G) or more queues help.",
    ["sar -n EDEV rxfifo/s"],
    "advanced",
  ),
  fault(
    "Receive Frame Errors/sec",
    "rx_frame_errors",
    "Packets per second with a wrong length, checksum or alignment: cable, optic or port.",
    ["sar -n EDEV rxfram/s"],
    "advanced",
  ),
  fault(
    "Transmit Overruns/sec",
    "tx_fifo_errors",
    "Packets per second not sent because the card's buffer ran empty or full.",
    ["sar -n EDEV txfifo/s"],
    "advanced",
  ),
  fault(
    "Transmit Carrier Errors/sec",
    "tx_carrier_errors",
    "Packets per second not sent because the link was down or failed meanwhile.",
    ["sar -n EDEV txcarr/s"],
    "advanced",
  ),
  fault(
    "Collisions/sec",
    "collisions",
    "Collisions per second. Only half duplex links have them; on a switched link they mean a duplex " +
      "mismatch.",
    ["sar -n EDEV coll/s"],
    "advanced",
  ),
];
