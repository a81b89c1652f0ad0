import { type CounterObject, counterFields } from "../counter/declaration.ts";
import { snmp6Table } from "../procfs/snmp.ts";
import type { Collector } from "./collector.ts";
import { type CounterParts, declareFor } from "./declare.ts";
import { tableCollector } from "./table-collector.ts";

const declare = declareFor({
  file: "/proc/net/snmp6",
  doc: "https://docs.kernel.org/networking/snmp_counter.html",
  resource: "network",
});

const error: CounterParts = { use: "errors", better: "lower" };

const object: CounterObject = {
  name: "IPv6",
  help:
    "IPv6, ICMPv6 and UDP over IPv6 in the host's network namespace. Missing where IPv6 is switched " +
    "off. TCP over IPv6 is counted in the object TCP.",
  instances: "none",
  cadence: "every-sample",
  groups: [
    {
      id: "ipv6",
      fields: counterFields(
        (
          "Ip6InReceives Ip6OutRequests Ip6InDelivers Ip6OutForwDatagrams Ip6InOctets Ip6OutOctets " +
          "Ip6InDiscards Ip6OutDiscards Ip6InHdrErrors Ip6InTooBigErrors Ip6OutNoRoutes " +
          "Ip6ReasmFails Ip6FragFails Icmp6InMsgs Icmp6OutMsgs Udp6InDatagrams Udp6OutDatagrams " +
          "Udp6NoPorts Udp6InErrors Udp6RcvbufErrors Udp6SndbufErrors Udp6InCsumErrors Ip6InCEPkts " +
          "Icmp6InErrors Icmp6InDestUnreachs"
        ).split(" "),
      ),
    },
  ],
  counters: [
    declare(
      "Datagrams Received/sec",
      "Ip6InReceives",
      "IPv6 datagrams that arrived from all interfaces.",
      {
        defaultScale: -3,
        equivalents: ["sar -n IP6 irec6/s"],
      },
    ),
    declare(
      "Datagrams Sent/sec",
      "Ip6OutRequests",
      "IPv6 datagrams that protocols of this host sent.",
      {
        defaultScale: -3,
        equivalents: ["sar -n IP6 orq6/s"],
      },
    ),
    declare(
      "Datagrams Forwarded/sec",
      "Ip6OutForwDatagrams",
      "IPv6 datagrams passed on to other hosts: this host routes.",
      { equivalents: ["sar -n IP6 fwddgm6/s"] },
    ),
    declare(
      "Datagrams Received Delivered/sec",
      "Ip6InDelivers",
      "IPv6 datagrams handed to TCP, UDP and other protocols of this host.",
      { defaultScale: -3, equivalents: ["sar -n IP6 idel6/s"] },
    ),
    declare(
      "Bytes Received/sec",
      "Ip6InOctets",
      "Bytes of all IPv6 datagrams received, headers included.",
      {
        unit: "bytes/s",
        defaultScale: -6,
      },
    ),
    declare(
      "Bytes Sent/sec",
      "Ip6OutOctets",
      "Bytes of all IPv6 datagrams sent, headers included.",
      {
        unit: "bytes/s",
        defaultScale: -6,
      },
    ),
    declare(
      "Datagrams Received Discarded/sec",
      "Ip6InDiscards",
      "Good IPv6 datagrams thrown away on arrival, for want of memory or by rule.",
      { ...error, equivalents: ["sar -n EIP6 idisc6/s"] },
    ),
    declare(
      "Datagrams Outbound Discarded/sec",
      "Ip6OutDiscards",
      "Good IPv6 datagrams thrown away on the way out.",
      { ...error, equivalents: ["sar -n EIP6 odisc6/s"] },
    ),
    declare(
      "Datagrams Outbound No Route/sec",
      "Ip6OutNoRoutes",
      "IPv6 datagrams for which there was no route.",
      {
        ...error,
        level: "advanced",
        equivalents: ["sar -n EIP6 onort6/s"],
      },
    ),
    declare(
      "Too Big Errors/sec",
      "Ip6InTooBigErrors",
      "Datagrams that did not fit the next link: IPv6 routers do not cut them, the sender must send less.",
      { ...error, level: "advanced" },
    ),
    declare(
      "Fragment Re-assembly Failures/sec",
      "Ip6ReasmFails",
      "IPv6 datagrams that could not be put together: a fragment was lost, or the memory for them used up.",
      { ...error, equivalents: ["sar -n EIP6 asmf6/s"] },
    ),
    declare(
      "Fragmentation Failures/sec",
      "Ip6FragFails",
      "IPv6 datagrams of this host that were too large and must not be cut: a mismatch of MTUs.",
      { ...error, level: "advanced", equivalents: ["sar -n EIP6 fragf6/s"] },
    ),
    declare(
      "Congestion Marked Datagrams Received/sec",
      "Ip6InCEPkts",
      "IPv6 datagrams that a switch or router marked as having met congestion (ECN).",
      { level: "advanced", use: "saturation", better: "lower" },
    ),
    declare(
      "ICMP Messages Received/sec",
      "Icmp6InMsgs",
      "ICMPv6 messages received: neighbors looking for addresses, routers, pings and notices of trouble.",
      { level: "advanced", equivalents: ["sar -n ICMP6 imsg6/s"] },
    ),
    declare("ICMP Messages Sent/sec", "Icmp6OutMsgs", "ICMPv6 messages sent by this host.", {
      level: "advanced",
      equivalents: ["sar -n ICMP6 omsg6/s"],
    }),
    declare(
      "ICMP Destination Unreachable Received/sec",
      "Icmp6InDestUnreachs",
      "Answers that an IPv6 host, network or port could not be reached.",
      { ...error, level: "advanced", equivalents: ["sar -n EICMP6 idtunr6/s"] },
    ),
    declare(
      "UDP Datagrams Received/sec",
      "Udp6InDatagrams",
      "UDP datagrams over IPv6 delivered to programs.",
      { defaultScale: -3, equivalents: ["sar -n UDP6 idgm6/s"] },
    ),
    declare(
      "UDP Datagrams Sent/sec",
      "Udp6OutDatagrams",
      "UDP datagrams over IPv6 sent by this host.",
      {
        defaultScale: -3,
        equivalents: ["sar -n UDP6 odgm6/s"],
      },
    ),
    declare(
      "UDP Receive Buffer Errors/sec",
      "Udp6RcvbufErrors",
      "UDP datagrams over IPv6 thrown away because the socket's receive buffer was full.",
      { ...error, use: "saturation" },
    ),
    declare(
      "UDP Send Buffer Errors/sec",
      "Udp6SndbufErrors",
      "UDP datagrams over IPv6 that could not be sent because the send buffer was full.",
      { ...error, use: "saturation", level: "advanced" },
    ),
    declare(
      "UDP Receive Errors/sec",
      "Udp6InErrors",
      "UDP datagrams over IPv6 that could not be delivered for other reasons than a missing listener; full " +
        "receive buffers and wrong checksums are in it.",
      { ...error, equivalents: ["sar -n UDP6 idgmer6/s"] },
    ),
    declare(
      "UDP No Port/sec",
      "Udp6NoPorts",
      "UDP datagrams over IPv6 for a port on which nobody listens.",
      { ...error, level: "advanced", equivalents: ["sar -n UDP6 noport6/s"] },
    ),
  ],
};

/** IPv6, ICMPv6, UDP over IPv6: net/snmp6. */
export const ipv6: Collector = tableCollector(
  object,
  [
    {
      file: "net/snmp6",
      manner: "whole",
      makeTable: snmp6Table,
      // Counts per type of message come into being one by one as messages arrive: left out.
      fieldOf: (name) => (/^Icmp6(In|Out)Type\d+$/.test(name) ? undefined : name),
    },
  ],
  { kindOf: () => "counter" },
);
