import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ProcTree, readings } from "../../test/support/proc-tree.ts";
import { SampleRow } from "../counter/sample-row.ts";
import type { OpenCollector } from "./collector.ts";
import { ip } from "./ip.ts";
import { paging } from "./paging.ts";
import { tcp } from "./tcp.ts";
import { udp } from "./udp.ts";

let tree: ProcTree;
let row: SampleRow;
beforeEach(() => {
  tree = new ProcTree();
  row = new SampleRow();
});
afterEach(() => tree.remove());

function sample(...open: OpenCollector[]): Record<string, number> {
  row.begin();
  for (const collector of open) collector.collect(row);
  return readings(row)[""] ?? {};
}

describe("tableCollector", () => {
  it("is not there without its files, and says so when they hold nothing of it", () => {
    expect(paging.open(tree.context)).toBeUndefined();
    tree.write("net/snmp", "Ip: InReceives\nIp: 3\n");
    expect(() => udp.open(tree.context)).toThrow(/net\/snmp.*: nothing in it is known/);
  });

  it("cuts counters that the kernel cannot give, and records what nobody declared", () => {
    tree.write("vmstat", "nr_new_things 5\npgfault 10\npgnew 3\n");
    const open = paging.open(tree.context)!;
    expect(open.object.counters.map(({ name }) => name)).toEqual(["Page Faults/sec"]);
    expect(open.object.groups[0]!.fields).toEqual([
      { id: "pgfault", kind: "counter" },
      { id: "nr_new_things", kind: "gauge" },
      { id: "pgnew", kind: "counter" },
    ]);
    expect(sample(open)).toEqual({ pgfault: 10, nr_new_things: 5, pgnew: 3 });
    open.close();
  });

  it.each([
    ["summed over zones", "allocstall_dma 1\nallocstall_normal 20\nallocstall_movable 300\n", 321],
    ["as it is, on kernels before 4.10", "allocstall 7\n", 7],
  ])("gives allocation stalls %s", (_, text, expected) => {
    tree.write("vmstat", text);
    const open = paging.open(tree.context)!;
    sample(open);
    expect(sample(open)["allocstall"]).toBe(expected);
    expect(open.object.counters.map(({ name }) => name)).toContain("Allocation Stalls/sec");
    open.close();
  });

  it("never takes the throttle count for a zone of direct scans", () => {
    tree.write(
      "vmstat",
      "pgscan_direct_dma 1\npgscan_direct_normal 2\npgscan_direct_throttle 100\n",
    );
    const open = paging.open(tree.context)!;
    expect(sample(open)).toMatchObject({ pgscan_direct: 3, pgscan_direct_throttle: 100 });
    open.close();
  });

  it.each([
    ["garbled", "\u0001\u0002 what is\nthis 7\n", /net\/netstat holds nothing known/],
    ["empty", "", /net\/netstat holds nothing known/],
    [
      "without what it had",
      "IpExt: InOctets\nIpExt: 5\n",
      /net\/netstat has no ListenDrops any more/,
    ],
  ])("says that one of its files is %s, and records the others", (_, text, said) => {
    const snmp = (segments: number) => `Tcp: InSegs OutSegs\nTcp: ${segments} 2\n`;
    tree.write("net/snmp", snmp(1));
    tree.write("net/netstat", "TcpExt: ListenDrops\nTcpExt: 3\nIpExt: InOctets\nIpExt: 5\n");
    const open = tcp.open(tree.context)!;
    expect(sample(open)).toEqual({ InSegs: 1, OutSegs: 2, ListenDrops: 3 });
    tree.write("net/snmp", snmp(10));
    tree.write("net/netstat", text);
    for (let i = 0; i < 2; i++) {
      row.begin();
      expect(() => open.collect(row)).toThrow(said);
      expect(readings(row)[""]).toEqual({ InSegs: 10, OutSegs: 2 });
    }
    tree.write("net/netstat", "TcpExt: ListenDrops\nTcpExt: 4\nIpExt: InOctets\nIpExt: 5\n");
    expect(sample(open)).toEqual({ InSegs: 10, OutSegs: 2, ListenDrops: 4 });
    open.close();
  });

  it("begins a new unit when the kernel's fields change while it runs", () => {
    tree.write("vmstat", "pgfault 10\npgmajfault 2\n");
    const open = paging.open(tree.context)!;
    expect(sample(open)).toEqual({ pgfault: 10, pgmajfault: 2 });
    const [before] = row.units;
    tree.write("vmstat", "pgmajfault 3\npswpin 77\n");
    row.begin();
    expect(() => open.collect(row)).toThrow(/vmstat has no pgfault any more/);
    expect(readings(row)[""]).toEqual({ pgmajfault: 3, pswpin: 77 });
    expect(row.removed).toEqual([before]);
    expect(open.object.counters.map(({ name }) => name)).toEqual([
      "Major Page Faults/sec",
      "Pages Swapped In/sec",
    ]);
    open.close();
  });

  it("keeps its unit when fields only change places", () => {
    tree.write("vmstat", "pgfault 10\npgmajfault 2\n");
    const open = paging.open(tree.context)!;
    sample(open);
    const [unit] = row.units;
    tree.write("vmstat", "pgmajfault 3\npgfault 11\n");
    expect(sample(open)).toEqual({ pgfault: 11, pgmajfault: 3 });
    expect(row.units).toEqual([unit]);
    open.close();
  });

  it("keeps its unit when other objects' parts of a shared file change", () => {
    tree.write("net/snmp", "Tcp: InSegs\nTcp: 5\nUdp: InDatagrams\nUdp: 6\n");
    const open = udp.open(tree.context)!;
    sample(open);
    const [unit] = row.units;
    tree.write(
      "net/snmp",
      "IcmpMsg: InType3\nIcmpMsg: 1\nTcp: InSegs\nTcp: 5\nUdp: InDatagrams\nUdp: 8\n",
    );
    expect(sample(open)).toEqual({ InDatagrams: 8 });
    expect(row.units).toEqual([unit]);
    open.close();
  });

  it("reads a shared file once per sample, and closes it with its last user", () => {
    tree.write(
      "net/snmp",
      "Ip: InReceives\nIp: 1\nTcp: InSegs\nTcp: 1\nUdp: InDatagrams\nUdp: 1\n",
    );
    const collectors = [tcp, udp, ip].map((collector) => collector.open(tree.context)!);
    row.begin();
    collectors[0]!.collect(row);
    // A change between two users of one sample is not seen: they read one state of the kernel.
    tree.write(
      "net/snmp",
      "Ip: InReceives\nIp: 2\nTcp: InSegs\nTcp: 2\nUdp: InDatagrams\nUdp: 2\n",
    );
    collectors[1]!.collect(row);
    collectors[0]!.close();
    collectors[2]!.collect(row);
    expect(row.units.map((unit) => row.values[unit.slot])).toEqual([1, 1, 1]);
    row.begin();
    collectors[1]!.collect(row);
    expect(row.values[row.units[1]!.slot]).toBe(2);
    collectors[1]!.close();
    collectors[2]!.close();
  });

  it("counts sockets of both IP versions where there are both", () => {
    tree.write("net/sockstat", "TCP: inuse 3 orphan 0 tw 4 alloc 5 mem 6\n");
    const v4 = tcp.open(tree.context)!;
    expect(sample(v4)).toEqual({ inuse: 3, orphan: 0, tw: 4, alloc: 5, mem: 6 });
    v4.close();
    tree.write("net/sockstat6", "TCP6: inuse 10\n");
    row = new SampleRow();
    const both = tcp.open(tree.context)!;
    expect(sample(both)["inuse"]).toBe(13);
    both.close();
  });
});
