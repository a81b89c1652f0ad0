import { readDiskQueue, type DiskQueueInventory } from "./disk-queue.ts";
import { nodeOf, pciLink } from "./pci-device.ts";
import {
  defined,
  linkTarget,
  listFolder,
  readChoice,
  readFlag,
  readInteger,
  readText,
} from "./read-text.ts";

/** One whole block device; partitions, loop and ram devices are left out. */
export interface DiskInventory extends DiskQueueInventory {
  /** `nvme`, `scsi`, `virtio`, `xen`, `mmc`, `ubd`, `dm`, `md`, `zram`, `other`. */
  readonly kind: string;
  readonly sizeBytes?: number;
  readonly rotational?: boolean;
  readonly model?: string;
  readonly vendor?: string;
  /** Version of the device's own software. */
  readonly firmware?: string;
  /** Commands the device itself takes at once (SCSI). */
  readonly queueDepth?: number;
  readonly readOnly?: boolean;
  /** NVMe: `pcie`, `tcp`, `rdma`, `fc`. */
  readonly transport?: string;
  /** Of a PCI Express device what was agreed on, and what it could: `8.0 GT/s PCIe x4`. */
  readonly link?: string;
  readonly maxLink?: string;
  /** Memory node it is attached to, on hosts with several. */
  readonly numaNode?: number;
  /** Name and subsystem (`LVM`, `CRYPT`, `mpath`) of a device-mapper device. */
  readonly mapperName?: string;
  readonly mapperKind?: string;
  /** `raid1`, `raid5`, ... of an md array; its devices, how many of them are missing, its stripes. */
  readonly raidLevel?: string;
  readonly raidDevices?: number;
  readonly raidMissing?: number;
  readonly raidChunkBytes?: number;
  /** `lz4`, `zstd`: of compressed memory (zram). */
  readonly compression?: string;
  /** Devices that it rests on. */
  readonly restsOn?: readonly string[];
}

export type DisksInventory = Readonly<Record<string, DiskInventory>>;

/** By device name, in order of name. */
export function readDisks(sysRoot: string): DisksInventory {
  const disks: Record<string, DiskInventory> = {};
  for (const name of listFolder(`${sysRoot}/block`)) {
    if (/^(loop|ram|fd|sr)\d+$/.test(name)) continue;
    const folder = `${sysRoot}/block/${name}`;
    const sectors = readInteger(`${folder}/size`);
    // An empty device (card reader, zram that was never set up) is no disk.
    if (sectors === 0) continue;
    disks[name] = readDisk(folder, name, sectors);
  }
  return disks;
}

function readDisk(folder: string, name: string, sectors: number | undefined): DiskInventory {
  const vendor = readText(`${folder}/device/vendor`);
  const restsOn = listFolder(`${folder}/slaves`);
  const kind = kindOf(folder, name);
  return defined<DiskInventory>({
    kind,
    // The kernel counts in units of 512 bytes whatever the device's block size.
    sizeBytes: sectors === undefined ? undefined : sectors * 512,
    rotational: readFlag(`${folder}/queue/rotational`),
    model: readText(`${folder}/device/model`)?.replace(/\s+/g, " "),
    // PCI devices give a number there, which says nothing to a reader.
    vendor: vendor?.startsWith("0x") ? undefined : vendor,
    firmware: readText(`${folder}/device/firmware_rev`) ?? readText(`${folder}/device/rev`),
    queueDepth: readInteger(`${folder}/device/queue_depth`),
    ...readDiskQueue(folder),
    readOnly: readFlag(`${folder}/ro`),
    transport: readText(`${folder}/device/transport`),
    link: pciLink(`${folder}/device/device`, "current"),
    maxLink: pciLink(`${folder}/device/device`, "max"),
    numaNode: nodeOf(`${folder}/device/device`),
    mapperName: readText(`${folder}/dm/name`),
    // The rest of the id identifies this very volume, which is nobody's business.
    mapperKind: /^[A-Za-z]+/.exec(readText(`${folder}/dm/uuid`) ?? "")?.[0],
    raidLevel: readText(`${folder}/md/level`),
    raidDevices: readInteger(`${folder}/md/raid_disks`),
    raidMissing: readInteger(`${folder}/md/degraded`) || undefined,
    raidChunkBytes: readInteger(`${folder}/md/chunk_size`) || undefined,
    compression: readChoice(`${folder}/comp_algorithm`),
    restsOn: restsOn.length > 0 ? restsOn : undefined,
  });
}

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^nvme/, "nvme"],
  [/^vd/, "virtio"],
  [/^xvd/, "xen"],
  [/^mmcblk/, "mmc"],
  [/^ubd/, "ubd"],
  [/^dm-/, "dm"],
  [/^md/, "md"],
  [/^zram/, "zram"],
  [/^sd/, "scsi"],
];

function kindOf(folder: string, name: string): string {
  const byName = KINDS.find(([pattern]) => pattern.test(name))?.[1];
  if (byName) return byName;
  return /\/scsi|\/target/.test(linkTarget(`${folder}/device`) ?? "") ? "scsi" : "other";
}
