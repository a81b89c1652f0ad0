import { type CounterObject, counterFields, gaugeFields } from "../counter/declaration.ts";
import { nfsServerTable } from "../procfs/nfs-rpc.ts";
import type { Collector } from "./collector.ts";
import { COUNT_GAUGE, type CounterParts, declareFor } from "./declare.ts";
import { tableCollector } from "./table-collector.ts";

const declare = declareFor({
  file: "/proc/net/rpc/nfsd",
  doc: "https://man7.org/linux/man-pages/man8/nfsstat.8.html",
  resource: "network",
});

const error: CounterParts = { use: "errors", better: "lower" };
const bytes: CounterParts = { unit: "bytes/s", defaultScale: -6, resource: "disk" };
const calls = (name: string): CounterParts => ({
  field: `proc3: ${name}, proc4ops: ${name}`,
  equivalents: [`nfsstat -s ${name.toLowerCase()} (v3 + v4)`],
});

const object: CounterObject = {
  name: "NFS Server",
  help:
    "Calls of NFS clients to the server in this host's kernel. How long they wait and take is seen by the " +
    "clients only (NFS Mount).",
  instances: "none",
  cadence: "every-sample",
  groups: [
    {
      id: "server",
      fields: [
        ...gaugeFields(["th.threads"]),
        // Wider in newer kernels.
        ...counterFields(
          (
            "io.read io.write rpc.calls rpc.badcalls rpc.badauth rc.hits rc.misses rc.nocache fh.stale net.packets " +
            "net.udp net.tcp net.connections reads writes commits lookups getattrs opens"
          ).split(" "),
          32,
        ),
      ],
    },
  ],
  counters: [
    declare(
      "RPC Calls/sec",
      "rpc.calls",
      "Requests of clients. With NFS 4 each holds several operations.",
      {
        equivalents: ["nfsstat -s calls", "sar -n NFSD scall/s"],
      },
    ),
    declare(
      "RPC Bad Calls/sec",
      "rpc.badcalls",
      "Requests refused because they were malformed, or their sender not known.",
      { ...error, equivalents: ["nfsstat -s badcalls", "sar -n NFSD badcall/s"] },
    ),
    declare("Read Bytes/sec", "io.read", "Bytes that clients read.", {
      ...bytes,
      equivalents: ["nfsstat -o io read"],
    }),
    declare("Write Bytes/sec", "io.write", "Bytes that clients wrote.", {
      ...bytes,
      equivalents: ["nfsstat -o io write"],
    }),
    declare("Reads/sec", "reads", "Requests to read, of NFS 3 and 4.", calls("READ")),
    declare("Writes/sec", "writes", "Requests to write, of NFS 3 and 4.", calls("WRITE")),
    declare(
      "Commits/sec",
      "commits",
      "Requests to bring what was written onto the disk. Each is a flush of the disk: the usual limit of " +
        "NFS servers.",
      calls("COMMIT"),
    ),
    declare("Lookups/sec", "lookups", "Requests to find a name in a folder.", {
      ...calls("LOOKUP"),
      level: "advanced",
    }),
    declare(
      "Attribute Requests/sec",
      "getattrs",
      "Requests for size, times and rights of a file, mostly to find out whether a client's cache is still good.",
      { ...calls("GETATTR"), level: "advanced" },
    ),
    declare("Opens/sec", "opens", "Files opened by clients of NFS 4; NFS 3 has no such thing.", {
      level: "advanced",
      field: "proc4ops: OPEN",
    }),
    declare(
      "Threads",
      "th.threads",
      "Threads of the server (nfsd). Each works on one request at a time: with slow disks 8 are soon too few.",
      { ...COUNT_GAUGE, use: "capacity", field: "th: 1st number" },
    ),
    declare(
      "Reply Cache Hits/sec",
      "rc.hits",
      "Requests that had come before and whose answer was still known: clients repeat themselves, because the " +
        "answer was late or lost.",
      {
        ...error,
        field: "rc: 1st number",
        equivalents: ["nfsstat -s rc hits", "sar -n NFSD hit/s"],
      },
    ),
    declare(
      "Stale File Handles/sec",
      "fh.stale",
      "Requests for files that are not there any more: removed by others while a client had them open, or the " +
        "file system was exported anew.",
      { ...error, field: "fh: 1st number", equivalents: ["nfsstat -s fh stale"] },
    ),
    declare(
      "Connections/sec",
      "net.connections",
      "TCP connections that clients opened. They stay for as long as they are used.",
      { level: "advanced", field: "net: 4th number", equivalents: ["nfsstat -s tcpconn"] },
    ),
    declare("Packets/sec", "net.packets", "Requests that arrived, over UDP or TCP.", {
      level: "advanced",
      field: "net: 1st number",
      equivalents: ["nfsstat -s packets", "sar -n NFSD packet/s"],
    }),
  ],
};

/** NFS server: net/rpc/nfsd. Calls by kind are recorded beside the declared fields. */
export const nfsServer: Collector = tableCollector(
  object,
  [
    {
      file: "net/rpc/nfsd",
      manner: "whole",
      makeTable: nfsServerTable,
      fieldOf: (name) => name,
    },
  ],
  {
    kindOf: () => "counter",
    sums: {
      reads: /^(proc3|proc4ops)\.READ$/,
      writes: /^(proc3|proc4ops)\.WRITE$/,
      commits: /^(proc3|proc4ops)\.COMMIT$/,
      lookups: /^(proc3|proc4ops)\.LOOKUP$/,
      getattrs: /^(proc3|proc4ops)\.GETATTR$/,
      opens: /^proc4ops\.OPEN$/,
    },
  },
);
