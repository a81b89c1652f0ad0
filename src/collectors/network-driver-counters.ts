import { type Counter, type Field, counterFields, gaugeFields } from "../counter/declaration.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";

/**
 * Field -> names that drivers have for it, `#` for the number of a queue; the first that a driver has
 * is taken, so that nothing counts twice. From the drivers' sources in drivers/net/ethernet, net.
 */
export const DRIVER_FIELDS: Readonly<Record<string, readonly string[]>> = {
  rx_ring_full: [
    "rx_out_of_buffer", // mlx5
    "rx_no_dma_resources", // ixgbe
    "rx_missed_errors", // igb, e1000e, ixgbevf
    "rx_missed",
    "rx_total_ring_discards", // bnxt_en
    "[#]: rx_discards",
    "rx_drops", // ena, virtio_net of newer kernels
    "rx#_drops", // virtio_net
    "rx_queue_#_drops", // virtio_net of older kernels, igb
    "rx_no_memory", // hv_netvsc
    "pkts rx OOB", // vmxnet3
    "rx_queue_drop_cnt[#]", // gve
  ],
  rx_wire_discards: [
    "rx_discards_phy", // mlx5
    "port.rx_dropped", // i40e
    "port.rx_discards",
    "rx_dropped.nic", // ice
  ],
  tx_wire_discards: ["tx_discards_phy", "port.tx_dropped_link_down", "tx_dropped_link_down.nic"],
  rx_crc_errors: ["rx_crc_errors_phy", "port.rx_crc_errors", "rx_crc_errors.nic", "rx_crc_errors"],
  rx_alloc_failures: [
    "rx_buff_alloc_err", // mlx5
    "alloc_rx_buff_failed", // ixgbe
    "rx_alloc_fail", // ice, i40e
    "queue_#_rx_page_alloc_fail", // ena
    "rx_queue_#_alloc_failed", // igb
    "rx_buf_alloc_fail", // gve
    "rx buf alloc fail", // vmxnet3
  ],
  tx_queue_full: [
    "tx_queue_stopped", // mlx5
    "tx_restart_queue", // ixgbe, igb
    "tx_restart", // ice
    "tx_stopped", // i40e
    "queue_#_tx_queue_stop", // ena
    "stop_queue", // hv_netvsc
    "ring full", // vmxnet3
  ],
  tx_timeouts: [
    "tx_timeout_count",
    "tx_tx_timeouts",
    "tx_timeouts",
    "tx_timeout",
    "port.tx_timeout",
  ],
  rx_pause: [
    "rx_pause_ctrl_phy",
    "rx_global_pause",
    "port.link_xoff_rx",
    "link_xoff_rx.nic",
    "rx_flow_control_xoff",
    "rx_pause_frames",
  ],
  tx_pause: [
    "tx_pause_ctrl_phy",
    "tx_global_pause",
    "port.link_xoff_tx",
    "link_xoff_tx.nic",
    "tx_flow_control_xoff",
    "tx_pause_frames",
  ],
  ...sameNames([
    "bw_in_allowance_exceeded",
    "bw_out_allowance_exceeded",
    "pps_allowance_exceeded",
    "conntrack_allowance_exceeded",
    "linklocal_allowance_exceeded",
    "conntrack_allowance_available",
  ]),
};

/** What else a driver counts of trouble is recorded beside the declared fields. */
export const TROUBLE =
  /drop|miss|err|discard|no_?buf|out_of|oob|timeout|allowance|fail|no_mem|no_space|no_dma|too_big|busy|full|overrun|stop|pause|xoff|reset|wqe_stall/i;

function sameNames(names: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(names.map((name) => [name, [name]]));
}

const GAUGES: ReadonlySet<string> = new Set(["conntrack_allowance_available"]);

export const DRIVER_GROUP_FIELDS: readonly Field[] = [
  ...counterFields(Object.keys(DRIVER_FIELDS).filter((field) => !GAUGES.has(field))),
  ...gaugeFields([...GAUGES]),
];

const declare = declareFor({
  file: "/sys/class/net/<interface>, through ethtool -S",
  doc: "https://man7.org/linux/man-pages/man8/ethtool.8.html",
  resource: "network",
});

const error: CounterParts = { use: "errors", better: "lower" };
const full: CounterParts = { use: "saturation", better: "lower" };
const names = (field: string): CounterParts => ({
  field: `the first there is of: ${DRIVER_FIELDS[field]!.join(", ")}`,
});

export const DRIVER_COUNTERS: readonly Counter[] = [
  declare(
    "Inbound Bandwidth Allowance Exceeded/sec",
    "bw_in_allowance_exceeded",
    "Packets queued or dropped by the cloud because the instance received more than its type may. Nothing in " +
      "the guest shows it otherwise: the network is simply slow. Amazon EC2.",
    full,
  ),
  declare(
    "Outbound Bandwidth Allowance Exceeded/sec",
    "bw_out_allowance_exceeded",
    "Packets queued or dropped by the cloud because the instance sent more than its type may. Types with " +
      '"up to" in their bandwidth have it for minutes only. Amazon EC2.',
    full,
  ),
  declare(
    "Packet Rate Allowance Exceeded/sec",
    "pps_allowance_exceeded",
    "Packets queued or dropped by the cloud because there were too many per second, of whatever size. Amazon EC2.",
    full,
  ),
  declare(
    "Connection Allowance Exceeded/sec",
    "conntrack_allowance_exceeded",
    "Packets dropped by the cloud because the instance had too many connections for its firewall (security " +
      "group) to follow: new ones fail. Amazon EC2.",
    { ...full, use: "errors" },
  ),
  declare(
    "Connection Allowance Available",
    "conntrack_allowance_available",
    "Connections that the cloud's firewall can still follow for this instance. Amazon EC2.",
    { ...COUNT_GAUGE, use: "capacity", better: "higher" },
  ),
  declare(
    "Local Services Allowance Exceeded/sec",
    "linklocal_allowance_exceeded",
    "Packets to the cloud's name servers, clock and metadata dropped because there were too many: DNS look-ups " +
      "time out. Amazon EC2.",
    { ...full, use: "errors" },
  ),
  declare(
    "Receive Ring Drops/sec",
    "rx_ring_full",
    "Packets lost because the card had no free buffer of the host to put them into: the CPUs fetch too slowly, " +
      "or the ring is too small (ethtool -g). Not all drivers count these as drops of the interface.",
    { ...full, ...names("rx_ring_full"), use: "errors" },
  ),
  declare(
    "Receive Buffer Allocation Failures/sec",
    "rx_alloc_failures",
    "Times the driver found no memory for receive buffers; packets are lost if it goes on.",
    { ...error, ...names("rx_alloc_failures") },
  ),
  declare(
    "Transmit Queue Full/sec",
    "tx_queue_full",
    "Times a transmit queue was full and had to be stopped for a while: the card or the network takes less than " +
      "the host gives. Frequent on busy links, without loss.",
    { ...full, ...names("tx_queue_full"), level: "advanced" },
  ),
  declare(
    "Transmit Timeouts/sec",
    "tx_timeouts",
    "Times the card had stopped sending and was reset. One is too many: firmware, driver or hardware.",
    { ...error, ...names("tx_timeouts") },
  ),
  declare(
    "Receive Wire Discards/sec",
    "rx_wire_discards",
    "Packets dropped in the card before they got to a ring, because its own buffer was full: the bus, or the host " +
      "as a whole, is too slow for bursts.",
    { ...error, ...names("rx_wire_discards") },
  ),
  declare(
    "Transmit Wire Discards/sec",
    "tx_wire_discards",
    "Packets dropped in the card instead of sent.",
    { ...error, ...names("tx_wire_discards"), level: "advanced" },
  ),
  declare(
    "Checksum Errors/sec",
    "rx_crc_errors",
    "Frames with a wrong checksum: a bad cable, transceiver or port.",
    { ...error, ...names("rx_crc_errors") },
  ),
  declare(
    "Pause Frames Received/sec",
    "rx_pause",
    "Times the switch told this host to stop sending: the way ahead is congested.",
    { ...full, ...names("rx_pause"), level: "advanced" },
  ),
  declare(
    "Pause Frames Sent/sec",
    "tx_pause",
    "Times this host's card told the switch to stop sending: the host does not keep up, and holds up others.",
    { ...full, ...names("tx_pause"), level: "advanced" },
  ),
];
