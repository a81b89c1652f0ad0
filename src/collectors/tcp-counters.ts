import { type Counter, type Field, counterFields, gaugeFields } from "../counter/declaration.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";

const declare = declareFor({
  file: "/proc/net/snmp",
  doc: "https://docs.kernel.org/networking/snmp_counter.html",
  resource: "network",
});

/** Fields that counters below are made of; all others of the files are recorded beside them. */
export const TCP_FIELDS: readonly Field[] = [
  ...gaugeFields(["RtoAlgorithm", "RtoMin", "RtoMax", "MaxConn", "CurrEstab"]),
  ...counterFields(
    (
      "ActiveOpens PassiveOpens AttemptFails EstabResets InSegs OutSegs RetransSegs InErrs OutRsts " +
      "InCsumErrors SyncookiesSent SyncookiesRecv SyncookiesFailed EmbryonicRsts PruneCalled " +
      "RcvPruned OfoPruned TW TWRecycled DelayedACKs ListenOverflows ListenDrops TCPLostRetransmit " +
      "TCPFastRetrans TCPSlowStartRetrans TCPTimeouts TCPLossProbes TCPLossProbeRecovery " +
      "TCPSpuriousRTOs TCPDSACKRecv TCPBacklogDrop TCPRcvCollapsed TCPRetransFail TCPOFOQueue " +
      "TCPOFODrop TCPAbortOnData TCPAbortOnClose TCPAbortOnMemory TCPAbortOnTimeout " +
      "TCPMemoryPressures TCPMemoryPressuresChrono TCPTimeWaitOverflow TCPReqQFullDoCookies " +
      "TCPReqQFullDrop TCPSynRetrans TCPOrigDataSent TCPFromZeroWindowAdv TCPToZeroWindowAdv " +
      "TCPWantZeroWindowAdv TCPZeroWindowDrop TCPRcvQDrop TCPKeepAlive TCPDelivered TCPDeliveredCE " +
      "TCPSackRecovery TCPRenoRecovery TCPFullUndo TCPPartialUndo TCPDSACKUndo TCPLossUndo " +
      "TCPSACKReorder TCPTSReorder TCPRenoReorder TCPSACKReneging TCPSpuriousRtxHostQueues " +
      "DelayedACKLost TCPChallengeACK PAWSEstab TCPAbortOnLinger TCPAbortFailed TCPWinProbe " +
      "PFMemallocDrop TCPMinTTLDrop TCPDeferAcceptDrop"
    ).split(" "),
  ),
  ...gaugeFields(["inuse", "orphan", "tw", "alloc", "mem"]),
];

const error: CounterParts = { use: "errors", better: "lower" };
const full: CounterParts = { use: "saturation", better: "lower" };
const ext: CounterParts = { file: "/proc/net/netstat" };
const socket: CounterParts = { ...COUNT_GAUGE, use: "information", file: "/proc/net/sockstat" };
const advanced: CounterParts = { level: "advanced" };

export const TCP_COUNTERS: readonly Counter[] = [
  declare(
    "Segments Received/sec",
    "InSegs",
    "Segments received, those in error included. The network card joins segments (GRO), so it may " +
      "be far below the packets on the wire.",
    { defaultScale: -3, equivalents: ["sar -n TCP iseg/s"] },
  ),
  declare("Segments Sent/sec", "OutSegs", "Segments sent, without those that only repeat data.", {
    defaultScale: -3,
    equivalents: ["sar -n TCP oseg/s"],
  }),
  declare(
    "Segments/sec",
    ["InSegs", "OutSegs"],
    "Segments received and sent, added up: how busy TCP is on this host.",
    { defaultScale: -3 },
  ),
  declare(
    "Segments Retransmitted/sec",
    "RetransSegs",
    "Segments sent again because no acknowledgment came: data, or its acknowledgment, got lost. In " +
      "a data center it should be near 0; steady values mean full switch queues, a bad link or a " +
      "throttled network.",
    { ...error, equivalents: ["sar -n ETCP retrans/s"] },
  ),
  declare(
    "% Segments Retransmitted",
    "RetransSegs",
    "Share of all transmitted segments that repeated data. 0.1 % is felt on fast links, 1 % cuts " +
      "throughput over longer distances severely.",
    { ...error, type: "fraction", unit: "%", base: ["OutSegs", "RetransSegs"] },
  ),
  declare("Connections Active/sec", "ActiveOpens", "Connections that this host opened.", {
    equivalents: ["sar -n TCP active/s"],
  }),
  declare(
    "Connections Passive/sec",
    "PassiveOpens",
    "Connections that others opened to this host. Many per second with little data each: a client " +
      "without a connection pool.",
    { equivalents: ["sar -n TCP passive/s"] },
  ),
  declare(
    "Connection Failures/sec",
    "AttemptFails",
    "Attempts to connect, from either side, that came to nothing: refused or given up.",
    { ...error, equivalents: ["sar -n ETCP atmptf/s"] },
  ),
  declare(
    "Connections Reset/sec",
    "EstabResets",
    "Established connections that ended with a reset instead of in order: a program died, or closed " +
      "with data unread.",
    { ...error, equivalents: ["sar -n ETCP estres/s"] },
  ),
  declare("Connections Established", "CurrEstab", "Connections that are open now.", {
    ...COUNT_GAUGE,
    use: "information",
    equivalents: ["ss -s estab", "netstat -s"],
  }),
  declare(
    "Resets Sent/sec",
    "OutRsts",
    "Resets sent by this host: somebody knocked at a closed port, or a program dropped its connection.",
    { ...error, equivalents: ["sar -n ETCP orsts/s"] },
  ),
  declare(
    "Segments Received in Error/sec",
    "InErrs",
    "Segments received in error: wrong checksum or impossible header.",
    { ...error, equivalents: ["sar -n ETCP isegerr/s"] },
  ),
  declare(
    "Checksum Errors/sec",
    "InCsumErrors",
    "Segments with a wrong checksum: a broken cable, card or driver.",
    { ...error, ...advanced },
  ),
  declare(
    "Listen Overflows/sec",
    "ListenOverflows",
    "Connections that were complete but found the accept queue of the listening program full. The " +
      "client waits a second and more and tries again. The program accepts too slowly, or its backlog " +
      "or net.core.somaxconn is too small.",
    { ...ext, ...full, equivalents: ["netstat -s listen queue of a socket overflowed"] },
  ),
  declare(
    "Listen Drops/sec",
    "ListenDrops",
    "Connection requests dropped by listening sockets for any reason; overflows are part of it.",
    { ...ext, ...full, equivalents: ["netstat -s SYNs to LISTEN sockets dropped"] },
  ),
  declare(
    "Timeouts/sec",
    "TCPTimeouts",
    "Times that the retransmission timer ran out: the connection stood still for 200 ms and more " +
      "before it sent again. Far costlier than fast retransmissions.",
    { ...ext, ...error },
  ),
  declare(
    "Fast Retransmissions/sec",
    "TCPFastRetrans",
    "Segments repeated at once because acknowledgments showed a hole: the cheap way to recover.",
    { ...ext, ...error, ...advanced },
  ),
  declare(
    "Slow Start Retransmissions/sec",
    "TCPSlowStartRetrans",
    "Segments repeated after a timeout.",
    { ...ext, ...error, ...advanced },
  ),
  declare(
    "Lost Retransmissions/sec",
    "TCPLostRetransmit",
    "Repeated segments that were lost again: the path is badly overloaded.",
    { ...ext, ...error, ...advanced },
  ),
  declare(
    "SYN Retransmissions/sec",
    "TCPSynRetrans",
    "Connection requests (and their answers) that had to be repeated, after 1 s at the earliest: the " +
      "other side is down, drops them or does not keep up.",
    { ...ext, ...error },
  ),
  declare(
    "Tail Loss Probes/sec",
    "TCPLossProbes",
    "Last segments sent again early, to find out whether they arrived; many are harmless.",
    { ...ext, ...advanced, better: "lower" },
  ),
  declare(
    "Spurious Timeouts/sec",
    "TCPSpuriousRTOs",
    "Timeouts where nothing was lost: the answer was merely late. The other host, or the path, stalls.",
    { ...ext, ...error, ...advanced },
  ),
  declare(
    "Duplicate Acknowledgments Received/sec",
    "TCPDSACKRecv",
    "Notices that data arrived twice: this host repeated what was not lost.",
    { ...ext, ...advanced, better: "lower" },
  ),
  declare(
    "Out of Order Segments/sec",
    "TCPOFOQueue",
    "Segments that arrived before their predecessors and had to be kept: loss on the way, or paths of " +
      "different length.",
    { ...ext, ...advanced, better: "lower" },
  ),
  declare(
    "Backlog Drops/sec",
    "TCPBacklogDrop",
    "Segments dropped because the program held the socket while too many arrived.",
    { ...ext, ...full, ...advanced },
  ),
  declare(
    "Receive Queue Drops/sec",
    "TCPRcvQDrop",
    "Segments dropped because the receive queue was full.",
    { ...ext, ...full, ...advanced },
  ),
  declare(
    "Receive Buffer Prunes/sec",
    "PruneCalled",
    "Times the kernel had to squeeze a receive queue that outgrew its buffer: the program reads too slowly.",
    { ...ext, ...full, ...advanced },
  ),
  declare(
    "Zero Windows Advertised/sec",
    "TCPToZeroWindowAdv",
    "Times this host told a sender to stop, because a program did not read what had arrived. The " +
      "receiving program is the bottleneck, not the network.",
    { ...ext, ...full },
  ),
  declare(
    "Aborts on Memory/sec",
    "TCPAbortOnMemory",
    "Connections closed because too many orphaned sockets held too much memory.",
    { ...ext, ...error, ...advanced },
  ),
  declare(
    "Aborts on Timeout/sec",
    "TCPAbortOnTimeout",
    "Connections given up because the other side did not answer any more.",
    { ...ext, ...error, ...advanced },
  ),
  declare(
    "Memory Pressures/sec",
    "TCPMemoryPressures",
    "Times TCP began to save memory because its buffers neared net.ipv4.tcp_mem.",
    { ...ext, ...full, ...advanced },
  ),
  declare(
    "SYN Cookies Sent/sec",
    "SyncookiesSent",
    "Connection requests answered with a cookie because the request queue was full: a flood, or a " +
      "backlog too small.",
    { ...ext, ...full, ...advanced },
  ),
  declare(
    "TIME-WAIT Overflows/sec",
    "TCPTimeWaitOverflow",
    "Closed connections that skipped TIME-WAIT because net.ipv4.tcp_max_tw_buckets was reached.",
    { ...ext, ...full, ...advanced },
  ),
  declare(
    "Congestion Marked Segments/sec",
    "TCPDeliveredCE",
    "Segments that arrived but were marked by the network as having met congestion (ECN).",
    { ...ext, ...full, ...advanced },
  ),
  declare(
    "Sockets In Use",
    "inuse",
    "TCP sockets in use, IPv4 and IPv6, listening ones included.",
    {
      ...socket,
      file: "/proc/net/sockstat, sockstat6",
      equivalents: ["sar -n SOCK tcpsck (IPv4)"],
    },
  ),
  declare(
    "Sockets TIME-WAIT",
    "tw",
    "Connections that this host closed first and whose ports stay reserved for a minute. Tens of " +
      "thousands use up the ports towards one server: keep connections open instead.",
    { ...socket, better: "lower", equivalents: ["sar -n SOCK tcp-tw", "ss -s timewait"] },
  ),
  declare(
    "Sockets Orphaned",
    "orphan",
    "Closed by their program, still busy with sending the rest.",
    { ...socket, better: "lower", ...advanced },
  ),
  declare("Sockets Allocated", "alloc", "TCP sockets allocated, in any state.", {
    ...socket,
    ...advanced,
  }),
  declare(
    "Buffer Pages",
    "mem",
    "Pages of memory in use by TCP sockets' buffers, against the limits in net.ipv4.tcp_mem.",
    { ...socket, ...advanced },
  ),
];
