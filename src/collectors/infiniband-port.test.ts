import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeHost, Recording } from "../../test/support/fake-host.ts";
import { infinibandPort } from "./infiniband-port.ts";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});
afterEach(() => host.remove());

const PORT = "sys/class/infiniband/mlx5_0/ports/1";

function port(files: Record<string, number | string>, folder = PORT): void {
  for (const [file, content] of Object.entries(files))
    host.write(`${folder}/${file}`, `${content}\n`);
}

const idle = {
  rate: "100 Gb/sec (4X EDR)",
  state: "4: ACTIVE",
  link_layer: "InfiniBand",
  "counters/port_rcv_data": 1000,
  "counters/port_xmit_data": 2000,
  "counters/port_rcv_packets": 10,
  "counters/port_xmit_packets": 20,
  "counters/symbol_error": 3,
  "counters/port_xmit_wait": 5,
  "hw_counters/lifespan": 10,
  "hw_counters/out_of_buffer": 4_294_967_290,
  "hw_counters/rx_write_requests": 7,
};

describe("InfiniBand Port", () => {
  it("counts in words of four bytes, by the link's rate", () => {
    port(idle);
    const recording = new Recording(host, infinibandPort);
    recording.sample();
    port({
      "counters/port_rcv_data": 1000 + 250_000_000,
      "counters/port_xmit_data": 2000 + 1_562_500_000,
      "counters/port_rcv_packets": 1010,
    });
    recording.sample();
    expect(recording.value("mlx5_0:1", "Bytes Received/sec")).toBe(1e9);
    expect(recording.value("mlx5_0:1", "Packets Received/sec")).toBe(1000);
    // 6.25 GB/s of 12.5.
    expect(recording.value("mlx5_0:1", "% Link Utilization")).toBe(50);
    expect(recording.unit("mlx5_0:1").instance.attributes).toEqual({ linkLayer: "InfiniBand" });
  });

  it("asks the card for errors every 10 s, and keeps what nobody declared", () => {
    port(idle);
    const recording = new Recording(host, infinibandPort);
    recording.sample();
    port({ "counters/symbol_error": 13, "hw_counters/out_of_buffer": 4, state: "1: DOWN" });
    for (let i = 0; i < 5; i++) recording.sample();
    expect(recording.values("mlx5_0:1", "Symbol Errors/sec")).toEqual([]);
    recording.sample(5);
    expect(recording.value("mlx5_0:1", "Symbol Errors/sec")).toBe(1);
    // 32 bits wide: 4294967290 to 4 are 10.
    expect(recording.value("mlx5_0:1", "Receive Buffer Misses/sec")).toBe(1);
    expect(recording.value("mlx5_0:1", "Link Active")).toBe(0);
    const raw = recording.raw("mlx5_0:1");
    expect(raw).toMatchObject({ rx_write_requests: 7, speed_bits: 1e11 });
    expect(raw).not.toHaveProperty("lifespan");
  });

  it("takes ports that tell less, or refuse", () => {
    port({ state: "4: ACTIVE", rate: "2.5 Gb/sec (1X SDR)", "counters/symbol_error": 1 });
    port({ "counters/port_rcv_data": "N/A (no PMA)", "hw_counters/duplicate_request": 2 });
    const recording = new Recording(host, infinibandPort);
    recording.sample().sample(10);
    expect(recording.raw("mlx5_0:1")).toEqual({
      active: 1,
      speed_bits: 2.5e9,
      symbol_error: 1,
      duplicate_request: 2,
    });
  });

  it.each([
    ["state", "?!", "Link Active"],
    ["rate", "fast", "Current Bandwidth"],
  ])("says that %s is garbled, and gives no %3$s", (file, text, counter) => {
    port(idle);
    const recording = new Recording(host, infinibandPort);
    recording.sample().sample(10);
    expect(recording.values("mlx5_0:1", counter)).toHaveLength(1);
    port({ [file]: text, "counters/port_rcv_data": 2000 });
    expect(() => recording.sample(10)).toThrow(new RegExp(`/${file} holds nothing known`));
    expect(recording.values("mlx5_0:1", counter)).toHaveLength(1);
    expect(recording.value("mlx5_0:1", "Bytes Received/sec")).toBe(400);
    port({ [file]: idle[file as "state" | "rate"] });
    recording.sample(10);
    expect(recording.values("mlx5_0:1", counter)).toHaveLength(2);
  });

  it("goes on with the other ports when a count is garbled", () => {
    port(idle);
    port(idle, "sys/class/infiniband/mlx5_1/ports/1");
    const recording = new Recording(host, infinibandPort);
    recording.sample();
    port({ "counters/symbol_error": "many" });
    expect(() => recording.sample(10)).toThrow(/symbol_error holds no number/);
    expect(recording.values("mlx5_0:1", "Symbol Errors/sec")).toEqual([]);
    expect(recording.value("mlx5_1:1", "Symbol Errors/sec")).toBe(0);
  });

  it("has no rate where the driver refuses it", () => {
    port({ state: "1: DOWN", "counters/symbol_error": 1 });
    const recording = new Recording(host, infinibandPort);
    recording.sample();
    expect(recording.raw("mlx5_0:1")).toEqual({ active: 0, symbol_error: 1 });
  });

  it("follows cards that come and go", () => {
    port(idle);
    const recording = new Recording(host, infinibandPort);
    recording.sample();
    port(idle, "sys/class/infiniband/mlx5_1/ports/1");
    recording.sample(10);
    expect(recording.instances()).toEqual(["mlx5_0:1", "mlx5_1:1"]);
    host.remove("sys/class/infiniband/mlx5_0");
    recording.sample(10);
    expect(recording.instances()).toEqual(["mlx5_1:1"]);
    expect(recording.row.units).toHaveLength(4);
    recording.open.close();
  });

  it("is not there without such a card", () => {
    expect(infinibandPort.open(host.context)).toBeUndefined();
  });
});
