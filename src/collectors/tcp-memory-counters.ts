/** TCP: windows that close, buffers that run full, and what is dropped for it. */
import type { Counter } from "../counter/declaration.ts";
import { type CounterParts, declareFor } from "./declare.ts";

const declare = declareFor({
  file: "/proc/net/netstat",
  doc: "https://docs.kernel.org/networking/snmp_counter.html",
  resource: "network",
});

const full: CounterParts = { use: "saturation", better: "lower", level: "advanced" };

export const TCP_MEMORY_COUNTERS: readonly Counter[] = [
  declare(
    "Zero Windows Ended/sec",
    "TCPFromZeroWindowAdv",
    "Times this host let a sender go on that it had told to stop. Far fewer than Zero Windows " +
      "Advertised: programs that do not read at all.",
    full,
  ),
  declare(
    "Zero Windows Wanted/sec",
    "TCPWantZeroWindowAdv",
    "Times this host would have told a sender to stop for want of memory, but could not take back room " +
      "that it had promised.",
    full,
  ),
  declare(
    "Window Probes/sec",
    "TCPWinProbe",
    "Probes sent because the other side had told this host to stop: the program over there does not read. " +
      "The counterpart of Zero Windows Advertised.",
    { ...full, level: "standard" },
  ),
  declare(
    "Zero Window Drops/sec",
    "TCPZeroWindowDrop",
    "Segments dropped because they came though the sender had been told to stop.",
    full,
  ),
  declare(
    "% Memory Pressure Time",
    "TCPMemoryPressuresChrono",
    "Share of the time in which TCP as a whole saved memory, because its buffers had passed the second " +
      "number of net.ipv4.tcp_mem: windows shrink, and so does throughput. Counted when the pressure ends.",
    { ...full, type: "percent-time", unit: "%", scale: 0.001 },
  ),
  declare(
    "Receive Queue Collapses/sec",
    "TCPRcvCollapsed",
    "Buffers copied together to win room in a receive queue that outgrew its limit. Costs CPU.",
    full,
  ),
  declare(
    "Out of Order Prunes/sec",
    "OfoPruned",
    "Times that segments which had arrived out of order were thrown away to win room: they must be sent " +
      "again.",
    full,
  ),
  declare(
    "Failed Prunes/sec",
    "RcvPruned",
    "Times that squeezing a receive queue won too little room: arriving data is dropped.",
    full,
  ),
  declare(
    "Out of Order Drops/sec",
    "TCPOFODrop",
    "Segments that arrived out of order and were dropped because there was no room to keep them.",
    full,
  ),
  declare(
    "Emergency Memory Drops/sec",
    "PFMemallocDrop",
    "Packets dropped because they had to be received into the kernel's last reserve of memory, which is kept " +
      "for writing to swap: the host is out of memory.",
    full,
  ),
  declare(
    "Request Queue Full Drops/sec",
    "TCPReqQFullDrop",
    "Connection requests dropped because too many were half open (net.ipv4.tcp_max_syn_backlog, " +
      "net.core.somaxconn), and SYN cookies are off.",
    full,
  ),
  declare(
    "Request Queue Full Cookies/sec",
    "TCPReqQFullDoCookies",
    "Connection requests answered with a SYN cookie because too many were half open.",
    full,
  ),
  declare(
    "Deferred Accept Drops/sec",
    "TCPDeferAcceptDrop",
    "Last steps of a handshake ignored because the listening program waits for data first " +
      "(TCP_DEFER_ACCEPT).",
    { better: "lower", level: "advanced" },
  ),
  declare(
    "Time to Live Drops/sec",
    "TCPMinTTLDrop",
    "Segments dropped because they had come too far for a program that asked for near ones (IP_MINTTL): " +
      "routing daemons do.",
    { use: "errors", better: "lower", level: "advanced" },
  ),
];
