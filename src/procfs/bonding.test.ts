import { describe, expect, it } from "vitest";
import { parseBond } from "./bonding.ts";

const MEMBER = (name: string, status: string, failures: number, rest = "") => `
Slave Interface: ${name}
MII Status: ${status}
Speed: 10000 Mbps
Duplex: full
Link Failure Count: ${failures}
Permanent HW addr: 00:00:5e:00:53:01
${rest}Slave queue ID: 0
`;

describe("parseBond", () => {
  it("reads a bond with one active member", () => {
    const text =
      "Ethernet Channel Bonding Driver: v4.18.0\n\n" +
      "Bonding Mode: fault-tolerance (active-backup)\nPrimary Slave: None\n" +
      "Currently Active Slave: eth0\nMII Status: up\nMII Polling Interval (ms): 100\n" +
      "Up Delay (ms): 0\nDown Delay (ms): 0\n" +
      MEMBER("eth0", "up", 1) +
      MEMBER("eth1", "down", 4);
    expect(parseBond(text)).toEqual({
      mode: "fault-tolerance (active-backup)",
      up: true,
      active: "eth0",
      members: [
        { name: "eth0", up: true, linkFailures: 1, aggregator: undefined },
        { name: "eth1", up: false, linkFailures: 4, aggregator: undefined },
      ],
    });
  });

  it("takes members of another aggregator for down: they carry nothing", () => {
    const text =
      "Ethernet Channel Bonding Driver: v4.18.0\n\n" +
      "Bonding Mode: IEEE 802.3ad Dynamic link aggregation\nTransmit Hash Policy: layer3+4 (1)\n" +
      "MII Status: up\nMII Polling Interval (ms): 100\n\n802.3ad info\nLACP rate: fast\n" +
      "Active Aggregator Info:\n\tAggregator ID: 1\n\tNumber of ports: 1\n" +
      MEMBER("eth0", "up", 0, "Aggregator ID: 1\n") +
      MEMBER("eth1", "up", 0, "Aggregator ID: 2\n") +
      MEMBER("eth2", "going down", 2, "Aggregator ID: 1\n");
    const bond = parseBond(text);
    expect(bond.active).toBeUndefined();
    expect(bond.members.map(({ up }) => up)).toEqual([true, false, false]);
  });

  it("reads a bond without members, and refuses what is none", () => {
    const text =
      "Bonding Mode: load balancing (round-robin)\nCurrently Active Slave: None\nMII Status: down\n";
    expect(parseBond(text)).toEqual({
      mode: "load balancing (round-robin)",
      up: false,
      active: undefined,
      members: [],
    });
    expect(() => parseBond("")).toThrow("no bond");
  });
});
