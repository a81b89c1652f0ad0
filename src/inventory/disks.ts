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
export interface DiskInventory {
  /** `nvme`, `scsi`, `virtio`, `xen`, `mmc`, `ubd`, `dm`, `md`, `zram`, `other`. */
  readonly kind: string;
  readonly sizeBytes?: number;
  readonly rotational?: boolean;
  readonly model?: string;
  readonly vendor?: string;
  /** I/O scheduler in use; `none` is one. */
  readonly scheduler?: string;
  /** Commands the device itself takes at once (SCSI). */
  readonly queueDepth?: number;
  /** Requests the kernel queues for it. */
  readonly queueRequests?: number;
  readonly readAheadBytes?: number;
  readonly logicalBlockBytes?: number;
  /** `write back` or `write through`. */
  readonly writeCache?: string;
  readonly readOnly?: boolean;
  /** Name and subsystem (`LVM`, `CRYPT`, `mpath`) of a device-mapper device. */
  readonly mapperName?: string;
  readonly mapperKind?: string;
  /** `raid1`, `raid5`, ... of an md array. */
  readonly raidLevel?: string;
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
  const readAheadKb = readInteger(`${folder}/queue/read_ahead_kb`);
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
    scheduler: readChoice(`${folder}/queue/scheduler`),
    queueDepth: readInteger(`${folder}/device/queue_depth`),
    queueRequests: readInteger(`${folder}/queue/nr_requests`),
    readAheadBytes: readAheadKb === undefined ? undefined : readAheadKb * 1024,
    logicalBlockBytes: readInteger(`${folder}/queue/logical_block_size`),
    writeCache: readText(`${folder}/queue/write_cache`),
    readOnly: readFlag(`${folder}/ro`),
    mapperName: readText(`${folder}/dm/name`),
    // The rest of the id identifies this very volume, which is nobody's business.
    mapperKind: /^[A-Za-z]+/.exec(readText(`${folder}/dm/uuid`) ?? "")?.[0],
    raidLevel: readText(`${folder}/md/level`),
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
