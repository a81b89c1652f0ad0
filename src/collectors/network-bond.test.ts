import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeHost, Recording } from "../../test/support/fake-host.ts";
import { networkBond } from "./network-bond.ts";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});
afterEach(() => host.remove());

function bond(active: string, members: Record<string, [status: string, failures: number]>): void {
  const parts = Object.entries(members).map(
    ([name, [status, failures]]) =>
      `\nSlave Interface: ${name}\nMII Status: ${status}\nLink Failure Count: ${failures}\n`,
  );
  host.write(
    "proc/net/bonding/bond0",
    `Ethernet Channel Bonding Driver: v6.1.0\n\nBonding Mode: fault-tolerance (active-backup)\n` +
      `Currently Active Slave: ${active}\nMII Status: up\n${parts.join("")}`,
  );
}

describe("Network Bond", () => {
  it("tells when a card is lost, and that another took over", () => {
    bond("eth0", { eth0: ["up", 0], eth1: ["up", 2] });
    const recording = new Recording(host, networkBond);
    recording.sample();
    bond("eth1", { eth0: ["down", 1], eth1: ["up", 2] });
    recording.sample(10);
    expect(recording.instances()).toEqual(["bond0", "bond0/eth0", "bond0/eth1"]);
    expect(recording.raw("bond0")).toEqual({
      members: 2,
      members_up: 1,
      members_down: 1,
      up: 1,
      active_changes: 1,
    });
    expect(recording.value("bond0/eth0", "Link Failures")).toBe(1);
    expect(recording.value("bond0/eth1", "Link Failures")).toBe(0);
    expect(recording.value("bond0/eth1", "Member Active")).toBe(1);
    expect(recording.unit("bond0").instance.attributes).toEqual({
      mode: "fault-tolerance (active-backup)",
    });
  });

  it("follows cards and bonds that come and go", () => {
    bond("eth0", { eth0: ["up", 0] });
    const recording = new Recording(host, networkBond);
    recording.sample();
    bond("eth1", { eth1: ["up", 0] });
    recording.sample(10);
    expect(recording.row.units.map(({ instance }) => instance.name)).toEqual(["bond0", "eth1"]);
    host.remove("proc/net/bonding/bond0");
    recording.sample(10);
    expect(recording.row.units).toEqual([]);
  });

  it("is not there without the driver", () => {
    expect(networkBond.open(host.context)).toBeUndefined();
  });
});
