/** TCP: how lost data is found out and sent again, and how connections end badly. */
import type { Counter } from "../counter/declaration.ts";
import { type CounterParts, declareFor } from "./declare.ts";

const declare = declareFor({
  file: "/proc/net/netstat",
  doc: "https://docs.kernel.org/networking/snmp_counter.html",
  resource: "network",
});

const error: CounterParts = { use: "errors", better: "lower", level: "advanced" };
const fewer: CounterParts = { better: "lower", level: "advanced" };

export const TCP_LOSS_COUNTERS: readonly Counter[] = [
  declare(
    "SACK Recoveries/sec",
    "TCPSackRecovery",
    "Times a connection began to repeat data because selective acknowledgments (SACK) showed holes: " +
      "losses that were mended without standing still. Each halves the connection's speed, or nearly.",
    error,
  ),
  declare(
    "Reno Recoveries/sec",
    "TCPRenoRecovery",
    "As SACK recoveries, on connections without selective acknowledgments: an old or odd other side, " +
      "or net.ipv4.tcp_sack is off. Several losses at once then cost far more.",
    error,
  ),
  declare(
    "Tail Loss Probe Recoveries/sec",
    "TCPLossProbeRecovery",
    "Losses at the end of a burst that a probe found out and mended; without it each would have cost " +
      "a timeout.",
    error,
  ),
  declare(
    "Recoveries Undone/sec",
    ["TCPFullUndo", "TCPPartialUndo", "TCPDSACKUndo", "TCPLossUndo"],
    "Times a connection took its slowing down back, because nothing had been lost: segments only came " +
      "late or in another order.",
    fewer,
  ),
  declare(
    "Reorderings/sec",
    ["TCPSACKReorder", "TCPTSReorder", "TCPRenoReorder"],
    "Times it showed that sent segments had arrived in another order: paths of different length, as " +
      "with packets of one connection spread over several links.",
    fewer,
  ),
  declare(
    "SACK Renegings/sec",
    "TCPSACKReneging",
    "Times the other side threw away what it had acknowledged (selectively), for want of memory.",
    error,
  ),
  declare(
    "Retransmissions Failed/sec",
    "TCPRetransFail",
    "Segments that were to be repeated, but could not be handed on: no memory, or the network card's " +
      "queue was full.",
    error,
  ),
  declare(
    "Retransmissions Still Queued/sec",
    "TCPSpuriousRtxHostQueues",
    "Segments that were to be repeated while the first copy had not even left this host: its own " +
      "queues (qdisc, driver) are the delay.",
    fewer,
  ),
  declare(
    "Data Segments Sent/sec",
    "TCPOrigDataSent",
    "Segments with new data sent, without bare acknowledgments and without repeated ones: the right " +
      "measure for retransmissions.",
    { level: "advanced", defaultScale: -3 },
  ),
  declare(
    "% Segments Congestion Marked",
    "TCPDeliveredCE",
    "Share of the delivered segments that the network had marked as having met congestion (ECN).",
    {
      type: "fraction",
      unit: "%",
      base: ["TCPDelivered"],
      use: "saturation",
      better: "lower",
      level: "advanced",
    },
  ),
  declare(
    "Delayed Acknowledgments/sec",
    "DelayedACKs",
    "Acknowledgments sent by the timer (40 ms and more), because no data of our own came to carry them. " +
      "Many, with few segments: a program that writes in small pieces waits for each of them.",
    fewer,
  ),
  declare(
    "Duplicate Segments Received/sec",
    "DelayedACKLost",
    "Segments that had arrived before: our acknowledgment was lost or late, and the other side sent again.",
    fewer,
  ),
  declare(
    "Challenge Acknowledgments/sec",
    "TCPChallengeACK",
    "Answers to segments that do not fit their connection, to find out whether they are genuine: left-overs " +
      "of an earlier connection, a middle box, or an attack.",
    fewer,
  ),
  declare(
    "Segments Rejected as Old/sec",
    "PAWSEstab",
    "Segments dropped because their timestamp was older than that of one before: address translation that " +
      "mixes several hosts' clocks, or very late duplicates.",
    error,
  ),
  declare(
    "Keepalive Probes/sec",
    "TCPKeepAlive",
    "Probes sent to find out whether the other side of an idle connection is still there.",
    { level: "advanced" },
  ),
  declare(
    "Aborts on Data/sec",
    "TCPAbortOnData",
    "Connections that a program cut off while data was under way or arrived after it had closed: the other " +
      "side gets a reset. Programs with SO_LINGER 0 do it on purpose.",
    error,
  ),
  declare(
    "Aborts on Close/sec",
    "TCPAbortOnClose",
    "Connections that a program closed without having read all that had arrived: the other side gets a reset.",
    error,
  ),
  declare(
    "Aborts on Linger/sec",
    "TCPAbortOnLinger",
    "Closed connections dropped because the other side did not close its half within the time that the " +
      "program had set (TCP_LINGER2).",
    error,
  ),
  declare(
    "Aborts Failed/sec",
    "TCPAbortFailed",
    "Resets that could not be sent, for want of memory: the other side does not learn that the connection " +
      "is gone.",
    error,
  ),
  declare(
    "Half-Open Resets/sec",
    "EmbryonicRsts",
    "Connections reset before they were complete: port scans, or load balancers that only look whether the " +
      "port is open.",
    fewer,
  ),
];
