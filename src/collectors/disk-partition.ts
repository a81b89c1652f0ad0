/** `Disk Partition`: the partitions of whole disks, from /proc/diskstats. */
import type { CounterObject } from "../counter/declaration.ts";
import type { RecordedObject } from "../counter/recorded.ts";
import type { SampleRow, Unit } from "../counter/sample-row.ts";
import { RereadFile } from "../util/reread-file.ts";
import type { Collector, HostContext, OpenCollector } from "./collector.ts";
import { DISK_COUNTERS, DISK_GROUP } from "./disk-counters.ts";
import { DiskLines } from "./diskstats-devices.ts";
import { recordedDiskObject } from "./physical-disk.ts";

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
    const file = RereadFile.openIfPresent(`${host.procRoot}/diskstats`);
    return file && new OpenDiskPartition(host, file);
  },
};

class OpenDiskPartition implements OpenCollector {
  readonly object: RecordedObject;
  private readonly file: RereadFile;
  private readonly devices: DiskLines;
  private readonly width: number;
  private gone: Unit[] = [];

  constructor(host: HostContext, file: RereadFile) {
    this.file = file;
    this.devices = new DiskLines(host.sysRoot, (line) => {
      if (line.unit) this.gone.push(line.unit);
    });
    this.devices.read(file.read());
    this.object = recordedDiskObject(OBJECT, host, this.devices.columns);
    this.width = this.object.groups[0]!.fields.length;
  }

  collect(row: SampleRow): void {
    this.devices.read(this.file.read());
    for (const line of this.devices.lines) {
      const { device } = line;
      if (device?.kind !== "partition") continue;
      line.unit ??= row.add(this.object, 0, { name: line.name, parent: device.parent ?? "" });
      const { slot } = line.unit;
      for (let i = 0; i < this.width; i++) row.values[slot + i] = line.reading[i]!;
      row.read(line.unit);
    }
    for (const unit of this.gone) row.remove(unit);
    this.gone.length = 0;
  }

  close(): void {
    this.file.close();
  }
}
