/** `NFS Operation`: requests of the NFS client by kind, from /proc/self/mountstats. */
import { type CounterObject, counterFields } from "../counter/declaration.ts";
import { NFS_OPERATION } from "../procfs/mountstats.ts";
import type { Collector } from "./collector.ts";
import { type CounterParts, declareFor } from "./declare.ts";
import { OpenNfs } from "./nfs-mount.ts";
import { openNfsMounts } from "./nfs-mounts.ts";

const declare = declareFor({
  file: "/proc/self/mountstats",
  doc: "https://man7.org/linux/man-pages/man5/proc_pid_mountstats.5.html",
  resource: "disk",
});

const latency: CounterParts = {
  type: "average",
  unit: "seconds",
  base: ["ops"],
  scale: 0.001,
  use: "latency",
  better: "lower",
  defaultScale: 3,
};
const error: CounterParts = { use: "errors", better: "lower" };

const OBJECT: CounterObject = {
  name: "NFS Operation",
  help:
    "Requests of an NFS mount by kind, named by mount point and operation: /home READ. Which of them there " +
    "are depends on the version of NFS; those never used are left out.",
  instances: { what: "one per operation that an NFS mount has used", total: false },
  cadence: "every-sample",
  groups: [{ id: "operation", fields: counterFields(NFS_OPERATION) }],
  counters: [
    declare("Operations/sec", "ops", "Requests of this kind that were completed.", {
      field: "1st number",
      equivalents: ["nfsiostat ops/s"],
    }),
    declare(
      "Avg. sec/Operation",
      "execute_ms",
      "Mean time of a request as programs wait for it: in this host's queue, on the way, at the server.",
      { ...latency, field: "8th number by 1st", equivalents: ["nfsiostat avg exe (ms)"] },
    ),
    declare(
      "Avg. Round Trip sec/Operation",
      "rtt_ms",
      "Mean time from sending a request to its answer: network and server.",
      { ...latency, field: "7th number by 1st", equivalents: ["nfsiostat avg RTT (ms)"] },
    ),
    declare(
      "Avg. Queue sec/Operation",
      "queue_ms",
      "Mean time that a request waited here before it was sent.",
      {
        ...latency,
        use: "saturation",
        field: "6th number by 1st",
        equivalents: ["nfsiostat avg queue (ms)"],
      },
    ),
    declare(
      "Bytes/sec",
      ["sent_bytes", "received_bytes"],
      "Bytes of requests and answers, with the headers of RPC and NFS.",
      {
        unit: "bytes/s",
        defaultScale: -6,
        field: "4th + 5th number",
        equivalents: ["nfsiostat kB/s"],
      },
    ),
    declare(
      "Retransmissions/sec",
      ["transmissions", "-ops"],
      "Requests sent again because no answer came.",
      { ...error, field: "2nd number - 1st", equivalents: ["nfsiostat retrans"] },
    ),
    declare(
      "Timeouts/sec",
      "timeouts",
      "Requests for which even repeating brought no answer in time (major timeouts).",
      { ...error, level: "advanced", field: "3rd number" },
    ),
    declare("Errors/sec", "errors", "Requests that the server answered with an error.", {
      ...error,
      since: "5.3",
      level: "advanced",
      field: "9th number",
      equivalents: ["nfsiostat errors"],
    }),
  ],
};

export const nfsOperation: Collector = {
  object: OBJECT,
  open(host) {
    const source = openNfsMounts(host);
    return source && new OpenNfs(host, source, OBJECT, ({ operations }) => operations);
  },
};
