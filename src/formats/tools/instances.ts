/** Instances as sysstat calls them, and as our objects do. */
import { isVirtualInterface } from "../../counter/instance-names.ts";

/** All CPUs together. */
export function cpuInstance(printed: string): string {
  return printed === "all" ? "_Total" : printed;
}

/** Majors of the SCSI disk driver: 8, then 65 to 71, with 16 disks each and 16 minors for a disk. */
const SCSI_MAJORS = [8, 65, 66, 67, 68, 69, 70, 71];

/** `dev8-16`, as sar without -p and before 12.3 called a disk, is `sdb`. Other drivers' numbers differ from host to host. */
export function diskInstance(printed: string): string {
  const match = /^dev(\d{1,3})-(\d{1,7})$/.exec(printed);
  const block = match ? SCSI_MAJORS.indexOf(Number(match[1])) : -1;
  const minor = Number(match?.[2]);
  if (block < 0 || minor > 255 || minor % 16 !== 0) return printed;
  const disk = block * 16 + minor / 16;
  const letter = (number: number): string => String.fromCharCode(97 + number);
  return `sd${disk < 26 ? "" : letter(Math.floor(disk / 26) - 1)}${letter(disk % 26)}`;
}

/** A card, a bond or the like; undefined for those of `virtualInterface`. */
export function realInterface(printed: string): string | undefined {
  return isVirtualInterface(printed) ? undefined : printed;
}

/** The loopback, and interfaces of containers, guests and tunnels. */
export function virtualInterface(printed: string): string | undefined {
  return isVirtualInterface(printed) ? printed : undefined;
}
