/**
 * What a line of /proc/diskstats stands for: a disk, a partition, a path to a disk, or a layer on
 * top of other devices; and which of them count, so that a total holds no byte twice.
 *
 * Sources: Documentation/ABI/stable/sysfs-block (`slaves`, `removable`, `size`),
 * drivers/nvme/host/multipath.c (names of paths and heads).
 */
import { readAttribute, readNumber, listFolder, pathExists } from "./sysfs.ts";

/**
 * `layer` is built of other devices that are shown themselves (device mapper, md, bcache, drbd);
 * `path` is one of the hidden devices behind an NVMe multipath head; `loop` and `memory` are
 * files and RAM made to look like disks.
 */
export type BlockDeviceKind = "disk" | "partition" | "layer" | "path" | "loop" | "memory";

export interface BlockDevice {
  readonly name: string;
  readonly kind: BlockDeviceKind;
  /** The disk of a partition, the head of a path. */
  readonly parent?: string;
  /** No medium, or one that can be taken out: shown once it has done I/O. */
  readonly shownWhenUsed: boolean;
  /** Facts recorded once: kind, size, rotational, model, name of a device-mapper volume. */
  readonly attributes: Readonly<Record<string, string>>;
}

const NVME_PATH = /^nvme(\d+)c\d+n(\d+)$/;
const ZVOL = /^zd\d+$/;

/**
 * @param sysRoot `/sys`; may be missing, then names alone decide
 * @param names all names in /proc/diskstats
 */
export function describeBlockDevice(
  sysRoot: string,
  name: string,
  names: ReadonlySet<string>,
): BlockDevice {
  const folder = `${sysRoot}/block/${sysName(name)}`;
  const isWhole = pathExists(folder);
  const disk = isWhole ? undefined : diskOfPartition(sysRoot, name, names);
  if (disk !== undefined) {
    return { name, kind: "partition", parent: disk, shownWhenUsed: false, attributes: {} };
  }
  const head = headOfPath(name, names);
  const kind = head === undefined ? kindOf(folder, name, names) : "path";
  const sectors = readNumber(`${folder}/size`);
  const removable = readAttribute(`${folder}/removable`) === "1";
  return {
    name,
    kind,
    ...(head === undefined ? {} : { parent: head }),
    shownWhenUsed: sectors === undefined || sectors === 0 || removable,
    attributes: attributesOf(folder, kind, sectors),
  };
}

/** A device as far as counting goes. */
export interface Countable {
  readonly device: BlockDevice;
  /** Whether it has read or written anything since boot. */
  readonly used: boolean;
}

/**
 * Which devices make up the total: disks, each once. Device-mapper and md volumes, loop devices
 * and partitions repeat what their disks do. Of an NVMe multipath disk either the head counts or
 * its paths: before Linux 6.3 the head shows no I/O, since then both do.
 */
export function countedInTotal(devices: readonly Countable[]): Set<string> {
  const counted = new Set<string>();
  const usedHeads = new Set<string>();
  const usedPathsOf = new Set<string>();
  for (const { device, used } of devices) {
    if (device.kind === "disk" && used) usedHeads.add(device.name);
    if (device.kind === "path" && used && device.parent) usedPathsOf.add(device.parent);
  }
  for (const { device } of devices) {
    const head = device.kind === "path" ? device.parent! : device.name;
    const byPaths = usedPathsOf.has(head) && !usedHeads.has(head);
    if (device.kind === "disk" && !byPaths) counted.add(device.name);
    if (device.kind === "path" && byPaths) counted.add(device.name);
  }
  if (counted.size === 0) {
    for (const { device } of devices) if (device.kind === "loop") counted.add(device.name);
  }
  return counted;
}

/** sysfs has `!` where a device name has `/` (`cciss/c0d0`). */
function sysName(name: string): string {
  return name.split("/").join("!");
}

function diskOfPartition(
  sysRoot: string,
  name: string,
  names: ReadonlySet<string>,
): string | undefined {
  for (let length = name.length - 1; length > 0; length--) {
    const disk = name.slice(0, length);
    if (!names.has(disk)) continue;
    if (pathExists(`${sysRoot}/block/${sysName(disk)}/${sysName(name)}`)) return disk;
    if (isPartitionName(disk, name)) return disk;
  }
  return undefined;
}

/** The kernel's rule: digits after the disk's name, after a `p` where that ends with a digit. */
function isPartitionName(disk: string, name: string): boolean {
  const rest = name.slice(disk.length);
  return /\d$/.test(disk) ? /^p\d+$/.test(rest) : /^\d+$/.test(rest);
}

function headOfPath(name: string, names: ReadonlySet<string>): string | undefined {
  const parts = NVME_PATH.exec(name);
  const head = parts ? `nvme${parts[1]}n${parts[2]}` : undefined;
  return head !== undefined && names.has(head) ? head : undefined;
}

function kindOf(folder: string, name: string, names: ReadonlySet<string>): BlockDeviceKind {
  if (/^loop\d+$/.test(name)) return "loop";
  if (/^z?ram\d+$/.test(name)) return "memory";
  const slaves = listFolder(`${folder}/slaves`).map((slave) => slave.split("!").join("/"));
  // Below it there may be nothing that this host sees (a container): then it stands for itself.
  if (slaves.some((slave) => names.has(slave))) return "layer";
  const looksLayered = /^(dm-|md)\d+$/.test(name) && !pathExists(folder);
  if ((looksLayered || ZVOL.test(name)) && hasPlainDisk(names)) return "layer";
  return "disk";
}

function hasPlainDisk(names: ReadonlySet<string>): boolean {
  for (const name of names) if (/^(sd|hd|vd|xvd|nvme|mmcblk|ubd)/.test(name)) return true;
  return false;
}

function attributesOf(
  folder: string,
  kind: BlockDeviceKind,
  sectors: number | undefined,
): Record<string, string> {
  const attributes: Record<string, string> = { kind };
  if (sectors !== undefined) attributes["sizeBytes"] = String(sectors * 512);
  const rotational = readAttribute(`${folder}/queue/rotational`);
  if (rotational !== undefined) attributes["rotational"] = rotational === "1" ? "yes" : "no";
  const model = readAttribute(`${folder}/device/model`);
  if (model !== undefined) attributes["model"] = model;
  const volume = readAttribute(`${folder}/dm/name`);
  if (volume !== undefined) attributes["volume"] = volume;
  return attributes;
}
