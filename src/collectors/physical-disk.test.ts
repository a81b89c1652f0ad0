import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeHost, Recording } from "../../test/support/fake-host.ts";
import { diskPartition } from "./disk-partition.ts";
import { physicalDisk } from "./physical-disk.ts";

let host: FakeHost;
beforeEach(() => {
  host = new FakeHost();
});
afterEach(() => {
  host.remove();
});

/** A line with the numbers that matter here; the others follow from them. */
function line(
  name: string,
  reads: number,
  writes = 0,
  more: { inFlight?: number; ticks?: number } = {},
): string {
  const ticks = more.ticks ?? reads + writes;
  return `8 0 ${name} ${reads} 0 ${reads * 8} ${reads * 2} ${writes} 0 ${writes * 16} ${writes * 4} ${more.inFlight ?? 0} ${ticks} ${reads * 2 + writes * 4} 0 0 0 0 0 0\n`;
}

function disks(...names: string[]): void {
  for (const name of names) host.write(`sys/block/${name}/size`, "2097152\n");
}

describe("PhysicalDisk", () => {
  it("gives rates, latencies and utilization per disk and for all", () => {
    disks("sda", "sdb");
    host.write(
      "proc/diskstats",
      line("sda", 1000, 500, { ticks: 100 }) + line("sdb", 0, 0, { ticks: 0 }),
    );
    const recording = new Recording(host, physicalDisk).sample();
    host.write(
      "proc/diskstats",
      line("sda", 1100, 700, { ticks: 900, inFlight: 3 }) +
        line("sdb", 10, 0, { ticks: 200, inFlight: 1 }),
    );
    recording.sample(2);
    expect(recording.instances()).toEqual(["_Total", "sda", "sdb"]);
    expect(recording.value("sda", "Disk Reads/sec")).toBe(50);
    expect(recording.value("sda", "Disk Write Bytes/sec")).toBe((200 * 16 * 512) / 2);
    expect(recording.value("sda", "Avg. Disk sec/Read")).toBeCloseTo(0.002, 12);
    expect(recording.value("sda", "Avg. Disk Bytes/Read")).toBe(4096);
    expect(recording.value("sda", "% Disk Time")).toBeCloseTo(40, 9);
    expect(recording.value("sda", "% Idle Time")).toBeCloseTo(60, 9);
    expect(recording.value("sdb", "Avg. Disk sec/Write")).toBeUndefined();
    expect(recording.value("_Total", "Disk Transfers/sec")).toBe((300 + 10) / 2);
    expect(recording.value("_Total", "Current Disk Queue Length")).toBe(4);
    expect(recording.value("_Total", "% Disk Time")).toBeCloseTo((40 + 10) / 2, 9);
    expect(recording.raw("_Total")).toMatchObject({ read_ios: 1110, write_ios: 700 });
  });

  it("counts no byte twice through device mapper and md, and keeps their own instances", () => {
    disks("sda", "sdb", "md0", "dm-0");
    host.makeFolder("sys/block/sda/sda1");
    host.makeFolder("sys/block/md0/slaves/sda1");
    host.makeFolder("sys/block/md0/slaves/sdb");
    host.makeFolder("sys/block/dm-0/slaves/md0");
    const text = (n: number) =>
      line("sda", n) + line("sda1", n) + line("sdb", n) + line("md0", 2 * n) + line("dm-0", 2 * n);
    host.write("proc/diskstats", text(0));
    const recording = new Recording(host, physicalDisk).sample();
    host.write("proc/diskstats", text(100));
    recording.sample();
    expect(recording.instances()).toEqual(["_Total", "dm-0", "md0", "sda", "sdb"]);
    expect(recording.value("_Total", "Disk Reads/sec")).toBe(200);
    expect(recording.value("dm-0", "Disk Reads/sec")).toBe(200);
    expect(recording.unit("dm-0").instance.attributes).toMatchObject({ kind: "layer" });
  });

  it("counts volumes whose disks this host cannot see", () => {
    disks("dm-0", "dm-1");
    host.write("proc/diskstats", line("dm-0", 0) + line("dm-1", 0));
    const recording = new Recording(host, physicalDisk).sample();
    host.write("proc/diskstats", line("dm-0", 5) + line("dm-1", 6));
    expect(recording.sample().value("_Total", "Disk Reads/sec")).toBe(11);
  });

  it("counts an NVMe multipath disk by its paths where the head shows nothing (before Linux 6.3)", () => {
    disks("nvme0c0n1", "nvme0c1n1", "nvme0n1");
    host.write("sys/block/nvme0c0n1/hidden", "1\n");
    const text = (n: number) =>
      line("nvme0c0n1", n) + line("nvme0c1n1", 2 * n) + line("nvme0n1", 0);
    host.write("proc/diskstats", text(1));
    const recording = new Recording(host, physicalDisk).sample();
    host.write("proc/diskstats", text(101));
    recording.sample();
    expect(recording.value("_Total", "Disk Reads/sec")).toBe(300);
    expect(recording.unit("nvme0c0n1").instance.attributes).toMatchObject({ kind: "path" });
  });

  it("counts an NVMe multipath disk by its head where both show the I/O, also from its first I/O on", () => {
    disks("nvme0c0n1", "nvme0n1");
    host.write("proc/diskstats", line("nvme0c0n1", 0) + line("nvme0n1", 0));
    const recording = new Recording(host, physicalDisk).sample();
    for (const n of [50, 150, 350]) {
      host.write("proc/diskstats", line("nvme0c0n1", n) + line("nvme0n1", n));
      recording.sample();
    }
    expect(recording.values("_Total", "Disk Reads/sec")).toEqual([50, 100, 200]);
  });

  it("leaves loop, ram and zram out unless asked, and devices without medium until they are used", () => {
    disks("vda", "loop0", "zram0", "ram0", "sr0");
    host.write("sys/block/nbd0/size", "0\n");
    host.write("sys/block/sr0/removable", "1\n");
    const text = (nbd: number) =>
      ["vda", "loop0", "zram0", "ram0"].map((name) => line(name, 7)).join("") +
      line("sr0", 0) +
      line("nbd0", nbd);
    host.write("proc/diskstats", text(0));
    const recording = new Recording(host, physicalDisk).sample();
    expect(recording.instances()).toEqual(["_Total", "vda"]);
    host.write("proc/diskstats", text(3));
    expect(recording.sample().instances()).toEqual(["_Total", "nbd0", "vda"]);

    const everything = new FakeHost({ allBlockDevices: true });
    for (const name of ["vda", "loop0", "zram0"]) everything.write(`sys/block/${name}/size`, "8\n");
    everything.write("proc/diskstats", line("vda", 1) + line("loop0", 1) + line("zram0", 1));
    const all = new Recording(everything, physicalDisk).sample();
    everything.write("proc/diskstats", line("vda", 2) + line("loop0", 2) + line("zram0", 2));
    expect(all.sample().instances()).toEqual(["_Total", "loop0", "vda", "zram0"]);
    expect(all.value("_Total", "Disk Reads/sec")).toBe(1);
    everything.remove();
  });

  it("follows devices that appear and disappear; the total neither jumps nor falls", () => {
    disks("sda", "sdb");
    host.write("proc/diskstats", line("sda", 100));
    const recording = new Recording(host, physicalDisk).sample();
    host.write("proc/diskstats", line("sdb", 5000) + line("sda", 110));
    recording.sample();
    expect(recording.instances()).toEqual(["_Total", "sda", "sdb"]);
    host.write("proc/diskstats", line("sdb", 5001) + line("sda", 120));
    recording.sample();
    host.write("proc/diskstats", line("sda", 130));
    recording.sample();
    expect(recording.instances()).toEqual(["_Total", "sda"]);
    expect(recording.values("_Total", "Disk Reads/sec")).toEqual([10, 11, 10]);
    expect(recording.values("sdb", "Disk Reads/sec")).toEqual([1]);
  });

  it("sees through the wrap of 32-bit times, in the total as well", () => {
    disks("sda");
    const wrap = 2 ** 32;
    const at = (ticks: number) => `8 0 sda 10 0 10 ${ticks} 10 0 10 0 0 ${ticks} ${ticks}\n`;
    host.write("proc/diskstats", at(wrap - 300));
    const recording = new Recording(host, physicalDisk).sample();
    host.write("proc/diskstats", at(200));
    recording.sample();
    expect(recording.value("sda", "% Disk Time")).toBeCloseTo(50, 9);
    expect(recording.value("_Total", "% Disk Time")).toBeCloseTo(50, 9);
    expect(recording.value("_Total", "Avg. Disk Queue Length")).toBeCloseTo(0.5, 9);
  });

  it("gives no value of the total for an interval in which a disk was reset", () => {
    disks("sda", "sdb");
    const recording = (() => {
      host.write("proc/diskstats", line("sda", 1000) + line("sdb", 1000));
      return new Recording(host, physicalDisk).sample();
    })();
    for (const [a, b] of [
      [1010, 1010],
      [3, 1020],
      [13, 1030],
    ] as const) {
      host.write("proc/diskstats", line("sda", a) + line("sdb", b));
      recording.sample();
    }
    expect(recording.values("_Total", "Disk Reads/sec")).toEqual([20, 20]);
    expect(recording.values("sda", "Disk Reads/sec")).toEqual([10, 10]);
    expect(recording.values("_Total", "% Disk Time")).toHaveLength(2);
  });

  it("records only what the kernel has", () => {
    disks("sda");
    host.write("proc/diskstats", "8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n");
    const { open } = new Recording(host, physicalDisk);
    const counters = open.object.counters.map(({ name }) => name);
    open.close();
    expect(counters).toContain("Disk Reads/sec");
    expect(counters).not.toContain("Disk Discards/sec");
    expect(counters).not.toContain("Disk Flushes/sec");
    host.remove("proc/diskstats");
    expect(physicalDisk.open(host.context)).toBeUndefined();
  });

  it("waits for the first device where there is none yet", () => {
    host.write("proc/diskstats", "");
    host.write("proc/sys/kernel/osrelease", "4.19.0-27-amd64\n");
    const recording = new Recording(host, physicalDisk).sample();
    expect(recording.instances()).toEqual([]);
    expect(recording.open.object.groups[0]!.fields).toHaveLength(15);
    disks("ubda");
    host.write("proc/diskstats", "98 0 ubda 1 0 8 1 0 0 0 0 0 1 1 0 0 0 0\n");
    expect(recording.sample().instances()).toEqual(["_Total", "ubda"]);
  });

  it("goes by names where there is no /sys", () => {
    host.remove("sys");
    const text = ["sata1", "sata1p1", "nvme0n1", "nvme0n1p12", "dm-1", "dm-10"]
      .map((n) => line(n, 4))
      .join("");
    host.write("proc/diskstats", text);
    expect(new Recording(host, physicalDisk).sample().instances()).toEqual([
      "_Total",
      "dm-1",
      "dm-10",
      "nvme0n1",
      "sata1",
    ]);
    expect(new Recording(host, diskPartition).sample().instances()).toEqual([
      "nvme0n1/nvme0n1p12",
      "sata1/sata1p1",
    ]);
  });
});

describe("Disk Partition", () => {
  it("shows partitions with their disk, and none of the disks", () => {
    disks("sda", "cciss!c0d0", "xvda1");
    host.makeFolder("sys/block/sda/sda1");
    host.makeFolder("sys/block/cciss!c0d0/cciss!c0d0p2");
    const text = (n: number) =>
      ["sda", "sda1", "cciss/c0d0", "cciss/c0d0p2", "xvda1"].map((name) => line(name, n)).join("");
    host.write("proc/diskstats", text(1));
    const recording = new Recording(host, diskPartition).sample();
    host.write("proc/diskstats", text(31));
    recording.sample(3);
    expect(recording.instances()).toEqual(["cciss/c0d0/cciss/c0d0p2", "sda/sda1"]);
    expect(recording.value("sda/sda1", "Disk Reads/sec")).toBe(10);
    host.write("proc/diskstats", line("sda", 40));
    expect(recording.sample().instances()).toEqual([]);
  });
});
