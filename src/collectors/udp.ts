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

const object: CounterObject = {
  name: "UDP",
  help:
    "UDP over IPv4 in the host's network namespace. UDP does not repeat what is lost, so every error " +
    "here is data that never arrived.",
  instances: "none",
  cadence: "every-sample",
  groups: [
    {
      id: "udp",
      fields: [
        ...counterFields(
          (
            "InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors " +
            "IgnoredMulti MemErrors"
          ).split(" "),
        ),
        ...gaugeFields(["inuse", "mem"]),
      ],
    },
  ],
  counters: [
    declare(
      "Datagrams Received/sec",
      "InDatagrams",
      "Datagrams that arrived in good order and were delivered to programs.",
      { defaultScale: -3, equivalents: ["sar -n UDP idgm/s"] },
    ),
    declare("Datagrams Sent/sec", "OutDatagrams", "Datagrams sent by programs of this host.", {
      defaultScale: -3,
      equivalents: ["sar -n UDP odgm/s"],
    }),
    declare(
      "Datagrams/sec",
      ["InDatagrams", "OutDatagrams"],
      "Datagrams received and sent, added up: how busy UDP is on this host.",
      { defaultScale: -3 },
    ),
    declare(
      "No Port/sec",
      "NoPorts",
      "Datagrams for a port on which nobody listens: a service that is down, or a sender with a " +
        "wrong address.",
      { ...error, equivalents: ["sar -n UDP noport/s"] },
    ),
    declare(
      "Receive Errors/sec",
      "InErrors",
      "Datagrams that could not be delivered for other reasons than a missing listener; full receive " +
        "buffers and wrong checksums are in it.",
      { ...error, equivalents: ["sar -n UDP idgmerr/s"] },
    ),
    declare(
      "Receive Buffer Errors/sec",
      "RcvbufErrors",
      "Datagrams thrown away because the socket's receive buffer was full: the program reads too " +
        "slowly, or net.core.rmem_max is too small for bursts.",
      { ...error, use: "saturation" },
    ),
    declare(
      "Send Buffer Errors/sec",
      "SndbufErrors",
      "Datagrams that could not be sent because the send buffer was full.",
      { ...error, use: "saturation" },
    ),
    declare(
      "Checksum Errors/sec",
      "InCsumErrors",
      "Datagrams with a wrong checksum: a broken cable, card or driver.",
      { ...error, level: "advanced" },
    ),
    declare(
      "Memory Errors/sec",
      "MemErrors",
      "Datagrams lost because net.ipv4.udp_mem was used up.",
      { ...error, since: "5.11", level: "advanced" },
    ),
    declare("Sockets In Use", "inuse", "UDP sockets that exist, IPv4 and IPv6.", {
      ...COUNT_GAUGE,
      use: "information",
      file: "/proc/net/sockstat, sockstat6",
      equivalents: ["sar -n SOCK udpsck (IPv4)"],
    }),
    declare(
      "Buffer Pages",
      "mem",
      "Pages of memory in use by UDP sockets' buffers, against the limits in net.ipv4.udp_mem.",
      { ...COUNT_GAUGE, level: "advanced", use: "information", file: "/proc/net/sockstat" },
    ),
  ],
};

function udpLiteSockets(name: string): string | undefined {
  return name.startsWith("UDPLITE") ? name : undefined;
}

/** UDP and UDP-Lite: net/snmp, net/sockstat, net/sockstat6. */
export const udp: Collector = tableCollector(
  object,
  [
    {
      file: "net/snmp",
      manner: "whole",
      makeTable: snmpTable,
      fieldOf: (name) =>
        name.startsWith("Udp.") ? name.slice(4) : name.startsWith("UdpLite.") ? name : undefined,
    },
    {
      file: "net/sockstat",
      manner: "whole",
      makeTable: sockstatTable,
      fieldOf: (name) => (name === "UDP.mem" ? "mem" : udpLiteSockets(name)),
    },
    { file: "net/sockstat6", manner: "whole", makeTable: sockstatTable, fieldOf: udpLiteSockets },
  ],
  {
    kindOf: (field) => (isSnmpGauge(field) || field.endsWith(".inuse") ? "gauge" : "counter"),
    sums: { inuse: /^UDP6?\.inuse$/ },
  },
);
