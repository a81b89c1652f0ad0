import { type CounterObject, counterFields, gaugeFields } from "../counter/declaration.ts";
import { isSnmpGauge, snmpTable } from "../procfs/snmp.ts";
import { sockstatTable } from "../procfs/sockstat.ts";
import type { Collector } from "./collector.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";
import { tableCollector } from "./table-collector.ts";

const declare = declareFor({
  file: "/proc/net/snmp",
  doc: "https://docs.kernel.org/networking/snmp_counter.html",
  resource: "network",
});

const error: CounterParts = { use: "errors", better: "lower" };
const ext: CounterParts = { file: "/proc/net/netstat" };

const object: CounterObject = {
  name: "IP",
  help:
    "IPv4 and ICMP in the host's network namespace, above all interfaces, loopback included. " +
    "Containers with a network of their own do not show here but as forwarded datagrams.",
  instances: "none",
  cadence: "every-sample",
  groups: [
    {
      id: "ip",
      fields: [
        ...gaugeFields(["Forwarding", "DefaultTTL", "sockets.used"]),
        ...counterFields(
          (
            "InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards InDelivers " +
            "OutRequests OutDiscards OutNoRoutes ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs " +
            "FragFails FragCreates OutTransmits InNoRoutes InTruncatedPkts InMcastPkts OutMcastPkts " +
            "InBcastPkts OutBcastPkts InOctets OutOctets InMcastOctets OutMcastOctets InBcastOctets " +
            "OutBcastOctets InCsumErrors InNoECTPkts InECT1Pkts InECT0Pkts InCEPkts ReasmOverlaps " +
            "Icmp.InMsgs Icmp.InErrors Icmp.InDestUnreachs Icmp.OutMsgs Icmp.OutErrors " +
            "Icmp.OutDestUnreachs"
          ).split(" "),
        ),
      ],
    },
  ],
  counters: [
    declare(
      "Datagrams Received/sec",
      "InReceives",
      "Datagrams that arrived from all interfaces, those in error and those to be forwarded included. " +
        "The network card joins segments of a TCP stream (GRO), so it may be far below the packets on " +
        "the wire.",
      { defaultScale: -3, equivalents: ["sar -n IP irec/s"] },
    ),
    declare(
      "Datagrams Sent/sec",
      "OutRequests",
      "Datagrams that protocols of this host handed to IP; forwarded ones are apart.",
      { defaultScale: -3, equivalents: ["sar -n IP orq/s"] },
    ),
    declare(
      "Datagrams/sec",
      ["InReceives", "OutRequests"],
      "Datagrams received and sent, added up: how busy IP is on this host.",
      { defaultScale: -3 },
    ),
    declare(
      "Datagrams Forwarded/sec",
      "ForwDatagrams",
      "Datagrams passed on to other hosts: this host routes, most likely for containers or virtual " +
        "machines.",
      { defaultScale: -3, equivalents: ["sar -n IP fwddgm/s"] },
    ),
    declare(
      "Datagrams Received Delivered/sec",
      "InDelivers",
      "Datagrams handed to TCP, UDP and other protocols of this host.",
      { defaultScale: -3, equivalents: ["sar -n IP idel/s"] },
    ),
    declare(
      "Bytes Received/sec",
      "InOctets",
      "Bytes of all datagrams received, IP headers included.",
      { ...ext, unit: "bytes/s", defaultScale: -6 },
    ),
    declare("Bytes Sent/sec", "OutOctets", "Bytes of all datagrams sent, IP headers included.", {
      ...ext,
      unit: "bytes/s",
      defaultScale: -6,
    }),
    declare(
      "Datagrams Received Discarded/sec",
      "InDiscards",
      "Good datagrams thrown away on arrival, for want of memory or by rule.",
      { ...error, equivalents: ["sar -n EIP idisc/s"] },
    ),
    declare(
      "Datagrams Outbound Discarded/sec",
      "OutDiscards",
      "Good datagrams thrown away on the way out: a queue was full, or a firewall forbade it.",
      { ...error, equivalents: ["sar -n EIP odisc/s"] },
    ),
    declare(
      "Datagrams Received Header Errors/sec",
      "InHdrErrors",
      "Datagrams with a wrong header or a time to live of 0 (a routing loop).",
      { ...error, level: "advanced", equivalents: ["sar -n EIP ihdrerr/s"] },
    ),
    declare(
      "Datagrams Received Address Errors/sec",
      "InAddrErrors",
      "Datagrams for an address that is not this host's.",
      { ...error, level: "advanced", equivalents: ["sar -n EIP iadrerr/s"] },
    ),
    declare(
      "Datagrams Received Unknown Protocol/sec",
      "InUnknownProtos",
      "Datagrams for a protocol that nobody here speaks.",
      { ...error, level: "advanced", equivalents: ["sar -n EIP iukwnpr/s"] },
    ),
    declare(
      "Datagrams Outbound No Route/sec",
      "OutNoRoutes",
      "Datagrams for which there was no route.",
      { ...error, level: "advanced", equivalents: ["sar -n EIP onort/s"] },
    ),
    declare(
      "Checksum Errors/sec",
      "InCsumErrors",
      "Datagrams with a wrong header checksum: a broken cable, card or driver.",
      { ...ext, ...error, level: "advanced" },
    ),
    declare(
      "Fragments Received/sec",
      "ReasmReqds",
      "Fragments to be put together. Many: somebody sends datagrams larger than the MTU of the path, " +
        "which costs CPU and loses a whole datagram with each lost fragment.",
      { level: "advanced", better: "lower", equivalents: ["sar -n IP asmrq/s"] },
    ),
    declare("Fragments Re-assembled/sec", "ReasmOKs", "Datagrams put together from fragments.", {
      level: "advanced",
      equivalents: ["sar -n IP asmok/s"],
    }),
    declare(
      "Fragment Re-assembly Failures/sec",
      "ReasmFails",
      "Datagrams that could not be put together: a fragment was lost, or the memory for them used up.",
      { ...error, equivalents: ["sar -n EIP asmf/s"] },
    ),
    declare(
      "Fragmented Datagrams/sec",
      "FragOKs",
      "Datagrams of this host that had to be cut into fragments.",
      { level: "advanced", better: "lower", equivalents: ["sar -n IP fragok/s"] },
    ),
    declare(
      "Fragments Created/sec",
      "FragCreates",
      "Fragments made of datagrams that were too large.",
      { level: "advanced", better: "lower", equivalents: ["sar -n IP fragcrt/s"] },
    ),
    declare(
      "Fragmentation Failures/sec",
      "FragFails",
      "Datagrams that were too large and must not be cut: a mismatch of MTUs (jumbo frames on one " +
        "side only, tunnels).",
      { ...error, equivalents: ["sar -n EIP fragf/s"] },
    ),
    declare(
      "Multicast Received/sec",
      "InMcastPkts",
      "Datagrams received that were sent to a multicast group, not to this host alone.",
      { ...ext, level: "advanced" },
    ),
    declare(
      "Congestion Marked Datagrams Received/sec",
      "InCEPkts",
      "Datagrams that a switch or router marked as having met congestion (ECN): the network is near " +
        "its limit before anything is dropped.",
      { ...ext, level: "advanced", use: "saturation", better: "lower" },
    ),
    declare(
      "Sockets In Use",
      "sockets.used",
      "Sockets of all kinds that exist, those within the host (Unix domain) included. A count that " +
        "climbs without end is a leak.",
      {
        ...COUNT_GAUGE,
        use: "information",
        file: "/proc/net/sockstat",
        equivalents: ["sar -n SOCK totsck"],
      },
    ),
    declare(
      "ICMP Messages Received/sec",
      "Icmp.InMsgs",
      "ICMP messages received: pings, and notices of trouble from hosts and routers.",
      { level: "advanced", equivalents: ["sar -n ICMP imsg/s"] },
    ),
    declare(
      "ICMP Messages Sent/sec",
      "Icmp.OutMsgs",
      "ICMP messages sent by this host, answers to pings included.",
      { level: "advanced", equivalents: ["sar -n ICMP omsg/s"] },
    ),
    declare(
      "ICMP Destination Unreachable Received/sec",
      "Icmp.InDestUnreachs",
      "Answers that a host, network or port could not be reached.",
      { ...error, level: "advanced", equivalents: ["sar -n EICMP idstunr/s"] },
    ),
  ],
};

/** Sockets and fragments that are neither TCP's nor UDP's. */
const SOCKETS = /^(sockets|RAW6?|FRAG6?)\./;
function otherSockets(name: string): string | undefined {
  return SOCKETS.test(name) ? name : undefined;
}

/** IPv4 and ICMP: net/snmp, net/netstat, net/sockstat. */
export const ip: Collector = tableCollector(
  object,
  [
    {
      file: "net/snmp",
      manner: "whole",
      makeTable: snmpTable,
      // IcmpMsg is left out: its columns come into being one by one as messages arrive.
      fieldOf: (name) =>
        name.startsWith("Ip.") ? name.slice(3) : name.startsWith("Icmp.") ? name : undefined,
    },
    {
      file: "net/netstat",
      manner: "whole",
      makeTable: snmpTable,
      fieldOf: (name) => (name.startsWith("IpExt.") ? name.slice(6) : undefined),
    },
    { file: "net/sockstat", manner: "whole", makeTable: sockstatTable, fieldOf: otherSockets },
    { file: "net/sockstat6", manner: "whole", makeTable: sockstatTable, fieldOf: otherSockets },
  ],
  {
    kindOf: (field) => (isSnmpGauge(`Ip.${field}`) || SOCKETS.test(field) ? "gauge" : "counter"),
  },
);
