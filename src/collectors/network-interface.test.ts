import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeHost, Recording } from "../../test/support/fake-host.ts";
import { networkInterface } from "./network-interface.ts";
import { virtualNetworkInterface } from "./virtual-network-interface.ts";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});
afterEach(() => {
  host.remove();
});

const HEADINGS = "Inter-|   Receive  |  Transmit\n face |bytes packets errs |bytes packets\n";

/** Name, bytes received, bytes sent; packets are a thousandth of the bytes. */
function traffic(...lines: readonly (readonly [string, number, number])[]): void {
  const text = lines.map(
    ([name, rx, tx]) =>
      `${name.padStart(6)}: ${rx} ${rx / 1000} 1 2 0 0 0 0 ${tx} ${tx / 1000} 3 4 0 0 0 0\n`,
  );
  host.write("proc/net/dev", HEADINGS + text.join(""));
}

function card(name: string, files: Readonly<Record<string, string>> = {}): void {
  host.write(`sys/class/net/${name}/type`, "1\n");
  host.write(`sys/class/net/${name}/device/uevent`, "DRIVER=x\n");
  for (const [file, content] of Object.entries(files))
    host.write(`sys/class/net/${name}/${file}`, content);
}

function virtual(name: string, files: Readonly<Record<string, string>> = {}): void {
  host.write(`sys/class/net/${name}/type`, name === "lo" ? "772\n" : "1\n");
  for (const [file, content] of Object.entries(files))
    host.write(`sys/class/net/${name}/${file}`, content);
}

describe("Network Interface", () => {
  it("gives rates and relates the busier direction to the link's speed", () => {
    card("eth0", { speed: "1000\n", duplex: "full\n" });
    traffic(["eth0", 0, 0]);
    const recording = new Recording(host, networkInterface).sample();
    traffic(["eth0", 50_000_000, 10_000_000]);
    recording.sample(2);
    expect(recording.value("eth0", "Bytes Received/sec")).toBe(25_000_000);
    expect(recording.value("eth0", "Bytes Total/sec")).toBe(30_000_000);
    expect(recording.value("eth0", "Packets/sec")).toBe(30_000);
    expect(recording.value("eth0", "% Utilization")).toBeCloseTo(20, 9);
    expect(recording.value("eth0", "Current Bandwidth")).toBe(1e9);
    traffic(["eth0", 50_000_000, 72_500_000]);
    recording.sample();
    expect(recording.value("eth0", "% Utilization")).toBeCloseTo(50, 9);
  });

  it("adds both directions on a half duplex link", () => {
    card("eth0", { speed: "100\n", duplex: "half\n" });
    traffic(["eth0", 0, 0]);
    const recording = new Recording(host, networkInterface).sample();
    traffic(["eth0", 2_500_000, 1_250_000]);
    expect(recording.sample().value("eth0", "% Utilization")).toBeCloseTo(30, 9);
  });

  it.each(["-1\n", "0\n", "4294967295\n", undefined])(
    "has no utilization where the speed is %j",
    (speed) => {
      card("eth0", speed === undefined ? {} : { speed });
      traffic(["eth0", 0, 0]);
      const recording = new Recording(host, networkInterface).sample();
      traffic(["eth0", 1_000_000, 0]);
      recording.sample();
      expect(recording.values("eth0", "% Utilization")).toEqual([]);
      expect(recording.values("_Total", "% Utilization")).toEqual([]);
      expect(recording.value("eth0", "Current Bandwidth")).toBe(0);
      expect(recording.value("eth0", "Bytes Received/sec")).toBe(1_000_000);
    },
  );

  it("asks for the speed again every 10 seconds", () => {
    card("eth0", { speed: "1000\n" });
    traffic(["eth0", 0, 0]);
    const recording = new Recording(host, networkInterface).sample();
    host.write("sys/class/net/eth0/speed", "10000\n");
    expect(recording.sample(5).value("eth0", "Current Bandwidth")).toBe(1e9);
    expect(recording.sample(5).value("eth0", "Current Bandwidth")).toBe(1e10);
  });

  it("relates the total to the links whose speed is known", () => {
    card("eth0", { speed: "1000\n" });
    card("eth1", { speed: "1000\n" });
    card("eth2", { speed: "-1\n" });
    traffic(["eth0", 0, 0], ["eth1", 0, 0], ["eth2", 0, 0]);
    const recording = new Recording(host, networkInterface).sample();
    traffic(["eth0", 100_000_000, 0], ["eth1", 0, 25_000_000], ["eth2", 9_000_000, 0]);
    recording.sample();
    expect(recording.value("_Total", "% Utilization")).toBeCloseTo(50, 9);
    expect(recording.value("_Total", "Bytes Total/sec")).toBe(134_000_000);
    expect(recording.value("_Total", "Current Bandwidth")).toBe(2e9);
  });

  it("counts the parts of a bond and of a synthetic card through their master", () => {
    card("eth0", { speed: "1000\n" });
    card("eth1", { speed: "1000\n" });
    card("eth2");
    card("eth3");
    virtual("bond0", { "bonding/mode": "802.3ad 4\n", speed: "2000\n" });
    host.link("sys/class/net/eth0/master", "../bond0");
    host.link("sys/class/net/eth1/master", "../bond0");
    host.link("sys/class/net/eth3/master", "../eth2");
    const all = (n: number) =>
      traffic(["eth0", n, 0], ["eth1", n, 0], ["bond0", 2 * n, 0], ["eth2", n, 0], ["eth3", n, 0]);
    all(0);
    const recording = new Recording(host, networkInterface).sample();
    all(1000);
    recording.sample();
    expect(recording.instances()).toEqual(["_Total", "bond0", "eth0", "eth1", "eth2", "eth3"]);
    expect(recording.value("_Total", "Bytes Received/sec")).toBe(3000);
    expect(recording.value("_Total", "Current Bandwidth")).toBe(2e9);
    expect(recording.unit("eth0").instance.attributes).toMatchObject({
      kind: "physical",
      master: "bond0",
    });
  });

  it("counts a card that is a port of a bridge: the bridge is virtual", () => {
    card("eth0");
    virtual("br0", { "bridge/bridge_id": "8000\n" });
    host.link("sys/class/net/eth0/master", "../br0");
    traffic(["eth0", 0, 0], ["br0", 0, 0]);
    const recording = new Recording(host, networkInterface).sample();
    traffic(["eth0", 7000, 0], ["br0", 6000, 0]);
    expect(recording.sample().value("_Total", "Bytes Received/sec")).toBe(7000);
    expect(recording.instances()).toEqual(["_Total", "eth0"]);
    expect(new Recording(host, virtualNetworkInterface).sample().instances()).toEqual(["br0"]);
  });

  it("takes what leads outside where there is no card, as in a container", () => {
    for (const name of ["lo", "eth0", "dummy0"]) virtual(name, { speed: "10000\n" });
    virtual("docker0", { "bridge/bridge_id": "8000\n" });
    virtual("veth1");
    host.link("sys/class/net/veth1/master", "../docker0");
    host.write("sys/class/net/tunl0/type", "768\n");
    const names = ["lo", "eth0", "dummy0", "docker0", "veth1", "tunl0"];
    traffic(...names.map((name) => [name, 0, 0] as const));
    const recording = new Recording(host, networkInterface).sample();
    traffic(...names.map((name) => [name, 1000, 0] as const));
    recording.sample();
    expect(recording.instances()).toEqual(["_Total", "eth0"]);
    expect(recording.value("_Total", "Bytes Received/sec")).toBe(1000);
    // The kernel invents 10 Gbit/s for veth.
    expect(recording.values("eth0", "% Utilization")).toEqual([]);
    const others = new Recording(host, virtualNetworkInterface).sample();
    expect(others.instances()).toEqual(["docker0", "dummy0", "lo", "tunl0", "veth1"]);
  });

  it("follows interfaces that appear, disappear and are renamed, without a jump of the total", () => {
    card("eth0");
    card("ens3");
    card("eth9");
    traffic(["eth0", 1000, 0]);
    const recording = new Recording(host, networkInterface).sample();
    traffic(["eth9", 900_000, 0], ["eth0", 2000, 0]);
    recording.sample();
    traffic(["eth9", 901_000, 0], ["ens3", 3000, 0]);
    recording.sample();
    expect(recording.instances()).toEqual(["_Total", "ens3", "eth9"]);
    traffic(["ens3", 4000, 0]);
    recording.sample();
    expect(recording.values("_Total", "Bytes Received/sec")).toEqual([1000, 1000, 1000]);
    expect(recording.values("ens3", "Bytes Received/sec")).toEqual([1000]);
    expect(recording.values("eth9", "Bytes Received/sec")).toEqual([1000]);
  });

  it("gives a card back its place when one appears where there was none", () => {
    virtual("lo");
    virtual("veth0");
    traffic(["lo", 1000, 1000], ["veth0", 1000, 1000]);
    const physical = new Recording(host, networkInterface).sample();
    expect(physical.instances()).toEqual(["_Total", "veth0"]);
    card("eth0");
    traffic(["lo", 1000, 1000], ["veth0", 1000, 1000], ["eth0", 0, 0]);
    expect(physical.sample().instances()).toEqual(["_Total", "eth0"]);
  });

  it("gives no value across a driver's reset", () => {
    card("eth0", { speed: "1000\n" });
    traffic(["eth0", 8000, 8000]);
    const recording = new Recording(host, networkInterface).sample();
    for (const bytes of [9000, 0, 1000]) {
      traffic(["eth0", bytes, bytes]);
      recording.sample();
    }
    expect(recording.values("eth0", "Bytes Received/sec")).toEqual([1000, 1000]);
    expect(recording.values("_Total", "Bytes Received/sec")).toEqual([1000, 1000]);
  });

  it("is not there without /proc/net/dev", () => {
    expect(networkInterface.open(host.context)).toBeUndefined();
    expect(virtualNetworkInterface.open(host.context)).toBeUndefined();
  });
});

describe("Virtual Network Interface", () => {
  it("offers no utilization: its speeds are made up", () => {
    virtual("lo");
    traffic(["lo", 5000, 5000]);
    const recording = new Recording(host, virtualNetworkInterface).sample();
    traffic(["lo", 15_000, 15_000]);
    recording.sample();
    expect(recording.value("lo", "Bytes Sent/sec")).toBe(10_000);
    const names = recording.open.object.counters.map(({ name }) => name);
    expect(names).not.toContain("% Utilization");
    expect(recording.open.object.groups[0]!.fields).toHaveLength(16);
  });
});
