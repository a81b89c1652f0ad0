import { expect, it } from "vitest";
import { diskOfPartition, isVirtualInterface } from "./instance-names.ts";

it.each([
  ["sda1", "sda"],
  ["xvdap12", "xvdap"],
  ["dasda1", "dasda"],
  ["xvdb2", "xvdb"],
  ["nvme0n1p3", "nvme0n1"],
  ["mmcblk0p1", "mmcblk0"],
  ["md0p1", "md0"],
  ["loop0p1", "loop0"],
  ["cciss/c0d0p2", "cciss/c0d0"],
])("%s is of disk %s", (name, disk) => expect(diskOfPartition(name)).toBe(disk));

it.each([
  "sda",
  "nvme0n1",
  "dm-0",
  "md127",
  "loop7",
  "zram0",
  "sr0",
  "mmcblk0",
  "vg-root",
  "data1",
  "rbd0",
])("%s is no partition", (name) => expect(diskOfPartition(name)).toBeUndefined());

it("tells cards from what stands for none", () => {
  const names = ["eth0", "enp3s0", "bond0", "ib0", "wlan0", "team0", "lo", "veth12", "docker0"];
  expect(names.filter((name) => !isVirtualInterface(name))).toEqual(names.slice(0, 6));
  expect(isVirtualInterface("eth0.100")).toBe(true);
});
