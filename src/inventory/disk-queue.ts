import {
  defined,
  listFolder,
  readChoice,
  readInteger,
  readKilobytes,
  readText,
} from "./read-text.ts";

/** How the kernel queues requests for a disk: /sys/block/NAME/queue, see the kernel's queue-sysfs. */
export interface DiskQueueInventory {
  /** I/O scheduler in use; `none` is one. */
  readonly scheduler?: string;
  /** Requests the kernel queues for it. */
  readonly queueRequests?: number;
  /** Queues of the device that are filled side by side. */
  readonly hardwareQueues?: number;
  readonly readAheadBytes?: number;
  /** Largest request the kernel makes, and the largest the device takes. */
  readonly maxRequestBytes?: number;
  readonly maxDeviceRequestBytes?: number;
  readonly logicalBlockBytes?: number;
  /** Smaller writes make the device read first. */
  readonly physicalBlockBytes?: number;
  /** Size of request that suits a RAID best: its stripe. */
  readonly optimalRequestBytes?: number;
  /** `write back` or `write through`. */
  readonly writeCache?: string;
  /** Background writes are throttled to keep reads below this; 0: never. */
  readonly writebackThrottleUs?: number;
  /** The device is told which blocks are free (TRIM). */
  readonly discard?: boolean;
  /** 0: adjacent requests are merged, 1: simple cases only, 2: never. */
  readonly noMerges?: number;
  /** Completion: 0 anywhere, 1 on a CPU that shares a cache with the one that asked, 2 on that one. */
  readonly completionAffinity?: number;
  /** `none`, `host-managed`, `host-aware`: shingled disks. */
  readonly zoned?: string;
}

/** @param folder `/sys/block/NAME` */
export function readDiskQueue(folder: string): DiskQueueInventory {
  const queue = `${folder}/queue`;
  const discard = readInteger(`${queue}/discard_max_bytes`);
  return defined<DiskQueueInventory>({
    scheduler: readChoice(`${queue}/scheduler`),
    queueRequests: readInteger(`${queue}/nr_requests`),
    hardwareQueues: listFolder(`${folder}/mq`).length || undefined,
    readAheadBytes: readKilobytes(`${queue}/read_ahead_kb`),
    maxRequestBytes: readKilobytes(`${queue}/max_sectors_kb`),
    maxDeviceRequestBytes: readKilobytes(`${queue}/max_hw_sectors_kb`),
    logicalBlockBytes: readInteger(`${queue}/logical_block_size`),
    physicalBlockBytes: readInteger(`${queue}/physical_block_size`),
    optimalRequestBytes: readInteger(`${queue}/optimal_io_size`) || undefined,
    writeCache: readText(`${queue}/write_cache`),
    writebackThrottleUs: readInteger(`${queue}/wbt_lat_usec`),
    discard: discard === undefined ? undefined : discard > 0,
    noMerges: readInteger(`${queue}/nomerges`),
    completionAffinity: readInteger(`${queue}/rq_affinity`),
    zoned: readText(`${queue}/zoned`),
  });
}
