import { afterEach, describe, expect, it } from "vitest";
import { FakeHost, Recording } from "../../test/support/fake-host.ts";
import { FakeTools } from "../../test/support/fake-tools.ts";
import { networkDriver } from "./network-driver.ts";

let host: FakeHost;
afterEach(() => host.remove());

/** A host with cards that answer as told. */
function hostWith(answers: Record<string, string | undefined>): {
  tools: FakeTools;
  recording: Recording;
} {
  const tools = new FakeTools((command) => answers[command.split(" ").pop()!]);
  host = new FakeHost({ tools });
  for (const name of Object.keys(answers)) card(name);
  host.write("sys/class/net/lo/type", "772\n");
  return { tools, recording: new Recording(host, networkDriver) };
}

function card(name: string, operstate = "up"): void {
  host.write(`sys/class/net/${name}/operstate`, `${operstate}\n`);
  host.makeFolder(`sys/class/net/${name}/device`);
  host.link(`sys/class/net/${name}/device/driver`, "../../../bus/pci/drivers/ena");
}

const statistics = (numbers: Record<string, number>) =>
  `NIC statistics:\n${Object.entries(numbers)
    .map(([name, value]) => `     ${name}: ${value}\n`)
    .join("")}`;

describe("Network Driver", () => {
  it("asks every 10 s, beside the sampling, and takes answers at the next sample", () => {
    const answers = { eth0: statistics({ bw_out_allowance_exceeded: 10, tx_timeout: 0 }) };
    const { tools, recording } = hostWith(answers);
    tools.slow = true;
    recording.sample();
    expect(recording.instances()).toEqual([]);
    tools.answer();
    expect(recording.open.hasNews).toBe(true);
    answers.eth0 = statistics({ bw_out_allowance_exceeded: 60, tx_timeout: 1 });
    recording.sample();
    expect(recording.raw("eth0")).toEqual({
      tx_timeouts: 0,
      bw_out_allowance_exceeded: 10,
      tx_timeout: 0,
    });
    recording.sample(9);
    tools.answer();
    recording.sample();
    expect(recording.value("eth0", "Outbound Bandwidth Allowance Exceeded/sec")).toBe(5);
    expect(recording.value("eth0", "Transmit Timeouts/sec")).toBeCloseTo(0.1);
    expect(recording.unit("eth0").instance.attributes).toEqual({ driver: "ena" });
    expect(tools.runs).toEqual(Array(2).fill("ethtool -S eth0"));
  });

  it("adds up queues, and takes each driver's own name for a thing, once", () => {
    const { recording } = hostWith({
      eth0: statistics({ rx_queue_0_drops: 3, rx_queue_1_drops: 4, rx_queue_0_packets: 99 }),
      eth1: statistics({ rx_drops: 7, rx0_drops: 3, rx1_drops: 4, rx_no_memory: 1 }),
    });
    recording.sample();
    expect(recording.raw("eth0")).toEqual({ rx_ring_full: 7, "rx_queue_#_drops": 7 });
    expect(recording.raw("eth1")).toEqual({
      rx_ring_full: 7,
      rx_drops: 7,
      "rx#_drops": 7,
      rx_no_memory: 1,
    });
  });

  it("begins a new unit when the driver counts other things", () => {
    const answers = { eth0: statistics({ rx_drops: 1 }) };
    const { recording } = hostWith(answers);
    recording.sample();
    answers.eth0 = statistics({ rx_out_of_buffer: 5 });
    recording.sample(10);
    expect(recording.raw("eth0")).toEqual({ rx_ring_full: 5, rx_out_of_buffer: 5 });
    expect(recording.row.units).toHaveLength(1);
  });

  it("asks a driver that has nothing to tell once a minute, and a card that is off not at all", () => {
    const { tools, recording } = hostWith({ eth0: "", eth1: statistics({ rx_drops: 1 }) });
    recording.sample().sample(10);
    card("eth2", "down");
    recording.sample(60);
    const both = "ethtool -S eth0 ; ethtool -S eth1";
    expect(tools.runs).toEqual([both, "ethtool -S eth1", both]);
    host.remove("sys/class/net/eth1");
    recording.sample(60);
    expect(recording.row.units).toEqual([]);
  });

  it("lives with programs that hang: what did not answer is not recorded", () => {
    const answers: Record<string, string | undefined> = {
      eth0: statistics({ rx_drops: 1 }),
      eth1: statistics({ rx_drops: 1 }),
    };
    const { recording } = hostWith(answers);
    recording.sample();
    answers["eth1"] = undefined;
    recording.sample(10);
    expect(recording.instances()).toEqual(["eth0"]);
  });

  it("is not there without the program, or without cards", () => {
    host = new FakeHost({ tools: new FakeTools(() => "") });
    expect(networkDriver.open(host.context)).toBeUndefined();
    card("eth0");
    expect(
      networkDriver.open({ ...host.context, tools: { ...host.context.tools!, has: () => false } }),
    ).toBeUndefined();
  });
});
