import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeHost, Recording } from "../../test/support/fake-host.ts";
import { connectionTracking } from "./connection-tracking.ts";
import { neighborTable } from "./neighbor-table.ts";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});
afterEach(() => host.remove());

describe("Connection Tracking", () => {
  const write = (count: number, ...cpus: string[]) => {
    host.write("proc/sys/net/netfilter/nf_conntrack_count", `${count}\n`);
    host.write(
      "proc/net/stat/nf_conntrack",
      `entries drop insert_failed new_thing\n${cpus.join("\n")}\n`,
    );
  };

  it("takes how full the table is, and sums up drops over CPUs that wrap", () => {
    write(100, "64 10 fffffffe 1", "64 1 1 2");
    host.write("proc/sys/net/netfilter/nf_conntrack_max", "400\n");
    const recording = new Recording(host, connectionTracking);
    recording.sample();
    write(300, "12c 20 00000002 1", "12c 5 1 2");
    recording.sample(10);
    expect(recording.value("", "Connections Tracked")).toBe(300);
    expect(recording.value("", "% Table Used")).toBe(75);
    expect(recording.value("", "Drops/sec")).toBe(2);
    expect(recording.value("", "Insert Failures/sec")).toBeCloseTo(0.4);
    expect(recording.raw("")).toMatchObject({ new_thing: 3 });
    expect(recording.raw("")).not.toHaveProperty("entries");
  });

  it("is not there while the kernel tracks nothing", () => {
    expect(connectionTracking.open(host.context)).toBeUndefined();
  });
});

describe("Neighbor Table", () => {
  const write = (file: string, ...cpus: string[]) =>
    host.write(
      `proc/net/stat/${file}`,
      `entries  allocs res_failed  table_fulls\n${cpus.join("\n")}\n`,
    );

  it("takes both families, whose counters are as wide as a long", () => {
    write("arp_cache", "3ff 1ffffffff 0 5", "3ff 1 0 0");
    write("ndisc_cache", "2 0 0 0");
    host.write("proc/sys/net/ipv4/neigh/default/gc_thresh3", "1024\n");
    const recording = new Recording(host, neighborTable);
    recording.sample();
    write("arp_cache", "400 200000009 0 f", "400 1 0 0");
    recording.sample(10);
    expect(recording.instances()).toEqual(["IPv4", "IPv6"]);
    expect(recording.value("IPv4", "% Table Used")).toBe(100);
    expect(recording.value("IPv4", "Allocations/sec")).toBe(1);
    expect(recording.value("IPv4", "Table Overflows/sec")).toBe(1);
    expect(recording.value("IPv6", "Entries")).toBe(2);
    // Its limit is not known here.
    expect(recording.value("IPv6", "% Table Used")).toBeUndefined();
  });

  it("knows less of kernels that tell less", () => {
    host.write("proc/net/stat/arp_cache", "entries allocs\n1 2\n");
    const open = neighborTable.open(host.context)!;
    expect(open.object.counters.map(({ name }) => name)).toEqual(["Entries", "Allocations/sec"]);
    open.close();
  });
});
