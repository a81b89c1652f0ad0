/** `Disk Partition`: the partitions of whole disks, from /proc/diskstats. */
import type { CounterObject } from "../counter/declaration.ts";
import type { RecordedObject } from "../counter/recorded.ts";
import type { SampleRow } from "../counter/sample-row.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { DISK_COUNTERS, DISK_GROUP } from "./disk-counters.ts";
import { openDiskLines, type DiskLine, type DiskLines } from "./diskstats-devices.ts";
import { recordedDiskObject } from "./physical-disk.ts";
import type { SharedSource } from "./shared-source.ts";
import { ShownLines } from "./shown-lines.ts";

const OBJECT: CounterObject = {
  name: "Disk Partition",
  help:
    "Partitions of disks, each with its disk as parent. They share the disk's arm, channel and " +
    "queue: a partition is slow when its disk is busy, whichever partition keeps it so. Use them " +
    "to see who makes the load (system, data, swap), and PhysicalDisk to see whether it is too " +
    "much. Flushes are counted for whole disks only.",
  instances: { what: "one per partition, with its disk as parent", total: false },
  cadence: "every-sample",
  groups: [DISK_GROUP],
  counters: DISK_COUNTERS,
};

export const diskPartition: Collector = {
  object: OBJECT,
  open(host) {
    const source = openDiskLines(host);
    return source && new OpenDiskPartition(host, source);
  },
};

class OpenDiskPartition implements OpenCollector {
  readonly object: RecordedObject;
  private readonly source: SharedSource<DiskLines>;
  private readonly shown: ShownLines<DiskLine>;
  private version = -1;

  constructor(host: HostContext, source: SharedSource<DiskLines>) {
    this.source = source;
    this.object = recordedDiskObject(OBJECT, host, source.parser.columns);
    this.shown = new ShownLines(this.object);
  }

  collect(row: SampleRow): void {
    const { lines, version } = this.source.refresh(row);
    if (version !== this.version) {
      this.version = version;
      const partitions = lines.filter(({ device }) => device.kind === "partition");
      this.shown.show(row, partitions, ({ name, device }) => ({ name, parent: device.parent! }));
    }
    this.shown.write(row);
  }

  close(): void {
    this.source.release();
  }
}
