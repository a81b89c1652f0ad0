import type { CounterObject } from "../counter/declaration.ts";
import { isSnmpGauge, snmpTable } from "../procfs/snmp.ts";
import { sockstatTable } from "../procfs/sockstat.ts";
import type { Collector } from "./collector.ts";
import { tableCollector } from "./table-collector.ts";
import { TCP_COUNTERS, TCP_FIELDS } from "./tcp-counters.ts";
import { TCP_LOSS_COUNTERS } from "./tcp-loss-counters.ts";
import { TCP_MEMORY_COUNTERS } from "./tcp-memory-counters.ts";

const object: CounterObject = {
  name: "TCP",
  help:
    "TCP over IPv4 and IPv6 in the host's network namespace: connections, segments, losses, queues. " +
    "Retransmissions and timeouts say that the network loses data, listen overflows and resets that " +
    "programs do not keep up.",
  instances: "none",
  cadence: "every-sample",
  groups: [{ id: "tcp", fields: TCP_FIELDS }],
  counters: [...TCP_COUNTERS, ...TCP_LOSS_COUNTERS, ...TCP_MEMORY_COUNTERS],
};

/** MPTCP's own numbers keep their prefix. */
function netstatField(name: string): string | undefined {
  if (name.startsWith("TcpExt.")) return name.slice(7);
  return name.startsWith("MPTcpExt.") ? name : undefined;
}

/** `TCP.tw` -> `tw`. */
function sockstatField(name: string): string | undefined {
  return name.startsWith("TCP.") && name !== "TCP.inuse" ? name.slice(4) : undefined;
}

/** TCP: net/snmp, net/netstat, net/sockstat, net/sockstat6. */
export const tcp: Collector = tableCollector(
  object,
  [
    {
      file: "net/snmp",
      manner: "whole",
      makeTable: snmpTable,
      fieldOf: (name) => (name.startsWith("Tcp.") ? name.slice(4) : undefined),
    },
    { file: "net/netstat", manner: "whole", makeTable: snmpTable, fieldOf: netstatField },
    { file: "net/sockstat", manner: "whole", makeTable: sockstatTable, fieldOf: sockstatField },
    { file: "net/sockstat6", manner: "whole", makeTable: sockstatTable, fieldOf: () => undefined },
  ],
  {
    kindOf: (field) => (isSnmpGauge(field) || isSnmpGauge(`Tcp.${field}`) ? "gauge" : "counter"),
    sums: { inuse: /^TCP6?\.inuse$/ },
  },
);
