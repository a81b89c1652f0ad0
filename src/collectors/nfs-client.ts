import { type CounterObject, counterFields } from "../counter/declaration.ts";
import { nfsClientTable } from "../procfs/nfs-rpc.ts";
import type { Collector } from "./collector.ts";
import { declareFor } from "./declare.ts";
import { tableCollector } from "./table-collector.ts";

const declare = declareFor({
  file: "/proc/net/rpc/nfs",
  doc: "https://man7.org/linux/man-pages/man8/nfsstat.8.html",
  resource: "network",
});

const object: CounterObject = {
  name: "NFS Client",
  help:
    "Calls of this host's NFS client to all its servers. How long they take, and on which mount, is in NFS " +
    "Mount and NFS Operation.",
  instances: "none",
  cadence: 10_000,
  groups: [
    {
      id: "client",
      // unsigned int in struct rpc_stat.
      fields: counterFields(["rpc.calls", "rpc.retrans", "rpc.authrefresh"], 32),
    },
  ],
  counters: [
    declare("RPC Calls/sec", "rpc.calls", "Requests to NFS servers.", {
      equivalents: ["nfsstat -c calls", "sar -n NFS call/s"],
    }),
    declare(
      "RPC Retransmissions/sec",
      "rpc.retrans",
      "Requests sent again because no answer came: a server that stands still, or a connection that broke.",
      {
        use: "errors",
        better: "lower",
        equivalents: ["nfsstat -c retrans", "sar -n NFS retrans/s"],
      },
    ),
    declare(
      "RPC Credential Refreshes/sec",
      "rpc.authrefresh",
      "Times that credentials (Kerberos) had to be renewed or looked up for a request.",
      { level: "advanced", equivalents: ["nfsstat -c authrefrsh"] },
    ),
  ],
};

/** NFS client: net/rpc/nfs. Calls by kind are recorded beside the declared fields. */
export const nfsClient: Collector = tableCollector(
  object,
  [
    {
      file: "net/rpc/nfs",
      manner: "whole",
      makeTable: nfsClientTable,
      // Always 0 for a client.
      fieldOf: (name) => (name.startsWith("net.") ? undefined : name),
    },
  ],
  { kindOf: () => "counter" },
);
