/** `NFS Mount`: mounts of the NFS client, from /proc/self/mountstats. */
import { type CounterObject, counterFields } from "../counter/declaration.ts";
import { type RecordedObject, recordedObject } from "../counter/recorded.ts";
import type { InstanceIdentity, SampleRow } from "../counter/sample-row.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { type CounterParts, declareFor } from "./declare.ts";
import {
  NFS_ERRORS,
  NFS_MOUNT_FIELDS,
  type NfsLine,
  type NfsMounts,
  openNfsMounts,
} from "./nfs-mounts.ts";
import type { SharedSource } from "./shared-source.ts";
import { ShownLines } from "./shown-lines.ts";

const declare = declareFor({
  file: "/proc/self/mountstats",
  doc: "https://man7.org/linux/man-pages/man5/proc_pid_mountstats.5.html",
  resource: "disk",
});

const MILLISECOND = 0.001;
const bytes: CounterParts = { unit: "bytes/s", defaultScale: -6 };
const latency: CounterParts = {
  type: "average",
  unit: "seconds",
  base: ["all_ops"],
  scale: MILLISECOND,
  use: "latency",
  better: "lower",
  defaultScale: 3,
};
const error: CounterParts = { use: "errors", better: "lower" };
const perOp = (field: string): CounterParts => ({ field: `${field}, of all operations` });

const OBJECT: CounterObject = {
  name: "NFS Mount",
  help:
    "File systems of NFS servers that this host has mounted, as its client counts. What programs ask for " +
    "and what goes to the server differ by the page cache. Operations one by one are in NFS Operation.",
  instances: { what: "one per NFS mount, named by its mount point", total: false },
  cadence: "every-sample",
  groups: [{ id: "mount", fields: counterFields(NFS_MOUNT_FIELDS) }],
  counters: [
    declare(
      "Read Bytes/sec",
      "server_read_bytes",
      "Bytes read from the server, read-ahead included.",
      { ...bytes, field: "bytes: 5th number", equivalents: ["nfsiostat read kB/s"] },
    ),
    declare("Write Bytes/sec", "server_write_bytes", "Bytes written to the server.", {
      ...bytes,
      field: "bytes: 6th number",
      equivalents: ["nfsiostat write kB/s"],
    }),
    declare(
      "Application Read Bytes/sec",
      ["normal_read_bytes", "direct_read_bytes"],
      "Bytes that programs read with system calls. More than Read Bytes/sec: the page cache serves the rest. " +
        "Files mapped into memory are not in it.",
      { ...bytes, field: "bytes: 1st and 3rd number" },
    ),
    declare(
      "Application Write Bytes/sec",
      ["normal_write_bytes", "direct_write_bytes"],
      "Bytes that programs wrote with system calls. They go to the server later, when the file is closed " +
        "or memory is short.",
      { ...bytes, field: "bytes: 2nd and 4th number" },
    ),
    declare("Operations/sec", "all_ops", "Requests to the server that were completed.", {
      ...perOp("1st number"),
      equivalents: ["nfsiostat ops/s"],
    }),
    declare(
      "Avg. sec/Operation",
      "all_execute_ms",
      "Mean time of a request as programs wait for it: in this host's queue, on the way, at the server.",
      { ...latency, ...perOp("8th number"), equivalents: ["nfsiostat avg exe (ms)"] },
    ),
    declare(
      "Avg. Round Trip sec/Operation",
      "all_rtt_ms",
      "Mean time from sending a request to its answer: network and server.",
      { ...latency, ...perOp("7th number"), equivalents: ["nfsiostat avg RTT (ms)"] },
    ),
    declare(
      "Avg. Queue sec/Operation",
      "all_queue_ms",
      "Mean time that a request waited here before it was sent. High while the round trip is short: this host " +
        "has too few slots (sunrpc.tcp_max_slot_table_entries, session slots, nconnect).",
      {
        ...latency,
        ...perOp("6th number"),
        use: "saturation",
        equivalents: ["nfsiostat avg queue (ms)"],
      },
    ),
    declare(
      "Avg. Requests in Flight",
      "in_flight",
      "Mean number of requests that were at the server when one was sent.",
      {
        type: "average",
        unit: "count",
        base: ["sends"],
        use: "saturation",
        field: "xprt: req_u by sends",
      },
    ),
    declare(
      "Avg. Requests Waiting",
      "backlog",
      "Mean number of requests that waited for a slot when one was sent. Should be near 0.",
      {
        type: "average",
        unit: "count",
        base: ["sends"],
        use: "saturation",
        better: "lower",
        field: "xprt: bklog_u by sends",
        equivalents: ["nfsiostat rpc bklog"],
      },
    ),
    declare(
      "Retransmissions/sec",
      ["all_transmissions", "-all_ops"],
      "Requests sent again because no answer came: the connection broke, or the server stands still. Over TCP " +
        "each took a minute of waiting (timeo=600).",
      { ...error, ...perOp("2nd number - 1st"), equivalents: ["nfsiostat retrans"] },
    ),
    declare(
      "Timeouts/sec",
      "all_timeouts",
      'Requests for which even repeating brought no answer in time (major timeouts): "server not responding" ' +
        "in the kernel's log.",
      { ...error, ...perOp("3rd number") },
    ),
    declare(
      "Errors/sec",
      "all_errors",
      "Requests that the server answered with an error; missing files that programs only look for are among " +
        "them.",
      {
        ...error,
        since: "5.3",
        level: "advanced",
        ...perOp("9th number"),
        equivalents: ["nfsiostat errors"],
      },
    ),
    declare(
      "Connects/sec",
      "connect_count",
      "Connections made to the server. One stays for as long as it is used: more mean that it broke.",
      { ...error, field: "xprt: connect_count" },
    ),
    declare(
      "Bad Transaction Ids/sec",
      "bad_xids",
      "Answers to no open question: it was given up, or answered twice.",
      { ...error, level: "advanced", field: "xprt: bad_xids" },
    ),
    declare(
      "Delays/sec",
      "delay",
      "Answers of the server to try again later (NFS3ERR_JUKEBOX, NFS4ERR_DELAY): it fetches the file, or " +
        "takes back a delegation.",
      { ...error, level: "advanced", field: "events: 25th number" },
    ),
    declare(
      "Data Invalidations/sec",
      "data_invalidate",
      "Files whose cached data was thrown away because the server's file had changed: others write to it.",
      { level: "advanced", better: "lower", field: "events: 3rd number" },
    ),
    declare(
      "Attribute Invalidations/sec",
      "attr_invalidate",
      "Files whose cached size, times and rights were thrown away, and are asked for again.",
      { level: "advanced", better: "lower", field: "events: 4th number" },
    ),
    declare("Opens/sec", "vfs_open", "Files and folders that programs opened.", {
      level: "advanced",
      field: "events: 5th number",
    }),
    declare(
      "Congestion Waits/sec",
      "congestion_wait",
      "Times a program had to wait because too many writes were under way.",
      {
        level: "advanced",
        use: "saturation",
        better: "lower",
        field: "events: 19th number",
      },
    ),
  ],
};

export const nfsMount: Collector = {
  object: OBJECT,
  open(host) {
    const source = openNfsMounts(host);
    return source && new OpenNfs(host, source, OBJECT, ({ mounts }) => mounts);
  },
};

/** Without a mount the file, which lists all other mounts too, is looked at only so often. */
const LOOK_SECONDS = 10;

/** Reads the mounts or their operations. */
export class OpenNfs implements OpenCollector {
  object: RecordedObject;
  private readonly declaration: CounterObject;
  private readonly host: HostContext;
  private readonly source: SharedSource<NfsMounts>;
  private readonly choose: (mounts: NfsMounts) => NfsLine[];
  private shown: ShownLines<NfsLine>;
  private countsErrors = true;
  private version = -1;
  private lookDue = 0;

  constructor(
    host: HostContext,
    source: SharedSource<NfsMounts>,
    object: CounterObject,
    choose: (mounts: NfsMounts) => NfsLine[],
  ) {
    this.host = host;
    this.source = source;
    this.choose = choose;
    this.declaration = object;
    this.object = recordedObject(object);
    this.shown = new ShownLines(this.object);
  }

  collect(row: SampleRow): void {
    const seconds = this.host.monotonicSeconds();
    if (this.source.parser.mounts.length === 0) {
      if (seconds < this.lookDue) return;
      this.lookDue = seconds + LOOK_SECONDS;
    }
    const mounts = this.source.refresh(row);
    if (mounts.version !== this.version) {
      this.version = mounts.version;
      if (mounts.countsErrors !== this.countsErrors) this.relearn(row, mounts.countsErrors);
      this.shown.show(row, this.choose(mounts), identityOf);
    }
    this.shown.write(row);
  }

  close(): void {
    this.source.release();
  }

  private relearn(row: SampleRow, countsErrors: boolean): void {
    this.countsErrors = countsErrors;
    this.shown.show(row, [], identityOf);
    this.object = recordedObject(this.declaration, (id) => countsErrors || !NFS_ERRORS.has(id));
    this.shown = new ShownLines(this.object);
  }
}

function identityOf({ name, mountPoint, source, type, operation }: NfsLine): InstanceIdentity {
  const attributes: Record<string, string> = { server: source, type };
  if (operation !== undefined) Object.assign(attributes, { mountPoint, operation });
  return { name, attributes };
}
