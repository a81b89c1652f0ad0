/** From one CPU to 1,024, with CPUs offline, hundreds of disks and interfaces. */
import { describe, expect, it, onTestFinished } from "vitest";
import { diskPartition } from "../src/collectors/disk-partition.ts";
import { networkInterface } from "../src/collectors/network-interface.ts";
import { packetProcessing } from "../src/collectors/packet-processing.ts";
import { physicalDisk } from "../src/collectors/physical-disk.ts";
import { processor } from "../src/collectors/processor.ts";
import { system } from "../src/collectors/system.ts";
import { virtualNetworkInterface } from "../src/collectors/virtual-network-interface.ts";
import type { Collector } from "../src/collectors/collector.ts";
import { PER_SECOND, writeLargeHost, writeLargeSysfs } from "./hosts/large-host.ts";
import { FakeHost, Recording } from "./support/fake-host.ts";

const SECTOR_BYTES = 512;

interface Size {
  readonly cpus: number;
  readonly offline?: readonly number[];
  readonly devices: number;
}

function record(size: Size, collector: Collector): Recording {
  const host = new FakeHost();
  onTestFinished(() => host.remove());
  const options = {
    ...size,
    multipathDisks: size.devices,
    nvmeDisks: size.devices,
    bonds: size.devices,
    containers: 3 * size.devices,
  };
  writeLargeSysfs(host, options);
  writeLargeHost(host, options, 0);
  const recording = new Recording(host, collector).sample();
  for (const seconds of [10, 20]) {
    writeLargeHost(host, options, seconds);
    recording.sample(10);
  }
  return recording;
}

const SIZES: readonly Size[] = [
  { cpus: 1, devices: 1 },
  { cpus: 64, offline: [1, 3, 62, 63], devices: 20 },
  { cpus: 1024, offline: [512], devices: 150 },
];

describe.each(SIZES)("a host with $cpus CPUs and $devices devices of each kind", (size) => {
  const online = size.cpus - (size.offline?.length ?? 0);

  it("shows the CPUs that are online", () => {
    const recording = record(size, processor);
    const numbers = recording.instances().filter((name) => name !== "_Total");
    expect(numbers).toHaveLength(online);
    for (const cpu of size.offline ?? []) expect(numbers).not.toContain(String(cpu));
    expect(recording.values("_Total", "% Processor Time")).toEqual([
      PER_SECOND.busyTicks,
      PER_SECOND.busyTicks,
    ]);
    expect(recording.value("_Total", "% Accounted Time")).toBeCloseTo(100, 6);
    const last = numbers.at(-1)!;
    expect(recording.value(last, "% Idle Time")).toBe(100 - PER_SECOND.busyTicks);
    expect(recording.value(last, "Network Receive Softirqs/sec")).toBe(1);
    expect(record(size, system).value("", "Processors Online")).toBe(online);
  });

  it("sums up packets of all CPUs", () => {
    expect(record(size, packetProcessing).value("_Total", "Packets Processed/sec")).toBe(online);
  });

  it("counts each disk once", () => {
    const recording = record(size, physicalDisk);
    // A multipath disk and its two paths, and an NVMe disk; of which the paths and NVMe disks count.
    expect(recording.instances()).toHaveLength(4 * size.devices + 1);
    expect(recording.value("_Total", "Disk Read Bytes/sec")).toBe(
      3 * size.devices * PER_SECOND.readSectors * SECTOR_BYTES,
    );
    expect(record(size, diskPartition).instances()).toHaveLength(2 * size.devices);
  });

  it("counts each interface once", () => {
    const recording = record(size, networkInterface);
    expect(recording.instances()).toHaveLength(3 * size.devices + 1);
    expect(recording.value("_Total", "Bytes Received/sec")).toBe(size.devices * PER_SECOND.bytes);
    expect(record(size, virtualNetworkInterface).instances()).toHaveLength(4 * size.devices + 1);
  });
});
