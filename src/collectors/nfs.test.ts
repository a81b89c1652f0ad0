import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeHost, Recording } from "../../test/support/fake-host.ts";
import { nfsMount } from "./nfs-mount.ts";
import { nfsOperation } from "./nfs-operation.ts";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
  host.write("proc/net/rpc/nfs", "net 0 0 0 0\nrpc 1 0 1\n");
});
afterEach(() => host.remove());

const OTHERS =
  "device proc mounted on /proc with fstype proc\nno device mounted on / with fstype x\n";

interface MountText {
  readonly bytes?: string;
  readonly transports?: readonly string[];
  readonly operations?: Readonly<Record<string, string>>;
}

function mount(point: string, { bytes, transports, operations }: MountText): string {
  const lines = [
    `device server:/e mounted on ${point} with fstype nfs4 statvers=1.1`,
    "\topts:\trw,vers=4.2",
    "\tage:\t77",
    `\tbytes:\t${bytes ?? "0 0 0 0 0 0 0 0"}`,
    "\tRPC iostats version: 1.1  p/v: 100003/4 (nfs)",
    ...(transports ?? []).map((text) => `\txprt:\t${text}`),
    "\tper-op statistics",
    ...Object.entries(operations ?? {}).map(([name, text]) => `\t${name.padStart(12)}: ${text}`),
  ];
  return `${lines.join("\n")}\n`;
}

const write = (...texts: string[]) => host.write("proc/self/mountstats", OTHERS + texts.join(""));

describe("NFS Mount", () => {
  it("sums up operations and connections, and leaves other mounts alone", () => {
    write(
      mount("/a\\040b", {
        transports: ["tcp 0 0 1 0 5 100 99 0 200 10 2 0 0", "tcp 0 0 1 0 5 100 99 0 200 10 2 0 0"],
        operations: { READ: "10 10 0 1000 9000 1 20 30 0", WRITE: "0 0 0 0 0 0 0 0 0" },
      }),
    );
    const recording = new Recording(host, nfsMount);
    recording.sample();
    write(
      mount("/a\\040b", {
        bytes: "0 0 0 0 5000 0 0 0",
        transports: [
          "tcp 0 0 1 0 0 110 109 0 240 10 2 0 0",
          "tcp 0 0 2 0 9 130 129 0 360 60 2 0 0",
        ],
        operations: { READ: "14 15 0 1400 9900 9 40 70 1", WRITE: "1 1 0 100 10 2 10 20 0" },
      }),
    );
    recording.sample();
    expect(recording.instances()).toEqual(["/a b"]);
    expect(recording.unit("/a b").instance.attributes).toEqual({
      server: "server:/e",
      type: "nfs4",
    });
    const value = (counter: string) => recording.value("/a b", counter);
    expect(value("Read Bytes/sec")).toBe(5000);
    expect(value("Operations/sec")).toBe(5);
    expect(value("Avg. sec/Operation")).toBeCloseTo(0.06 / 5);
    expect(value("Retransmissions/sec")).toBe(1);
    expect(value("Errors/sec")).toBe(1);
    // 40 requests sent, 200 and 50 in flight and waiting, added up over them.
    expect(value("Avg. Requests in Flight")).toBe(5);
    expect(value("Avg. Requests Waiting")).toBe(1.25);
    expect(value("Connects/sec")).toBe(1);
  });

  it("knows connections over UDP, which are none", () => {
    write(
      mount("/a", {
        transports: ["udp 0 1 100 99 0 200 10"],
        operations: { READ: "1 1 0 1 1 1 1 1 0" },
      }),
    );
    const recording = new Recording(host, nfsMount);
    recording.sample();
    expect(recording.raw("/a")).toMatchObject({ sends: 100, backlog: 10, connect_count: 0 });
  });

  it("claims no errors of kernels that do not count them", () => {
    write(mount("/a", { operations: { READ: "1 1 0 1 1 1 1 1" } }));
    const recording = new Recording(host, nfsMount);
    recording.sample();
    expect(recording.raw("/a")).toMatchObject({ all_ops: 1 });
    expect(recording.raw("/a")).not.toHaveProperty("all_errors");
    expect(recording.open.object.counters.map(({ name }) => name)).not.toContain("Errors/sec");
  });

  it("follows mounts that come and go, looking seldom while there is none", () => {
    write();
    const recording = new Recording(host, nfsMount);
    recording.sample();
    write(mount("/a", { operations: { READ: "1 1 0 1 1 1 1 1 0" } }));
    recording.sample();
    expect(recording.instances()).toEqual([]);
    recording.sample(10);
    expect(recording.instances()).toEqual(["/a"]);
    write(
      mount("/b", { operations: { READ: "1 1 0 1 1 1 1 1 0" } }),
      mount("/a", { operations: { READ: "2 2 0 1 1 1 1 1 0" } }),
    );
    const unit = recording.unit("/a");
    recording.sample();
    expect(recording.instances()).toEqual(["/a", "/b"]);
    expect(recording.unit("/a")).toBe(unit);
    write(mount("/b", { operations: { READ: "1 1 0 1 1 1 1 1 0" } }));
    recording.sample();
    expect(recording.instances()).toEqual(["/b"]);
  });

  it("is not there without an NFS client", () => {
    host.remove("proc/net/rpc/nfs");
    write();
    expect(nfsMount.open(host.context)).toBeUndefined();
    expect(nfsOperation.open(host.context)).toBeUndefined();
  });
});

describe("NFS Operation", () => {
  it("shows operations from their first use on", () => {
    const operations = { READ: "5 5 0 10 90 1 2 3 0", REMOVE: "0 0 0 0 0 0 0 0 0" };
    write(mount("/a", { operations }));
    const recording = new Recording(host, nfsOperation);
    recording.sample();
    expect(recording.instances()).toEqual(["/a READ"]);
    write(mount("/a", { operations: { ...operations, REMOVE: "1 1 0 10 90 1 2 3 0" } }));
    recording.sample();
    expect(recording.instances()).toEqual(["/a READ", "/a REMOVE"]);
    expect(recording.value("/a READ", "Operations/sec")).toBe(0);
    expect(recording.unit("/a REMOVE").instance.attributes).toMatchObject({
      mountPoint: "/a",
      operation: "REMOVE",
    });
  });
});
