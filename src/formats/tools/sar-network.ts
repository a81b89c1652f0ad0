/** sar's tables of protocols. */
import { cpuInstance } from "./instances.ts";
import type { TableMapping } from "./mapping.ts";
import { sumOf, targets } from "./targets.ts";

export const SAR_NETWORK_TABLES: readonly TableMapping[] = [
  {
    table: "sockets",
    columns: {
      ...targets("IP", { totsck: "Sockets In Use" }),
      ...targets("TCP", { tcpsck: "Sockets In Use", "tcp-tw": "Sockets TIME-WAIT" }),
      ...targets("UDP", { udpsck: "Sockets In Use" }),
    },
  },
  {
    table: "ip",
    columns: targets("IP", {
      "irec/s": "Datagrams Received/sec",
      "fwddgm/s": "Datagrams Forwarded/sec",
      "idel/s": "Datagrams Received Delivered/sec",
      "orq/s": "Datagrams Sent/sec",
      "asmrq/s": "Fragments Received/sec",
      "asmok/s": "Fragments Re-assembled/sec",
      "fragok/s": "Fragmented Datagrams/sec",
      "fragcrt/s": "Fragments Created/sec",
    }),
    derived: [sumOf("IP", "Datagrams/sec", ["irec/s", "orq/s"])],
  },
  {
    table: "ip-errors",
    columns: targets("IP", {
      "ihdrerr/s": "Datagrams Received Header Errors/sec",
      "iadrerr/s": "Datagrams Received Address Errors/sec",
      "iukwnpr/s": "Datagrams Received Unknown Protocol/sec",
      "idisc/s": "Datagrams Received Discarded/sec",
      "odisc/s": "Datagrams Outbound Discarded/sec",
      "onort/s": "Datagrams Outbound No Route/sec",
      "asmf/s": "Fragment Re-assembly Failures/sec",
      "fragf/s": "Fragmentation Failures/sec",
    }),
  },
  {
    table: "icmp",
    columns: targets("IP", {
      "imsg/s": "ICMP Messages Received/sec",
      "omsg/s": "ICMP Messages Sent/sec",
    }),
  },
  {
    table: "icmp-errors",
    columns: targets("IP", { "idstunr/s": "ICMP Destination Unreachable Received/sec" }),
  },
  {
    table: "tcp",
    columns: targets("TCP", {
      "active/s": "Connections Active/sec",
      "passive/s": "Connections Passive/sec",
      "iseg/s": "Segments Received/sec",
      "oseg/s": "Segments Sent/sec",
    }),
    derived: [sumOf("TCP", "Segments/sec", ["iseg/s", "oseg/s"])],
  },
  {
    table: "tcp-errors",
    columns: targets("TCP", {
      "atmptf/s": "Connection Failures/sec",
      "estres/s": "Connections Reset/sec",
      "retrans/s": "Segments Retransmitted/sec",
      "isegerr/s": "Segments Received in Error/sec",
      "orsts/s": "Resets Sent/sec",
    }),
  },
  {
    table: "udp",
    columns: targets("UDP", {
      "idgm/s": "Datagrams Received/sec",
      "odgm/s": "Datagrams Sent/sec",
      "noport/s": "No Port/sec",
      "idgmerr/s": "Receive Errors/sec",
    }),
    derived: [sumOf("UDP", "Datagrams/sec", ["idgm/s", "odgm/s"])],
  },
  {
    table: "ip6",
    columns: targets("IPv6", {
      "irec6/s": "Datagrams Received/sec",
      "fwddgm6/s": "Datagrams Forwarded/sec",
      "idel6/s": "Datagrams Received Delivered/sec",
      "orq6/s": "Datagrams Sent/sec",
    }),
  },
  {
    table: "ip6-errors",
    columns: targets("IPv6", {
      "i2big6/s": "Too Big Errors/sec",
      "idisc6/s": "Datagrams Received Discarded/sec",
      "odisc6/s": "Datagrams Outbound Discarded/sec",
      "onort6/s": "Datagrams Outbound No Route/sec",
    }),
  },
  {
    table: "udp6",
    columns: targets("IPv6", {
      "idgm6/s": "UDP Datagrams Received/sec",
      "odgm6/s": "UDP Datagrams Sent/sec",
      "noport6/s": "UDP No Port/sec",
    }),
  },
  {
    table: "softnet",
    instance: cpuInstance,
    columns: targets("Packet Processing", {
      "total/s": "Packets Processed/sec",
      "dropd/s": "Packets Dropped/sec",
      "squeezd/s": "Time Squeezes/sec",
      "rx_rps/s": "Packets Steered Here/sec",
      "flw_lim/s": "Flow Limit Drops/sec",
      blg_len: "Backlog Length",
    }),
  },
];
