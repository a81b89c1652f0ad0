import {
  type Counter,
  type FieldGroup,
  counterFields,
  gaugeFields,
} from "../counter/declaration.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";

/** Read in every sample; the first have files of their names, the others are made. */
export const TRAFFIC_FILES = [
  "port_rcv_data",
  "port_xmit_data",
  "port_rcv_packets",
  "port_xmit_packets",
] as const;

export const TRAFFIC_GROUP: FieldGroup = {
  id: "traffic",
  fields: [...counterFields([...TRAFFIC_FILES, "busier_bytes", "capacity_bytes"])],
};

/** Registers of queue pairs in Mellanox cards are 32 bits wide (drivers/infiniband/hw/mlx5/counters.c). */
const QUEUE_COUNTERS = (
  "out_of_buffer out_of_sequence duplicate_request rnr_nak_retry_err packet_seq_err " +
  "implied_nak_seq_err local_ack_timeout_err roce_adp_retrans roce_adp_retrans_to " +
  "roce_slow_restart req_transport_retries_exceeded req_rnr_retries_exceeded"
).split(" ");

/** Groups of their own: a driver may refuse either, and then it is absent. */
export const LINK_GROUP: FieldGroup = { id: "link", fields: gaugeFields(["active"]) };
export const RATE_GROUP: FieldGroup = { id: "rate", fields: gaugeFields(["speed_bits"]) };

/** Read every 10 s: each is a question to the card. What else the two folders hold is recorded beside them. */
export const STATE_GROUP: FieldGroup = {
  id: "state",
  fields: [
    ...counterFields(
      (
        "symbol_error link_error_recovery link_downed port_rcv_errors port_xmit_discards " +
        "excessive_buffer_overrun_errors local_link_integrity_errors port_rcv_remote_physical_errors " +
        "VL15_dropped port_xmit_wait np_cnp_sent np_ecn_marked_roce_packets rp_cnp_handled " +
        "rx_icrc_encapsulated"
      ).split(" "),
    ),
    ...counterFields(QUEUE_COUNTERS, 32),
  ],
};

const DOC = "https://www.kernel.org/doc/Documentation/ABI/stable/sysfs-class-infiniband";
const counters = { doc: DOC, resource: "network" } as const;
const traffic = declareFor({
  ...counters,
  file: "/sys/class/infiniband/<device>/ports/<port>/counters",
});
const hardware = declareFor({
  ...counters,
  file: "/sys/class/infiniband/<device>/ports/<port>/hw_counters",
});

const WORD_BYTES = 4;
const bytes: CounterParts = { unit: "bytes/s", scale: WORD_BYTES, defaultScale: -6 };
const state: CounterParts = { group: "state" };
const error: CounterParts = { ...state, use: "errors", better: "lower" };
const full: CounterParts = { ...state, use: "saturation", better: "lower" };
const advanced: CounterParts = { level: "advanced" };

export const INFINIBAND_COUNTERS: readonly Counter[] = [
  traffic(
    "Bytes Received/sec",
    "port_rcv_data",
    "Bytes received over the fabric, by RDMA as well as by sockets. RDMA shows nowhere else: not in " +
      "Network Interface, not in IP. The card counts in words of four bytes.",
    { ...bytes, equivalents: ["perfquery PortRcvData x 4"] },
  ),
  traffic("Bytes Sent/sec", "port_xmit_data", "Bytes sent over the fabric, by RDMA and sockets.", {
    ...bytes,
    equivalents: ["perfquery PortXmitData x 4"],
  }),
  traffic(
    "Bytes Total/sec",
    ["port_rcv_data", "port_xmit_data"],
    "Bytes received and sent, added up. A port can do its full rate in both directions at once.",
    bytes,
  ),
  traffic(
    "Packets Received/sec",
    "port_rcv_packets",
    "Packets received, those in error included.",
    {
      defaultScale: -3,
    },
  ),
  traffic("Packets Sent/sec", "port_xmit_packets", "Packets sent, those in error included.", {
    defaultScale: -3,
  }),
  traffic(
    "% Link Utilization",
    "busier_bytes",
    "What the busier direction carried, by what the link can carry (file rate).",
    {
      type: "fraction",
      unit: "%",
      base: ["capacity_bytes"],
      use: "utilization",
      better: "lower",
      field: "the larger of port_rcv_data and port_xmit_data, by rate",
    },
  ),
  traffic(
    "Send Waits/sec",
    "port_xmit_wait",
    "Ticks in which the port had data to send but was not allowed to, because the receiver's or the switch's " +
      "buffers were full: congestion of the fabric. The length of a tick is the card's own.",
    { ...full, equivalents: ["perfquery PortXmitWait"] },
  ),
  traffic("Link Active", "active", "1 when the port carries data (state ACTIVE), else 0.", {
    ...error,
    ...COUNT_GAUGE,
    group: "link",
    better: "higher",
    file: "/sys/class/infiniband/<device>/ports/<port>/state",
    field: "ACTIVE",
  }),
  traffic(
    "Current Bandwidth",
    "speed_bits",
    "Rate of the link in bits per second. Lower than the card's: a bad cable made it fall back.",
    {
      group: "rate",
      type: "gauge",
      unit: "bits/s",
      use: "capacity",
      better: "higher",
      defaultScale: -9,
      file: "/sys/class/infiniband/<device>/ports/<port>/rate",
      field: "Gb/sec",
      equivalents: ["ibstat Rate"],
    },
  ),
  traffic(
    "Link Downs/sec",
    "link_downed",
    "Times the link went down because it could not be mended.",
    { ...error, equivalents: ["perfquery LinkDownedCounter"] },
  ),
  traffic(
    "Link Recoveries/sec",
    "link_error_recovery",
    "Times the link had to be trained anew after errors, and was mended: data stood still meanwhile.",
    { ...error, equivalents: ["perfquery LinkErrorRecoveryCounter"] },
  ),
  traffic(
    "Symbol Errors/sec",
    "symbol_error",
    "Small errors on the wire. More than a few per hour: a cable or transceiver to be changed.",
    { ...error, equivalents: ["perfquery SymbolErrorCounter"] },
  ),
  traffic(
    "Packets Received Errors/sec",
    "port_rcv_errors",
    "Packets received with an error, and thrown away.",
    { ...error, equivalents: ["perfquery PortRcvErrors"] },
  ),
  traffic(
    "Packets Outbound Discarded/sec",
    "port_xmit_discards",
    "Packets thrown away instead of sent, because the port was down or congested for too long.",
    { ...error, equivalents: ["perfquery PortXmitDiscards"] },
  ),
  traffic(
    "Buffer Overruns/sec",
    "excessive_buffer_overrun_errors",
    "Times that more data came than the other side had been allowed to send: a broken card, cable or setting.",
    { ...error, ...advanced },
  ),
  traffic(
    "Link Integrity Errors/sec",
    "local_link_integrity_errors",
    "Times that errors on the wire came too close together.",
    { ...error, ...advanced },
  ),
  traffic(
    "Remote Physical Errors/sec",
    "port_rcv_remote_physical_errors",
    "Packets that a switch on the way had marked as broken already: the fault is farther away.",
    { ...error, ...advanced },
  ),
  traffic(
    "Management Packets Dropped/sec",
    "VL15_dropped",
    "Packets of the fabric's management dropped for want of buffers.",
    { ...error, ...advanced },
  ),
  hardware(
    "Receive Buffer Misses/sec",
    "out_of_buffer",
    "Packets dropped because the program had posted no buffer to receive into.",
    full,
  ),
  hardware(
    "Out of Sequence Packets/sec",
    "out_of_sequence",
    "Packets that arrived out of order, so that one before was lost. With RoCE each loss repeats much data: " +
      "look for pause frames and drops in the switches.",
    error,
  ),
  hardware(
    "Sequence Errors/sec",
    "packet_seq_err",
    "Notices from the other side that a packet of ours was missing: it and what followed is sent again.",
    error,
  ),
  hardware(
    "Acknowledgment Timeouts/sec",
    "local_ack_timeout_err",
    "Times that the other side did not acknowledge in time: the costliest kind of loss.",
    error,
  ),
  hardware(
    "Receiver Not Ready Retries/sec",
    "rnr_nak_retry_err",
    "Times that the other side had no buffer posted and we had to send again: the program over there is slow.",
    full,
  ),
  hardware(
    "Duplicate Requests/sec",
    "duplicate_request",
    "Requests that had arrived before: our answer was lost or late.",
    { ...error, ...advanced },
  ),
  hardware(
    "Congestion Notifications Sent/sec",
    "np_cnp_sent",
    "Notices sent to senders to slow down, because the network had marked their packets (RoCE with ECN).",
    full,
  ),
  hardware(
    "Congestion Notifications Received/sec",
    "rp_cnp_handled",
    "Notices upon which this host slowed down (RoCE with ECN).",
    full,
  ),
  hardware(
    "Congestion Marked Packets/sec",
    "np_ecn_marked_roce_packets",
    "Packets received that the network had marked as having met congestion.",
    { ...full, ...advanced },
  ),
  hardware(
    "Adaptive Retransmissions/sec",
    "roce_adp_retrans",
    "Retransmissions for RoCE by the card's adaptive algorithm.",
    { ...error, ...advanced },
  ),
  hardware(
    "Checksum Errors/sec",
    "rx_icrc_encapsulated",
    "RoCE packets with a wrong checksum (ICRC): a broken cable or transceiver.",
    { ...error, ...advanced },
  ),
];
